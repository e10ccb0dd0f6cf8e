import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from '@jest/globals'
import { countExport, MAX_LISTED_LINES, type TermsReport } from '../../reports/count-export.ts'
import { MAX_LINE_BYTES } from '../../reports/split-lines.ts'
import { documents, inChunks, TIME } from '../../test-kit/reports/documents.ts'

const line = (version = '2026-01', more: object = {}): string =>
  JSON.stringify({
    identities: [{ connection: 'db' }],
    app_metadata: { terms: { documents: { terms: { version, accepted_at: TIME } } } },
    ...more,
  })

const count = (content: string | Buffer, size?: number): Promise<TermsReport> =>
  countExport(inChunks(content, size), documents)

/** Users, those that accepted 2026-01, and the malformed lines. */
const sumsOf = ({ answers, malformed }: TermsReport) => ({
  users: answers.total.users,
  accepted: answers.total.counts[1]?.[2]?.accepted,
  malformed: malformed.count,
})

describe('an export', () => {
  test.each<[string, string | Buffer, ReturnType<typeof sumsOf>]>([
    ['of two users', `${line()}\n${line('2025-01')}\n`, { users: 2, accepted: 1, malformed: 0 }],
    ['with CRLF', `${line()}\r\n${line()}\r\n`, { users: 2, accepted: 2, malformed: 0 }],
    ['that ends in the last line', `${line()}\n${line()}`, { users: 2, accepted: 2, malformed: 0 }],
    ['with a byte order mark', `\uFEFF${line()}\n`, { users: 1, accepted: 1, malformed: 0 }],
    ['with empty lines', `\n${line()}\n\r\n \n`, { users: 1, accepted: 1, malformed: 0 }],
    ['that is empty', '', { users: 0, accepted: 0, malformed: 0 }],
    ['that is packed', gzipSync(`${line()}\n${line()}`), { users: 2, accepted: 2, malformed: 0 }],
    ['with half a line', `{"user\n${line()}\n`, { users: 1, accepted: 1, malformed: 1 }],
    ['in the format csv', `user_id,email\n1,a@b.c\n`, { users: 0, accepted: 0, malformed: 2 }],
    ['as one JSON list', `[${line()},${line()}]`, { users: 0, accepted: 0, malformed: 1 }],
  ])('%s is counted', async (_, content, sums) => {
    expect(sumsOf(await count(content))).toEqual(sums)
    expect(sumsOf(await count(content, 1_000_000))).toEqual(sums)
  })

  test('with a line that is too long is counted but for this one', async () => {
    const long = line('2026-01', { user_metadata: { note: 'x'.repeat(MAX_LINE_BYTES) } })
    const fits = line('2026-01', { user_metadata: { note: 'x'.repeat(MAX_LINE_BYTES - 1000) } })
    const report = await count(`${line()}\n${long}\n${fits}\n`, 64 * 1024)
    expect(sumsOf(report)).toEqual({ users: 2, accepted: 2, malformed: 1 })
    expect(report.malformed.listed).toEqual([{ line: 2, problem: 'longer than 1 MB' }])
  })

  test('with many malformed lines lists the first of them by number and kind', async () => {
    const report = await count(`${line()}\n${'ann@example.com\n[]\n'.repeat(15)}`)
    expect(report.malformed.count).toBe(30)
    expect(report.malformed.listed).toHaveLength(MAX_LISTED_LINES)
    expect(report.malformed.listed.slice(0, 2)).toEqual([
      { line: 2, problem: 'not JSON' },
      { line: 3, problem: 'JSON, but a list and not an object' },
    ])
  })

  test('that breaks off is counted up to there, without the line that is not whole', async () => {
    const lines = Array.from({ length: 200 }, (_, index) => line('2026-01', { n: index * 7919 }))
    const packed = gzipSync(lines.join('\n'))
    const report = await count(packed.subarray(0, packed.length - 20))
    expect(report.cutShort).toBe('Z_BUF_ERROR')
    const { users, accepted, malformed } = sumsOf(report)
    expect(users).toBeGreaterThan(100)
    expect(users).toBeLessThan(200)
    expect({ accepted, malformed }).toEqual({ accepted: users, malformed: 0 })
    expect((await count(packed)).cutShort).toBeUndefined()
  })

  test('does not hide a mistake of ours behind a file that breaks off', async () => {
    const source = async function* () {
      yield* inChunks(line())
      throw new TypeError('not a matter of the file')
    }
    await expect(countExport(source(), documents)).rejects.toThrow('not a matter of the file')
  })

  test('shows how far it is, in bytes of the file and users', async () => {
    const packed = gzipSync(`${line()}\n`.repeat(1000))
    const shown: number[][] = []
    await countExport(inChunks(packed, 100), documents, ({ bytes, users }) =>
      shown.push([bytes, users]),
    )
    expect(shown.map(([bytes]) => bytes)).toEqual([
      ...Array.from({ length: shown.length - 1 }, (_, index) => (index + 1) * 100),
      packed.length,
    ])
    expect(shown.at(-1)?.[1]).toBe(1000)
  })
})

describe('the memory that is held', () => {
  setFlagsFromString('--expose-gc')
  const collectGarbage = runInNewContext('gc') as () => void

  test('does not grow with the file, even where every line says something new', async () => {
    const users = async function* (number: number) {
      for (let index = 0; index < number; index += 1) {
        const terms = { documents: { [`d${index}`]: { version: `v${index}`, accepted_at: TIME } } }
        const user = { connection: `c${index}`, terms, note: `${index}`.padStart(500) }
        yield Buffer.from(`${JSON.stringify(user)}\n{${index}\n`)
      }
    }
    const heapAfter = async (number: number): Promise<number> => {
      const report = await countExport(users(number), documents)
      collectGarbage()
      const { heapUsed, arrayBuffers } = process.memoryUsage()
      expect(report.answers.total.users).toBe(number)
      return heapUsed + arrayBuffers
    }
    await heapAfter(2000)
    const small = await heapAfter(2000)
    const large = await heapAfter(12_000)
    // 10,000 users more are 7 MB of text.
    expect(large - small).toBeLessThan(2_000_000)
  })

  test('does not grow with a line that never ends', async () => {
    const held: number[] = []
    const source = async function* () {
      for (let index = 0; index < 500; index += 1) {
        yield Buffer.alloc(64 * 1024, 'x')
        if (index % 100 !== 99) continue
        collectGarbage()
        held.push(process.memoryUsage().arrayBuffers)
      }
    }
    await countExport(source(), documents)
    // What is let go may be counted for a while; were it kept, the last would be at 20 MB or more.
    expect(Math.min(...held.slice(2))).toBeLessThan(8_000_000)
  })
})
