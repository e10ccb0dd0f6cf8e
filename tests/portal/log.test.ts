import { expect, test } from '@jest/globals'
import { renderLogLine } from '../../portal/log.ts'

test('a log line is one line of printable ASCII that says what was given and nothing else', () => {
  const reason = 'x"},\n{"event":"terms_answered"}\u2028\u0085\u001b[31m\u202eé😀'
  const entry = { level: 'info', event: 'refused', reason } as const
  const line = renderLogLine(entry, Date.UTC(2026, 10, 20))
  expect(line).toMatch(/^[\x20-\x7e]+$/)
  expect(JSON.parse(line)).toEqual({ time: '2026-11-20T00:00:00.000Z', ...entry })
})
