import { execFile } from 'node:child_process'
import { connect } from 'node:net'
import { promisify } from 'node:util'
import { expect, test } from '@jest/globals'
import { request } from 'undici'
import { describeInBrowser, launchChromium } from '../../test-kit/browser/launch-chromium.ts'

/** Nobody can own it (RFC 5737), so nothing leaves this computer even where the guard is broken. */
const ELSEWHERE = '192.0.2.1'
const REFUSED = `A test reaches for ${ELSEWHERE}, which is not this computer.`

const run = promisify(execFile)

test('a test reaches no other computer, however it asks', async () => {
  expect(() => connect(443, ELSEWHERE)).toThrow(REFUSED)
  expect(() => connect({ port: 443, host: ELSEWHERE })).toThrow(REFUSED)
  await expect(request(`https://${ELSEWHERE}/`)).rejects.toThrow(REFUSED)
  await expect(fetch(`https://${ELSEWHERE}/`)).rejects.toMatchObject({
    cause: expect.objectContaining({ message: REFUSED }),
  })
})

test.each([
  ['a process', [process.execPath, '-e']],
  ['a process of a process without variables', ['bash', '-c']],
])('%s that a test starts reaches none either', async (_, [file = '', option = '']) => {
  const script = `fetch('https://${ELSEWHERE}/').catch((error) => console.log(error.cause.message))`
  const code = file === 'bash' ? `"${process.execPath}" -e "${script}"` : script
  const { stdout } = await run(file, [option, code], { env: {} })
  expect(stdout).toBe(`${REFUSED}\n`)
})

test('this computer is reached, by its name too', async () => {
  const script = `require('node:http').createServer((_, response) => response.end('here'))
    .listen(0, async function () {
      const answer = await fetch('http://localhost:' + this.address().port)
      console.log(await answer.text())
      process.exit()
    })`
  const { stdout } = await run(process.execPath, ['-e', script])
  expect(stdout).toBe('here\n')
})

describeInBrowser('Chromium of the tests', () => {
  test('reaches no other computer', async () => {
    const browser = await launchChromium()
    const page = await browser.newPage()
    await expect(page.goto('https://example.com/')).rejects.toThrow('ERR_NAME_NOT_RESOLVED')
    await expect(page.goto(`https://${ELSEWHERE}/`)).rejects.toThrow('ERR_NAME_NOT_RESOLVED')
    await browser.close()
  })
})
