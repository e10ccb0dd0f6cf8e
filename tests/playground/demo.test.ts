import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { loadCertificate } from '../../local-tenant/certificate.ts'
import { createDemoSessions, rememberPending } from '../../playground/demo/demo-sessions.ts'
import { startDemo, type Demo } from '../../playground/demo/start-demo.ts'
import { createHeadlessBrowser } from '../../playground/sign-in/headless-browser.ts'
import { people, PEOPLE_PASSWORD } from '../../playground/seed/people.ts'
import { seed } from '../../playground/seed/seed.ts'
import {
  action,
  bindActions,
  CARA,
  startTestTenant,
  type TestTenant,
} from '../../test-kit/local-tenant/oidc-harness.ts'

let folder: string
let local: TestTenant
let demo: Demo

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'demo-'))
  local = await startTestTenant({ certificateFolder: folder })
  demo = await startDemo({
    port: 0,
    certificate: await loadCertificate(folder, Date.now()),
    tenantUrl: local.tenant.url,
    clients: local.state.clients,
    organizations: local.state.organizations,
  })
  seed(local.state, Date.now(), demo.url)
})

afterAll(async () => {
  await demo.close()
  await local.close()
  rmSync(folder, { recursive: true, force: true })
})

beforeEach(() => {
  bindActions(local.state, [
    action('note', {
      onExecutePostLogin: `
        api.user.setAppMetadata('note', '<b>bold</b>')
        api.idToken.setCustomClaim('https://example.com/claims/note', 'from the Action')
        if (event.client.client_id === 'partner-app') api.access.deny('<i>client_blocked</i>')`,
    }),
  ])
})

const browser = () => createHeadlessBrowser({ fetch: local.fetch })

const signInAs = async (one: ReturnType<typeof browser>, email: string) => {
  await one.open(`${demo.url}/sign-in?email=${encodeURIComponent(email)}`)
  return one.submit('form', { password: PEOPLE_PASSWORD })
}

describe('the demo application', () => {
  test('lists everyone with what they show', async () => {
    const { document } = await browser().open(demo.url)
    const cards = document.querySelectorAll('.person')
    expect(cards.map((card) => card.querySelector('h2')?.text)).toEqual(
      people.map(({ name }) => name),
    )
    for (const [index, { shows }] of people.entries()) expect(cards[index]?.text).toContain(shows)
    expect(document.text).toContain(PEOPLE_PASSWORD)
  })

  test('shows what the Actions did, the tokens and the metadata, all escaped', async () => {
    const one = browser()
    const { url, document, html } = await signInAs(one, CARA)
    expect(url).toBe(`${demo.url}/result`)
    expect(document.querySelector('h1')?.text).toBe('Signed in as Cara Current')
    expect(document.querySelectorAll('.action h3').map(({ text }) => text)).toEqual(['note'])
    expect(document.text).toContain('api.user.setAppMetadata')
    expect(document.text).toContain('1 profile write')
    const titles = document.querySelectorAll('.documents h2').map(({ text }) => text)
    expect(titles).toEqual(['ID token', 'Access token', 'app_metadata', 'user_metadata'])
    expect(document.text).toContain('from the Action')
    expect(html).not.toContain('<b>bold</b>')
  })

  test('signs in again with the session, and shows that nothing was written', async () => {
    const one = browser()
    await signInAs(one, CARA)
    const again = one.page.document
      .querySelectorAll('.ways a')
      .find(({ text }) => text.startsWith('Again'))
    const { document } = await one.open(new URL(again?.getAttribute('href') ?? '', demo.url))
    expect(document.text).toContain('No profile write')
  })

  test('lets one be somebody else in spite of the session', async () => {
    const one = browser()
    await signInAs(one, CARA)
    const page = await signInAs(one, 'oscar.old@example.com')
    expect(page.document.querySelector('h1')?.text).toBe('Signed in as Oscar Old')
  })

  test('tells of a refusal, with what led to it', async () => {
    const { document, html } = await signInAs(browser(), 'blake.blocked@example.com')
    expect(document.querySelector('h1')?.text).toBe('Blake Blocked was refused')
    expect(document.querySelector('.problem code')?.text).toBe('access_denied')
    expect(document.querySelector('.tag')?.text).toBe('denied')
    expect(html).not.toContain('<i>client_blocked')
  })

  test('goes straight to the identity provider of a person who has one', async () => {
    const one = browser()
    const page = await one.open(`${demo.url}/sign-in?email=gita.google@example.com`)
    expect(new URL(page.url).pathname).toBe('/idp/google-oauth2')
    const result = await one.submit('form', { account: '108742159630274816350' })
    expect(result.document.querySelector('h1')?.text).toBe('Signed in as Gita Google')
  })

  test('signs out here and at the tenant', async () => {
    const one = browser()
    await signInAs(one, CARA)
    expect((await one.submit('form')).url).toBe(`${demo.url}/`)
    expect((await one.open(`${demo.url}/result`)).url).toBe(`${demo.url}/`)
    const again = await one.open(`${demo.url}/sign-in?email=${encodeURIComponent(CARA)}&again=1`)
    expect(new URL(again.url).pathname).toBe('/u/login')
  })

  test('refuses an answer that this browser did not ask for', async () => {
    const one = browser()
    await one.open(`${demo.url}/sign-in?email=${encodeURIComponent(CARA)}`)
    expect((await one.open(`${demo.url}/callback?code=x&state=forged`)).status).toBe(400)
    expect((await browser().open(`${demo.url}/callback?code=x`)).status).toBe(400)
  })

  test('has a strict policy and no foreign assets', async () => {
    const { headers, document } = await browser().open(demo.url)
    const policy = headers.get('content-security-policy')
    expect(policy).toContain(`default-src 'none'`)
    expect(policy).toContain(`frame-ancestors 'none'`)
    expect(document.querySelectorAll('script')).toEqual([])
    for (const link of document.querySelectorAll('link')) {
      expect(link.getAttribute('href')).toMatch(/^(\/|data:,$)/)
    }
  })

  test('says which port is in use', async () => {
    const certificate = await loadCertificate(folder, Date.now())
    await expect(
      startDemo({ port: demo.port, certificate, tenantUrl: '', clients: {}, organizations: {} }),
    ).rejects.toThrow(`Port ${demo.port} is in use.`)
  })
})

test('the sign-ins that a browser begins and never ends are forgotten, the oldest first', () => {
  const { session } = createDemoSessions().begin()
  const pending = { clientId: '', email: '', codeVerifier: '', nonce: '', startedAt: 0 }
  for (let count = 0; count < 25; count++) rememberPending(session, `state-${count}`, pending)
  expect([...session.pending.keys()]).toEqual(
    Array.from({ length: 20 }, (_, index) => `state-${index + 5}`),
  )
})
