import { createHash } from 'node:crypto'
import { expect, test } from '@jest/globals'
import { readOrigin } from '../../deploy/read-origin.ts'

const body = 'exports.onExecutePostLogin = async () => {}\n'
const hash = createHash('sha256').update(body).digest('hex')

test.each([
  ['as it was built', `// mine sha256:${hash}\n${body}`, { kind: 'build', hash }],
  ['edited below the header', `// mine sha256:${hash}\n${body}// hm\n`, { kind: 'edited', hash }],
  ['the header of another Action', `// other sha256:${hash}\n${body}`, { kind: 'unknown' }],
  ['no header', body, { kind: 'unknown' }],
  ['a header further down', `\n// mine sha256:${hash}\n${body}`, { kind: 'unknown' }],
  ['half a hash', `// mine sha256:${hash.slice(1)}\n${body}`, { kind: 'unknown' }],
])('the origin of code: %s', (_, code, origin) => {
  expect(readOrigin('mine', code)).toEqual(origin)
})
