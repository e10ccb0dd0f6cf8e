/** The router against what is known of the real Management API's answers. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { isObject } from '../../../local-tenant/json.ts'
import {
  drawContract,
  type Contract,
  type Source,
} from '../../../test-kit/local-tenant/contract.ts'
import { readRecordings, recordingsFile } from '../../../test-kit/local-tenant/recordings.ts'
import { replaySource } from '../../../test-kit/local-tenant/replay.ts'

const contractFile = join(import.meta.dirname, '../../../test-kit/local-tenant/contract.json')
const contractText = readFileSync(contractFile, 'utf8')
const contract = JSON.parse(contractText) as Contract

const RECORDED_EXCHANGES = 133

const expectSameAnswers = async (source: Source, shapes: Contract['shapes']): Promise<void> => {
  const outcomes = await replaySource(source, shapes)
  expect(outcomes).toHaveLength(source.exchanges.length)
  for (const { exchange, expected, answered, strangeIds, strangeValues } of outcomes) {
    expect({ exchange, strangeValues }).toEqual({ exchange, strangeValues: {} })
    expect({ exchange, ...answered, strangeIds }).toEqual({ exchange, ...expected, strangeIds: [] })
  }
}

const countExchanges = ({ sources }: Contract): number =>
  sources.reduce((count, { exchanges }) => count + exchanges.length, 0)

describe('the committed facts', () => {
  test(`cover all ${RECORDED_EXCHANGES} recorded exchanges`, () => {
    expect(countExchanges(contract)).toBe(RECORDED_EXCHANGES)
  })

  test.each(contract.sources)('$source: status, keys and types are those of Auth0', (source) =>
    expectSameAnswers(source, contract.shapes),
  )
})

describe('the recordings themselves', () => {
  const recordings = readRecordings()
  if (recordings === undefined && process.env['REQUIRE_RECORDINGS'] !== '1') {
    const reason = `${recordingsFile()} is not on this machine`
    console.warn(`Skipped, because ${reason}; the facts drawn from it were checked above.`)
    test.skip(`all recorded exchanges are replayed (${reason})`, () => undefined)
    return
  }

  if (recordings === undefined) {
    test('are required here', () => {
      throw new Error(`REQUIRE_RECORDINGS=1, but ${recordingsFile()} is not on this machine`)
    })
    return
  }

  test(`are ${RECORDED_EXCHANGES}`, () => {
    expect(recordings).toHaveLength(RECORDED_EXCHANGES)
  })

  const recorded = drawContract(recordings, 'recorded')

  test.each(recorded.sources)(
    '$source: the recorded requests get answers like the recorded ones',
    (source) => expectSameAnswers(source, recorded.shapes),
  )

  test('contract.json is what draw-facts.ts draws from them today', () => {
    expect(contract).toEqual(drawContract(recordings, 'ours'))
  })

  test('contract.json holds no id, date, name, text or secret of theirs', () => {
    const texts = recordings.flatMap(({ request, response }) => textsIn([request, response]))
    const telling = new Set(
      texts.filter(({ key, text }) => !isVocabulary(key, text)).map(({ text }) => text),
    )
    expect(telling.size).toBeGreaterThan(50)
    expect([...telling].filter((text) => contractText.includes(text))).toEqual([])
  })
})

const textsIn = (value: unknown, key = ''): { key: string; text: string }[] => {
  if (Array.isArray(value)) return value.flatMap((inner) => textsIn(inner, key))
  if (isObject(value)) {
    return Object.entries(value).flatMap(([name, inner]) => textsIn(inner, name))
  }
  return typeof value === 'string' ? [{ key, text: value }] : []
}

/** Words of Auth0's that decide what an answer looks like, and version numbers too short to tell. */
const isVocabulary = (key: string, text: string): boolean =>
  (['id', 'trigger_id', 'version'].includes(key) && /^[a-z\d.-]{1,29}$/.test(text)) ||
  ['runtime', 'runtimes', 'default_runtime', 'status', 'binding_policy', 'type'].includes(key)
