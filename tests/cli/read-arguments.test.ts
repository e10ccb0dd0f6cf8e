import { describe, expect, test } from '@jest/globals'
import { CommandFailure } from '../../cli/failure.ts'
import { readArguments, readChoice } from '../../cli/read-arguments.ts'
import { runToExitCode, type Terminal } from '../../cli/run-command.ts'

const USAGE = 'npm run thing [-- --only NAME]'

const read = (...args: string[]) =>
  readArguments(args, USAGE, { only: { type: 'string' }, yes: { type: 'boolean' } }, 1)

const run = async (work: (terminal: Terminal) => Promise<0 | 1 | 2>) => {
  const [out, err]: [string[], string[]] = [[], []]
  const code = await runToExitCode(work, {
    args: [],
    print: (text) => out.push(text),
    tell: (text) => err.push(text),
  })
  return { code, out: out.join('\n'), err: err.join('\n') }
}

describe('the arguments of a command', () => {
  test('are its options and as many others as it takes', () => {
    expect(read('--only', 'a', 'b')).toEqual({ only: 'a', positionals: ['b'] })
    expect(read()).toEqual({ positionals: [] })
  })

  test.each([
    [['--onyl', 'a'], "Unknown option '--onyl'"],
    [['--only'], '--only'],
    [['a', 'b'], "Unexpected argument 'b'"],
    [['--yes=no'], '--yes'],
  ])('%j are refused with the reason and the usage', async (args, reason) => {
    const { code, out, err } = await run(async () => {
      read(...args)
      return 0
    })
    expect([code, out]).toEqual([1, ''])
    expect(err).toContain(reason)
    expect(err.endsWith(` [arguments_wrong]\n\n${USAGE}`)).toBe(true)
  })

  test.each([['--help'], ['-h'], ['--only', 'a', '--help'], ['--onyl', '--help']])(
    '%s %s print the usage and nothing else',
    async (...args) => {
      const ran = await run(async () => {
        read(...args)
        return 1
      })
      expect(ran).toEqual({ code: 0, out: USAGE, err: '' })
    },
  )

  test('are one of a few words where the command says so', () => {
    expect(readChoice('--terms', 'accept', ['accept', 'decline'], USAGE)).toBe('accept')
    expect(() => readChoice('--terms', 'no', ['accept', 'decline'], USAGE)).toThrow(
      '--terms is one of accept, decline, not no.',
    )
  })
})

describe('a command that fails', () => {
  test('says what happened, what to do and the code, and shows no stack', async () => {
    const ran = await run(() => Promise.reject(new CommandFailure('not_running', 'Start it.')))
    expect(ran).toEqual({ code: 1, out: '', err: 'Start it. [not_running]' })
  })

  test('names the file that cannot be read or written', async () => {
    const error = Object.assign(new Error('EACCES: permission denied, open x'), {
      syscall: 'open',
      path: 'x',
    })
    const { err } = await run(() => Promise.reject(error))
    expect(err).toMatch(/^EACCES: permission denied, open x\. Give this user .*\[file_failed\]$/)
  })

  test('shows where only when nobody expected it', async () => {
    const { code, err } = await run(() => Promise.reject(new TypeError('a bug')))
    expect(code).toBe(1)
    expect(err).toMatch(/^TypeError: a bug\n +at /)
  })
})
