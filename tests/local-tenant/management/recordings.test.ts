/** Recorded answers beyond those of Actions, where the recordings are at hand. */
import { describe, expect, test } from '@jest/globals'
import { readRecordings, recordingsFile } from '../../../test-kit/local-tenant/recordings.ts'
import { replayRecordings } from '../../../test-kit/local-tenant/replay-recordings.ts'

/** How many exchanges of each file are answered with the recorded status and shape, at least. */
const SAME = {
  'management-api-users': 78,
  'management-api-clients': 34,
  'management-api-connections': 4,
  'management-api-organizations-and-roles': 148,
  'management-api-resource-servers-jobs-tickets-logs-tenant': 17,
}

describe('recorded answers', () => {
  test.each(Object.entries(SAME))('%s: at least %i are the same here', async (name, least) => {
    const recordings = readRecordings(name)
    if (recordings === undefined) {
      if (process.env['REQUIRE_RECORDINGS'] === '1') throw new Error(`${recordingsFile(name)}?`)
      console.warn(`Skipped: ${recordingsFile(name)} is not on this machine.`)
      return
    }
    const replayed = await replayRecordings(recordings)
    const missing = replayed.flatMap(({ unimplemented = [] }) => unimplemented)
    console.warn([`${name}, not implemented:`, ...new Set(missing)].join('\n  '))
    expect(replayed.filter(({ kind }) => kind === 'same').length).toBeGreaterThanOrEqual(least)
  })
})
