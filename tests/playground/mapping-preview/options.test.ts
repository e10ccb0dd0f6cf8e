import { expect, test } from '@jest/globals'
import { parsePreviewOptions } from '../../../playground/mapping-preview/options.ts'

test.each([
  [['--event', 'a.json'], { event: 'a.json' }],
  [['--user', 'a@b.c'], { user: 'a@b.c' }],
  [
    ['--user', 'a@b.c', '--connection', 'x', '--client', 'y'],
    { user: 'a@b.c', connection: 'x', client: 'y' },
  ],
])('%j is understood', (argv, options) => {
  expect(parsePreviewOptions(argv)).toEqual(options)
})

test.each([
  [[], /is missing/],
  [['--event', 'a', '--user', 'b'], /not both/],
  [['--event', 'a', '--client', 'b'], /--client goes with --user/],
  [['--evnet', 'a'], /evnet/],
  [['--user'], /user/],
])('%j is refused with what is wrong', (argv, problem) => {
  expect(() => parsePreviewOptions(argv)).toThrow(problem)
})
