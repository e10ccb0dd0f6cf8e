import { expect, test } from '@jest/globals'
import { parseStartOptions } from '../../playground/start-options.ts'

test.each([
  [[], { reset: false, port: 4401 }],
  [['--reset'], { reset: true, port: 4401 }],
  [['--port', '5401'], { reset: false, port: 5401 }],
  [['--reset', '--port=65532'], { reset: true, port: 65532 }],
])('%j is understood', (argv, options) => {
  expect(parseStartOptions(argv)).toEqual(options)
})

test.each([
  ['--port=80', 'takes a number from 1024'],
  ['--port=65533', 'to 65532'],
  ['--port=x', 'takes a number'],
  ['--port=44.5', 'takes a number'],
  ['--prot', '--prot'],
  ['5401', '5401'],
])('%s is refused, with the usage', (argument, reason) => {
  expect(() => parseStartOptions([argument])).toThrow(
    expect.objectContaining({
      message: expect.stringContaining(reason),
      details: expect.stringContaining('npm start [-- --reset]'),
    }),
  )
})
