import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals'
import { emptyState, openStore } from '../../local-tenant/store.ts'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'store-'))
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

const empty = () => emptyState({})

describe('the state file', () => {
  test('is for this user only, and so is its folder', () => {
    const file = join(folder, 'inner', 'tenant.json')
    openStore(file, empty).flush()
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(statSync(join(folder, 'inner')).mode & 0o777).toBe(0o700)
    expect(openStore(file, () => ({ ...empty(), users: {} })).state).toEqual(empty())
  })

  test.each([
    ['nothing', ''],
    ['null', 'null'],
    ['a list', '[]'],
    ['the schema alone', '{"schema":1}'],
    ['another schema', JSON.stringify({ ...empty(), schema: 2 })],
    ['a list of users', JSON.stringify({ ...empty(), users: [] })],
    ['an object of traces', JSON.stringify({ ...empty(), traces: {} })],
    ['no sessions', JSON.stringify({ ...empty(), sessions: null })],
  ])('that holds %s is refused with the remedy', (_name, text) => {
    const file = join(folder, 'tenant.json')
    writeFileSync(file, text)
    expect(() => openStore(file, empty)).toThrow(
      expect.objectContaining({ code: 'state_unusable' }),
    )
  })

  test('that cannot be written is told, and ends nothing', () => {
    jest.useFakeTimers()
    const said = jest.spyOn(console, 'error').mockReturnValue()
    try {
      const file = join(folder, 'tenant.json')
      const store = openStore(file, empty)
      mkdirSync(file)
      store.touch()
      jest.runAllTimers()
      expect(said.mock.calls).toEqual([['state_not_written', expect.any(String)]])
      expect(() => store.flush()).toThrow('directory')
    } finally {
      said.mockRestore()
      jest.useRealTimers()
    }
  })
})
