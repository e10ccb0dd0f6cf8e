import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { fetch } from 'undici'
import { createHeadlessBrowser } from '../../playground/sign-in/headless-browser.ts'
import type { LocalFetch } from '../../playground/local-fetch.ts'

const PAGE = `<form method="post" action="/echo">
  <input type="hidden" name="state" value="a&amp;b">
  <input name="email" value="">
  <input type="checkbox" name="news" checked>
  <input type="radio" name="answer" value="no"><input type="radio" name="answer" value="yes" checked>
  <select name="language"><option value="en">en</option><option value="de" selected>de</option></select>
  <button name="pressed" value="1">Go</button>
</form>`

const server = createServer((request, response) => {
  const url = new URL(request.url ?? '/', 'http://localhost')
  if (url.pathname === '/form') {
    response.writeHead(200, { 'set-cookie': 'seen=1; HttpOnly' }).end(PAGE)
  } else if (url.pathname === '/loop') {
    response.writeHead(302, { location: '/loop' }).end()
  } else if (url.pathname === '/to-application') {
    response.writeHead(302, { location: 'https://app.test/callback?code=x' }).end()
  } else if (url.pathname === '/keep') {
    response.writeHead(307, { location: 'https://app.test/callback' }).end()
  } else if (url.pathname === '/echo') {
    let body = ''
    request.on('data', (chunk: Buffer) => (body += chunk.toString()))
    request.on('end', () => {
      const origin = request.headers.origin ?? ''
      response.end(`${request.method ?? ''}|${request.headers.cookie ?? ''}|${origin}|${body}`)
    })
  } else response.writeHead(302, { location: '/echo' }).end()
})
let origin = ''

beforeAll(async () => {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  origin = `http://localhost:${(server.address() as AddressInfo).port}`
})

afterAll(() => {
  server.closeAllConnections()
  server.close()
})

const browser = () =>
  createHeadlessBrowser({ fetch: fetch as unknown as LocalFetch, stopAt: ['https://app.test/'] })

describe('the headless browser', () => {
  test('sends what a form holds, the given values over it, and its cookies', async () => {
    const one = browser()
    await one.open(`${origin}/form`)
    const page = await one.submit('form', { email: 'a@example.com' })
    expect(page.html).toBe(
      `POST|seen=1|${origin}|state=a%26b&email=a%40example.com&news=on&answer=yes&language=de`,
    )
  })

  test('follows a redirect after a POST with a GET', async () => {
    const one = browser()
    await one.open(`${origin}/form`)
    one.page.document.querySelector('form')?.setAttribute('action', '/elsewhere')
    expect((await one.submit()).html).toBe('GET|seen=1||')
  })

  test('stops before the application and tells what it would have been sent', async () => {
    const one = browser()
    const page = await one.open(`${origin}/to-application`)
    expect(page).toMatchObject({ stopped: true, url: 'https://app.test/callback?code=x' })
    expect(page.posted).toBeUndefined()
    await one.open(`${origin}/form`)
    one.page.document.querySelector('form')?.setAttribute('action', '/keep')
    expect((await one.submit()).posted).toMatchObject({ state: 'a&b', language: 'de' })
  })

  test('gives up on a loop, and refuses a form that is not there', async () => {
    const one = browser()
    await expect(one.open(`${origin}/loop`)).rejects.toThrow('More than 20 redirects')
    await one.open(`${origin}/form`)
    expect(() => one.submit('#none')).toThrow('No form matches #none')
  })
})
