import { generateKeyPairSync } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { jwtVerify, SignJWT, UnsecuredJWT } from 'jose'
import { parse, type HTMLElement } from 'node-html-parser'
import { request as send } from 'undici'
import { parseTermsAnswer } from '../../actions/shared/session-token.ts'
import { createPortal } from '../../portal/app.ts'
import type { LogEntry } from '../../portal/log.ts'
import { FIXTURE_PAGES } from '../../test-kit/portal/fixture-pages.ts'
import {
  askingFor,
  keyBytes,
  LOGIN_HOST,
  NOW,
  PREVIOUS_KEY,
  SIGNING_KEY,
  signTermsRequest,
  STATE,
  termsRequestClaims,
  type ClaimChanges,
} from '../../test-kit/portal/terms-link.ts'

const config = {
  signingKey: SIGNING_KEY,
  previousSigningKey: PREVIOUS_KEY,
  loginHosts: ['tenant.eu.auth0.com', LOGIN_HOST],
}

let server: Server
let origin: string
let entries: LogEntry[] = []
let now = () => NOW

beforeAll(async () => {
  const app = createPortal(config, {
    ...FIXTURE_PAGES,
    now: () => now(),
    log: (entry) => entries.push(entry),
  })
  server = createServer(app)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => new Promise((resolve) => server.close(resolve).closeAllConnections()))
beforeEach(() => {
  entries = []
  now = () => NOW
})

type Parameters = Readonly<Record<string, string>>

interface Page {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: string
  readonly html: HTMLElement
}

const load = async (
  path: string,
  options: { method?: string; headers?: Parameters; body?: string } = {},
): Promise<Page> => {
  const { method = 'GET', headers = {}, body = null } = options
  const answer = await send(origin + path, { method, headers, body })
  const text = await answer.body.text()
  return { status: answer.statusCode, headers: answer.headers, body: text, html: parse(text) }
}

const openLink = (parameters: Parameters, headers: Parameters = {}): Promise<Page> =>
  load(`/terms?${new URLSearchParams(parameters).toString()}`, { headers })

const postForm = (parameters: Parameters, headers: Parameters = {}): Promise<Page> =>
  load('/terms', {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body: new URLSearchParams(parameters).toString(),
  })

const link = async (changes: ClaimChanges = {}, key = SIGNING_KEY): Promise<Parameters> => ({
  session_token: await signTermsRequest(changes, { key }),
  state: STATE,
})

const valueOf = (html: HTMLElement, name: string): string | undefined =>
  html.querySelector(`input[name=${name}]`)?.getAttribute('value')

const codeOf = ({ html }: Page): string | undefined => html.querySelector('dd code')?.text

const directivesOf = ({ headers }: Page): Record<string, string> =>
  Object.fromEntries(
    String(headers['content-security-policy'])
      .split(';')
      .map((directive) => directive.split(/ (.*)/s).slice(0, 2) as [string, string]),
  )

const TERMS = { id: 'terms-of-service', version: '2026-11-01', required: true }
const POLICY = { id: 'privacy-policy', version: '2025-01-15', required: true }
const NEWS = { id: 'product-news', version: '2025-01-15', required: false }
const SOON = '2026-12-01T00:00:00Z'

/** The first 16 digits that sha256sum prints for the German files. */
const GERMAN = {
  terms: { locale: 'de', hash: 'oQt9-E4ZhvIxS8W4Zy3JDAv7BWb2AIzP' },
  policy: { locale: 'de', hash: 'P2ChTgh66zg7adMIZzhh1faPk329Q51S' },
  news: { locale: 'de', hash: '6OvoFBFvbpGe_EGuneOaEHboavVxxx-Z' },
}

const stringsOf = (page: Page, selector: string): string[] =>
  page.html.querySelectorAll(selector).map(({ text }) => text.replace(/\s+/g, ' ').trim())

const fieldsOf = (html: HTMLElement): Record<string, string> =>
  Object.fromEntries(
    html
      .querySelectorAll('input[type=hidden]')
      .map(({ attributes }) => [attributes['name'] ?? '', attributes['value'] ?? '']),
  )

const choicesOf = (page: Page): string[] =>
  page.html
    .querySelectorAll('input[type=radio]')
    .map(({ attributes }) => `${attributes['name'] ?? ''}=${attributes['value'] ?? ''}`)

const cookieOf = ({ headers }: Page): string => String(headers['set-cookie']).split(';')[0] ?? ''

const answersIn = async (page: Page): Promise<unknown> => {
  const token = valueOf(page.html, 'session_token') ?? ''
  const at = { currentDate: new Date(NOW) }
  const { payload } = await jwtVerify(token, keyBytes(SIGNING_KEY), at)
  return parseTermsAnswer(payload)?.answers
}

describe('a Terms link to one document', () => {
  test('shows title, version, text, application and the two answers', async () => {
    const parameters = await link()
    const page = await openLink(parameters)
    expect(page.status).toBe(200)
    expect(page.html.querySelector('html')?.getAttribute('lang')).toBe('en')
    expect(page.html.querySelector('title')?.text).toBe('Terms of use – Example')
    expect(stringsOf(page, 'h1')).toEqual(['Terms of use'])
    expect(stringsOf(page, '.meta')).toEqual(['Required Version \u20682026-11-01\u2069'])
    expect(stringsOf(page, '.lead')).toEqual([
      'Please read this before you continue to \u2068Example Shop\u2069.',
    ])
    expect(page.html.querySelector('article')?.text).toContain('at least 16 years old')
    expect(page.html.querySelectorAll('details')).toEqual([])
    expect(
      page.html.querySelectorAll('.button').map((button) => button.attributes['value']),
    ).toEqual(['declined', 'accepted'])
    expect(fieldsOf(page.html)).toEqual({
      ...parameters,
      locale: 'en',
      'shown_terms-of-service': 'bvSzxraskTNg86YWYSLHkj_9qOuTsuVh',
    })
  })

  test('shows the version it was made for, which need not be the newest', async () => {
    const page = await openLink(await link(askingFor('2025-01-15')))
    expect(stringsOf(page, '.version')).toEqual(['Version \u20682025-01-15\u2069'])
    expect(page.html.querySelector('article')?.text).not.toContain('16 years')
  })

  test('says first what changed, to a user who accepted an earlier version', async () => {
    const page = await openLink(await link({ documents: [{ ...TERMS, previous: '2025-01-15' }] }))
    expect(stringsOf(page, '.changes')[0]).toMatch(
      /^What changed Since version \u20682025-01-15\u2069, .*download everything/,
    )
    expect(page.body.indexOf("class='changes'")).toBeLessThan(page.body.indexOf('<article'))
  })

  test.each<[string, object]>([
    ['has accepted none before', TERMS],
    ['is asked for a version without a note', { ...POLICY, previous: '2024-01-01' }],
  ])('says nothing of changes when the user %s', async (_case, document) => {
    const page = await openLink(await link({ documents: [document] }))
    expect([page.status, stringsOf(page, '.changes')]).toEqual([200, []])
  })

  test('may be put off, and says until when, before the version is in force', async () => {
    const page = await openLink(await link({ documents: [{ ...TERMS, effective_at: SOON }] }))
    expect(stringsOf(page, '.effective')).toEqual(['in force from \u2068December 1, 2026\u2069'])
    expect(stringsOf(page, '.button')).toEqual(['Later', 'Accept'])
    expect(page.html.querySelector('.button')?.getAttribute('value')).toBe('deferred')
    expect(stringsOf(page, '#note')[0]).toMatch(/^You can decide later. From \u2068December 1/)
  })

  test('tells that an optional document decides nothing about the sign-in', async () => {
    const page = await openLink(await link({ documents: [NEWS] }))
    expect(stringsOf(page, '.badge')).toEqual(['Optional'])
    expect(stringsOf(page, '#note')).toEqual(['This is up to you: you are signed in either way.'])
  })

  test('goes without the name of an application that has none', async () => {
    const page = await openLink(await link({ client_name: undefined }))
    expect(stringsOf(page, '.lead')).toEqual(['Please read this before you continue.'])
  })

  test('keeps the name of the application in its place, in sentence and title', async () => {
    const client_name = '\u2069\u202egnp.exe\u2066 Shop\n'
    const page = await openLink(await link({ client_name }))
    expect(stringsOf(page, '.lead')).toEqual([
      'Please read this before you continue to \u2068gnp.exe Shop\u2069.',
    ])
    expect(page.body).not.toMatch(/[\u202a-\u202e\u2066\u2067\u200e\u200f]/)
  })

  test('asks for an optional one by two equal buttons, not like a contract', async () => {
    const page = await openLink(await link({ documents: [NEWS] }))
    const buttons = page.html
      .querySelectorAll('.button')
      .map(({ attributes, text }) => [attributes['value'], attributes['class'], text])
    expect(buttons).toEqual([
      ['declined', 'button', 'No, thank you'],
      ['accepted', 'button', 'Yes, I agree'],
    ])
    expect(stringsOf(page, '.lead')).toEqual([
      'One question before you continue to \u2068Example Shop\u2069.',
    ])
  })

  test('shows HTML in the name of the application and in state as text', async () => {
    const markup = `<script>alert(1)</script>"'><img/src=x>`
    const session_token = await signTermsRequest({ client_name: markup })
    const page = await openLink({ session_token, state: markup })
    expect(page.status).toBe(200)
    expect(valueOf(page.html, 'state')).toBe(markup)
    expect(page.html.querySelector('.lead')?.text).toContain(markup)
    expect(page.body).not.toMatch(/<script>|<img\//)
  })
})

describe('the language of a Terms link', () => {
  test.each<[string, unknown, string, string]>([
    ['the language of the sign-in', ['de'], 'en', 'de'],
    ['the language for its region', ['de-AT'], 'en', 'de'],
    ['the second language when the first has no text', ['fr', 'de'], 'en', 'de'],
    ['the language of the browser when the sign-in has none', [], 'de-CH, en;q=0.5', 'de'],
    ['the language of the browser before the default', ['fr'], 'de', 'de'],
    ['the default when nothing fits', ['fr'], 'it', 'en'],
    ['the default when locales is junk', { de: 1 }, '*', 'en'],
  ])('is %s', async (_case, locales, acceptLanguage, expected) => {
    const page = await openLink(await link({ locales }), { 'accept-language': acceptLanguage })
    expect(page.html.querySelector('html')?.getAttribute('lang')).toBe(expected)
    expect(page.html.querySelector('article')?.getAttribute('lang')).toBe(expected)
    const title = expected === 'de' ? 'Nutzungsbedingungen' : 'Terms of use'
    expect(stringsOf(page, 'h1')).toEqual([title])
  })

  test('is written from right to left where it has to be', async () => {
    const page = await openLink(await link({ locales: ['ar'] }))
    const html = page.html.querySelector('html')
    expect([html?.getAttribute('lang'), html?.getAttribute('dir')]).toEqual(['ar', 'rtl'])
    expect(stringsOf(page, 'h1')).toEqual(['شروط الاستخدام'])
  })

  const follow = (page: Page): Promise<Page> => load(String(page.headers['location']))
  const checked = (page: Page): string[] =>
    page.html.querySelectorAll('input[checked]').map(({ id }) => id)

  test('is changed by a button of the form, which keeps the sign-in', async () => {
    const parameters = await link()
    const page = await openLink(parameters)
    const switches = page.html.querySelectorAll('.languages button')
    expect(stringsOf(page, '.languages button')).toEqual(['العربية', 'Deutsch', 'English'])
    expect(stringsOf(page, '.languages button[aria-current=true]')).toEqual(['English'])
    expect(switches.map(({ attributes }) => attributes)).toMatchObject(
      ['ar', 'de', 'en'].map((value) => ({ form: 'terms', name: 'switch', value, lang: value })),
    )
    const redirect = await postForm({ ...fieldsOf(page.html), switch: 'de' })
    expect([redirect.status, redirect.headers['set-cookie']]).toEqual([303, undefined])
    const german = await follow(redirect)
    expect(stringsOf(german, 'h1')).toEqual(['Nutzungsbedingungen'])
    const answered = await postForm({ ...fieldsOf(german.html), answer: 'accepted' })
    expect(await answersIn(answered)).toMatchObject([{ locale: 'de' }])
    expect(answered.html.querySelector('html')?.getAttribute('lang')).toBe('de')
  })

  test('is changed without losing an answer, and needs none', async () => {
    const page = await openLink(await link({ documents: [TERMS, POLICY, NEWS] }))
    const german = await follow(
      await postForm({
        ...fieldsOf(page.html),
        'answer_terms-of-service': 'accepted',
        'answer_product-news': 'declined',
        switch: 'de',
      }),
    )
    expect([german.status, stringsOf(german, '.problems')]).toEqual([200, []])
    expect(checked(german)).toEqual([
      'answer-terms-of-service-accepted',
      'answer-product-news-declined',
    ])
    const english = await follow(
      await postForm({
        ...fieldsOf(german.html),
        'answer_terms-of-service': 'declined',
        switch: 'en',
      }),
    )
    expect(checked(english)).toEqual(['answer-terms-of-service-declined'])
  })

  test('is changed with the tick for a text that stays, not for one that is another now', async () => {
    const old = { ...TERMS, version: '2025-01-15', view: 'scroll' }
    const documents = [old, { ...POLICY, view: 'scroll' }]
    const page = await openLink(await link({ documents }))
    const ticks = { 'read_terms-of-service': 'yes', 'read_privacy-policy': 'yes' }
    const arabic = await follow(await postForm({ ...fieldsOf(page.html), ...ticks, switch: 'ar' }))
    expect(checked(arabic)).toEqual(['read-terms-of-service'])
  })

  test.each(['xx', '', 'de\r\nSet-Cookie: a=b', '../'])(
    'stays as it was for a switch to %j',
    async (wanted) => {
      const page = await openLink(await link())
      const answer = await postForm({ ...fieldsOf(page.html), switch: wanted || 'x' })
      expect(stringsOf(await follow(answer), 'h1')).toEqual(['Terms of use'])
    },
  )

  test.each(['en-GB', 'de-AT', 'ar'])(
    'is not remarked on where the text is in it: %s',
    async (locale) => {
      const page = await openLink(await link({ documents: [TERMS, POLICY], locales: [locale] }))
      expect(stringsOf(page, '.only-in')).toEqual([])
    },
  )

  test('is the default one for a document that has no other, and marked as such', async () => {
    const old = { ...TERMS, version: '2025-01-15' }
    const page = await openLink(await link({ documents: [old, POLICY], locales: ['ar'] }))
    expect(stringsOf(page, '.document:first-of-type .only-in')).toEqual([
      'هذه الوثيقة متاحة باللغة الألمانية والإنجليزية فقط.',
    ])
    expect(stringsOf(page, '.only-in')).toHaveLength(1)
    const articles = page.html.querySelectorAll('article').map(({ attributes }) => attributes)
    expect(page.html.querySelector('html')?.getAttribute('lang')).toBe('ar')
    expect(articles).toMatchObject([
      { lang: 'en', dir: 'ltr' },
      { lang: 'ar', dir: 'rtl' },
    ])
    const accepted = [TERMS, POLICY].map(({ id }): [string, string] => [`answer_${id}`, 'accepted'])
    const answered = await postForm({ ...fieldsOf(page.html), ...Object.fromEntries(accepted) })
    expect(await answersIn(answered)).toMatchObject([{ locale: 'en' }, { locale: 'ar' }])
  })
})

describe('a Terms link to several documents', () => {
  const documents = [TERMS, { ...POLICY, effective_at: SOON }, NEWS]

  test('shows each with its own choice, none of them made', async () => {
    const page = await openLink(await link({ documents }))
    expect(stringsOf(page, 'h1')).toEqual(['Before you continue'])
    expect(stringsOf(page, 'section h2')).toEqual([
      'Terms of use',
      'Privacy policy',
      'Product news',
    ])
    expect(stringsOf(page, '.badge')).toEqual(['Required', 'Required', 'Optional'])
    expect(choicesOf(page)).toEqual([
      'answer_terms-of-service=accepted',
      'answer_terms-of-service=declined',
      'answer_privacy-policy=accepted',
      'answer_privacy-policy=deferred',
      'answer_product-news=accepted',
      'answer_product-news=declined',
    ])
    expect(page.html.querySelectorAll('input[checked], details[open]')).toEqual([])
    expect(page.html.querySelectorAll('.button').map(({ attributes }) => attributes)).toMatchObject(
      [{ name: 'answer', value: 'submitted' }],
    )
  })

  test.each(['/terms', '/terms/decline'])(
    'no link to %s can make a choice or a tick',
    async (path) => {
      const gated = [{ ...TERMS, view: 'open' }, POLICY, NEWS]
      const chosen = {
        answer: 'accepted',
        'answer_terms-of-service': 'declined',
        'answer_privacy-policy': 'accepted',
        'answer_product-news': 'accepted',
        'read_terms-of-service': 'yes',
        switch: 'de',
        confirmed: 'yes',
      }
      const parameters = await link({ documents: gated })
      const other = await postForm({
        ...(await link({ documents: gated, nonce: 'x'.repeat(16) })),
        ...chosen,
        switch: 'en',
      })
      const stolen = new URL(String(other.headers['location']), origin).searchParams.get(
        'signature',
      )
      expect(stolen).not.toBeNull()
      for (const signature of ['', 'x', stolen ?? '']) {
        const query = new URLSearchParams({ ...parameters, ...chosen, signature }).toString()
        const page = await load(`${path}?${query}#answer-product-news-accepted`)
        expect(stringsOf(page, 'h1')).toEqual(['Before you continue'])
        expect(page.html.querySelectorAll('input[checked], details[open]')).toEqual([])
      }
    },
  )

  test('a link that this page made cannot be changed into one with other choices', async () => {
    const parameters = await link({ documents })
    const made = await postForm({ ...parameters, 'answer_product-news': 'declined', switch: 'en' })
    const url = new URL(String(made.headers['location']), origin)
    expect(
      (await load(url.pathname + url.search)).html.querySelectorAll('input[checked]'),
    ).toHaveLength(1)
    url.searchParams.set('answer_product-news', 'accepted')
    expect((await load(url.pathname + url.search)).html.querySelectorAll('input[checked]')).toEqual(
      [],
    )
  })

  test('is answered in the order of the request, whatever the order of the form', async () => {
    const page = await postForm({
      ...(await link({ documents, locales: ['de'] })),
      'answer_product-news': 'declined',
      'answer_privacy-policy': 'deferred',
      'answer_terms-of-service': 'accepted',
      answer: 'submitted',
    })
    expect(page.status).toBe(200)
    expect(await answersIn(page)).toEqual([
      { id: 'terms-of-service', version: '2026-11-01', answer: 'accepted', ...GERMAN.terms },
      { id: 'privacy-policy', version: '2025-01-15', answer: 'deferred', ...GERMAN.policy },
      { id: 'product-news', version: '2025-01-15', answer: 'declined', ...GERMAN.news },
    ])
  })

  test('is shown again with what was chosen when a choice is missing', async () => {
    const page = await postForm({
      ...(await link({ documents })),
      'answer_terms-of-service': 'accepted',
      'answer_privacy-policy': 'declined',
      answer: 'submitted',
    })
    expect(page.status).toBe(400)
    expect(page.html.querySelectorAll('input[checked]').map(({ id }) => id)).toEqual([
      'answer-terms-of-service-accepted',
    ])
    expect(stringsOf(page, '.problems li')).toEqual([
      'Choose an answer to \u2068Privacy policy\u2069',
      'Choose an answer to \u2068Product news\u2069',
    ])
    for (const problem of page.html.querySelectorAll('.problems a'))
      expect(page.html.querySelector(problem.getAttribute('href') ?? '')).not.toBeNull()
    expect(entries.at(-1)).toMatchObject({
      code: 'answer_missing',
      reason: 'privacy-policy:answer product-news:answer',
    })
  })
})

describe('an answer', () => {
  test.each(['accepted', 'declined'] as const)(
    '%s goes to /continue as Auth0 and enforce-terms expect it',
    async (answer) => {
      const parameters = await link({ locales: ['de'] })
      const page = await postForm({ ...parameters, answer, confirmed: 'yes' })
      expect(page.status).toBe(200)
      const form = page.html.querySelector('form')
      expect(form?.getAttribute('method')).toBe('post')
      expect(form?.getAttribute('action')).toBe(`https://${LOGIN_HOST}/continue?state=${STATE}`)
      const { payload, protectedHeader } = await jwtVerify(
        valueOf(page.html, 'session_token') ?? '',
        keyBytes(SIGNING_KEY),
        { currentDate: new Date(NOW) },
      )
      const { iss, sub, nonce } = termsRequestClaims()
      const iat = NOW / 1000
      expect(protectedHeader).toEqual({ alg: 'HS256', typ: 'JWT' })
      expect(payload).toEqual({
        ...parseTermsAnswer(payload),
        ...{ iss, sub, iat, exp: iat + 120, state: STATE },
      })
      expect(parseTermsAnswer(payload)).toEqual({
        purpose: 'terms_answer',
        nonce,
        answers: [{ id: 'terms-of-service', version: '2026-11-01', answer, ...GERMAN.terms }],
      })
    },
  )

  test('is signed with the previous key when that one signed the request', async () => {
    const page = await postForm({ ...(await link({}, PREVIOUS_KEY)), answer: 'accepted' })
    const token = valueOf(page.html, 'session_token') ?? ''
    const at = { currentDate: new Date(NOW) }
    await expect(jwtVerify(token, keyBytes(PREVIOUS_KEY), at)).resolves.toBeDefined()
    await expect(jwtVerify(token, keyBytes(SIGNING_KEY), at)).rejects.toThrow('signature')
  })

  test('goes to the login host of its token, never to one the browser names', async () => {
    const parameters = await link({ iss: 'tenant.eu.auth0.com' })
    const page = await postForm(
      { ...parameters, answer: 'accepted', iss: 'evil.example', continue: 'https://evil.example' },
      { 'x-forwarded-host': 'evil.example' },
    )
    const action = page.html.querySelector('form')?.getAttribute('action')
    expect(action).toBe(`https://tenant.eu.auth0.com/continue?state=${STATE}`)
    expect(page.body).not.toContain('evil.example')
  })

  test('keeps a state with special characters in one piece', async () => {
    const state = 'a&b=c#d"<e>+%20/?'
    const page = await postForm({ ...(await link()), state, answer: 'accepted' })
    const action = new URL(page.html.querySelector('form')?.getAttribute('action') ?? '')
    expect([...action.searchParams]).toEqual([['state', state]])
    expect(action.hash).toBe('')
  })

  test.each<[string, Parameters]>([
    ['missing', {}],
    ['empty', { answer: '' }],
    ['another word', { answer: 'yes' }],
    ['in capitals', { answer: 'ACCEPTED' }],
    ['put off where that is not offered', { answer: 'deferred' }],
  ])('that is %s is asked for again', async (_case, answer) => {
    const page = await postForm({ ...(await link()), ...answer })
    expect(page.status).toBe(400)
    expect(stringsOf(page, '.problems li')).toEqual([
      'Choose an answer to \u2068Terms of use\u2069',
    ])
    expect(page.html.querySelector('form')?.getAttribute('action')).toBe('/terms')
    expect(page.headers).not.toHaveProperty('set-cookie')
  })

  test.each(['answer=accepted&answer=declined', 'answer=accepted&answer_terms-of-service=junk'])(
    'that contradicts itself is asked for again: %s',
    async (answer) => {
      const page = await load('/terms', {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: `${new URLSearchParams(await link()).toString()}&${answer}`,
      })
      expect([page.status, stringsOf(page, '.problems li').length]).toEqual([400, 1])
    },
  )

  test('cannot be given by following a link', async () => {
    const page = await openLink({ ...(await link()), answer: 'accepted' })
    expect(page.html.querySelector('form')?.getAttribute('action')).toBe('/terms')
  })

  test('names the text that the page had, not the one this server would choose', async () => {
    const parameters = { ...(await link({ locales: ['de'] })), answer: 'accepted' }
    const english = fieldsOf((await openLink(await link())).html)['shown_terms-of-service'] ?? ''
    const page = await postForm({ ...parameters, 'shown_terms-of-service': english })
    expect(await answersIn(page)).toMatchObject([{ locale: 'en', hash: english }])
  })

  test('to a build that takes the short hash only has the same bits in hexadecimal digits', async () => {
    const parameters = { ...(await link({ hash_characters: undefined })), answer: 'accepted' }
    expect(await answersIn(await postForm(parameters))).toMatchObject([
      { hash: '6ef4b3c6b6ac9133' },
    ])
  })

  test('about a text that this server does not have is asked for again', async () => {
    const shown = { 'shown_terms-of-service': '0123456789abcdef' }
    const page = await postForm({ ...(await link()), ...shown, answer: 'accepted' })
    expect(page.status).toBe(400)
    expect(stringsOf(page, '.problems li')).toEqual([
      'Another text of \u2068Terms of use\u2069 is shown than before: please read it again',
    ])
  })
})

describe('a text that has to be read first', () => {
  test.each(['open', 'scroll'])('(%s) is accepted with the tick that it was', async (view) => {
    const parameters = { ...(await link({ documents: [{ ...TERMS, view }] })), answer: 'accepted' }
    const refused = await postForm(parameters)
    expect([refused.status, stringsOf(refused, '.problems li')]).toEqual([
      400,
      ['Read \u2068Terms of use\u2069 before you accept it, and tick that you have'],
    ])
    const accepted = await postForm({ ...parameters, 'read_terms-of-service': 'yes' })
    expect(await answersIn(accepted)).toMatchObject([{ answer: 'accepted' }])
  })

  test('is declined without it', async () => {
    const parameters = await link({ documents: [{ ...TERMS, view: 'open' }] })
    const page = await postForm({ ...parameters, answer: 'declined', confirmed: 'yes' })
    expect(await answersIn(page)).toMatchObject([{ answer: 'declined' }])
  })

  test('asks for the tick before it accepts and not before it declines', async () => {
    const page = await openLink(await link({ documents: [{ ...TERMS, view: 'open' }] }))
    expect(page.html.querySelector('input[type=checkbox]')?.hasAttribute('required')).toBe(true)
    const free = page.html
      .querySelectorAll('.button')
      .map(({ attributes }) => [attributes['value'], 'formnovalidate' in attributes])
    expect(free).toEqual([
      ['declined', true],
      ['accepted', false],
    ])
  })
})

describe('declining a required document', () => {
  const documents = [TERMS, POLICY, NEWS]
  const declining = {
    'answer_terms-of-service': 'declined',
    'answer_privacy-policy': 'accepted',
    'answer_product-news': 'accepted',
    answer: 'submitted',
  }

  const follow = (page: Page): Promise<Page> => load(String(page.headers['location']))

  test('leads to a page that says what it means, and answers nothing yet', async () => {
    const redirect = await postForm({ ...(await link({ documents })), ...declining })
    expect([redirect.status, redirect.headers['set-cookie']]).toEqual([303, undefined])
    const page = await follow(redirect)
    expect(page.status).toBe(200)
    expect(stringsOf(page, 'h1')).toEqual(['Decline and leave?'])
    expect(stringsOf(page, '.consequence')).toEqual([
      'Without your acceptance of \u2068Terms of use\u2069 we cannot sign you in to \u2068Example Shop\u2069.',
    ])
    expect(stringsOf(page, 'button')).toEqual(['Decline and leave'])
  })

  test('is answered as chosen once it is confirmed', async () => {
    const page = await follow(await postForm({ ...(await link({ documents })), ...declining }))
    const answered = await postForm({ ...fieldsOf(page.html), answer: 'submitted' })
    expect(await answersIn(answered)).toMatchObject([
      { answer: 'declined' },
      { answer: 'accepted' },
      { answer: 'accepted' },
    ])
  })

  test('can be thought over: the other choices are kept, this one is open again', async () => {
    const page = await follow(await postForm({ ...(await link({ documents })), ...declining }))
    const back = await load(page.html.querySelector('a.button')?.getAttribute('href') ?? '')
    expect(back.html.querySelectorAll('input[checked]').map(({ id }) => id)).toEqual([
      'answer-privacy-policy-accepted',
      'answer-product-news-accepted',
    ])
  })

  test('asks twice about one document too', async () => {
    const page = await follow(await postForm({ ...(await link()), answer: 'declined' }))
    const answered = await postForm({ ...fieldsOf(page.html), answer: 'declined' })
    expect(await answersIn(answered)).toMatchObject([{ answer: 'declined' }])
  })

  test.each<[string, object, string]>([
    ['declining an optional document', NEWS, 'declined'],
    ['putting off', { ...TERMS, effective_at: SOON }, 'deferred'],
  ])('needs no second look: %s', async (_case, document, answer) => {
    const page = await postForm({ ...(await link({ documents: [document] })), answer })
    expect(await answersIn(page)).toMatchObject([{ answer }])
  })

  test('a second look without a refusal shows the documents', async () => {
    const query = new URLSearchParams(await link()).toString()
    expect(stringsOf(await load(`/terms/decline?${query}`), 'h1')).toEqual(['Terms of use'])
  })
})

describe('a second answer', () => {
  const answered = async (parameters: Parameters): Promise<string> =>
    cookieOf(await postForm({ ...parameters, answer: 'accepted' }))

  test('the browser keeps a mark that lives as long as the link and says nothing', async () => {
    const parameters = await link()
    const page = await postForm({ ...parameters, answer: 'accepted' })
    expect(page.headers['set-cookie']).toMatch(
      /^__Host-terms-[0-9a-f]{16}=[\w-]{43}; Path=\/; Max-Age=1920; HttpOnly; Secure; SameSite=Lax$/,
    )
  })

  test('the same again is passed on again, as after a double click', async () => {
    const parameters = await link()
    const cookie = await answered(parameters)
    const page = await postForm({ ...parameters, answer: 'accepted' }, { cookie })
    expect(page.status).toBe(200)
    expect(await answersIn(page)).toMatchObject([{ answer: 'accepted' }])
  })

  test.each([
    ['another answer', { answer: 'declined', confirmed: 'yes' }],
    ['another answer before its second look', { answer: 'declined' }],
    ['the same answer in another language', { answer: 'accepted', locale: 'de' }],
    ['no answer', {}],
  ])('%s is refused', async (_case, answer) => {
    const parameters = await link()
    const cookie = await answered(parameters)
    const page = await postForm({ ...parameters, ...answer }, { cookie })
    expect([page.status, codeOf(page)]).toEqual([409, 'already_answered'])
    expect(page.html.querySelectorAll('form')).toEqual([])
  })

  test('the link of a sign-in that was answered is dead, the next one is not', async () => {
    const parameters = await link()
    const cookie = `other=1; ${await answered(parameters)}`
    const page = await openLink(parameters, { cookie })
    expect([page.status, codeOf(page)]).toEqual([409, 'already_answered'])
    const query = new URLSearchParams({ ...parameters, 'answer_terms-of-service': 'declined' })
    const look = await load(`/terms/decline?${query.toString()}`, { headers: { cookie } })
    expect([look.status, codeOf(look)]).toEqual([409, 'already_answered'])
    const next = await openLink(await link({ nonce: 'another-nonce-0123' }), { cookie })
    expect(next.status).toBe(200)
  })
})

test('a portal that was started in between takes the answer', async () => {
  const parameters = fieldsOf((await openLink(await link())).html)
  const other = createServer(createPortal(config, { ...FIXTURE_PAGES, now, log: () => undefined }))
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
  const first = origin
  origin = `http://127.0.0.1:${(other.address() as AddressInfo).port}`
  try {
    const page = await postForm({ ...parameters, answer: 'accepted' })
    expect(await answersIn(page)).toMatchObject([{ answer: 'accepted' }])
    const cookie = cookieOf(page)
    origin = first
    expect((await openLink(parameters, { cookie })).status).toBe(409)
  } finally {
    origin = first
    await new Promise((resolve) => other.close(resolve).closeAllConnections())
  }
})

describe('an attack or accident', () => {
  const seconds = NOW / 1000
  const rsaKey = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
  const withToken = (session_token: string): Parameters => ({ session_token, state: STATE })
  const signed = async (changes: ClaimChanges) => withToken(await signTermsRequest(changes))

  /** The token of a sign-in, with other claims under the same signature. */
  const tampered = async (changes: ClaimChanges): Promise<Parameters> => {
    const [header = '', , signature = ''] = (await signTermsRequest()).split('.')
    const payload = Buffer.from(JSON.stringify(termsRequestClaims(changes))).toString('base64url')
    return withToken([header, payload, signature].join('.'))
  }

  test.each<[string, number, string, () => Parameters | Promise<Parameters>]>([
    ['no parameters', 400, 'parameters_missing', () => ({})],
    ['no token', 400, 'parameters_missing', () => ({ state: STATE })],
    ['an empty token', 400, 'parameters_missing', () => withToken('')],
    [
      'no state',
      400,
      'parameters_missing',
      async () => ({ session_token: await signTermsRequest() }),
    ],
    ['an empty state', 400, 'parameters_missing', async () => ({ ...(await link()), state: '' })],
    [
      'a huge state',
      400,
      'parameters_missing',
      async () => ({ ...(await link()), state: 'x'.repeat(513) }),
    ],
    [
      'a line break in state',
      400,
      'parameters_missing',
      async () => ({ ...(await link()), state: 'x\r\nSet-Cookie: a=b' }),
    ],
    ['a token that is none', 403, 'token_invalid', () => withToken('not.a.token')],
    ['a huge token', 403, 'token_invalid', () => signed({ client_name: 'x'.repeat(3200) })],
    [
      'a token of another key',
      403,
      'token_invalid',
      () => link({}, 'another-key-0123456789-abcdefghij-KLMNOP'),
    ],
    [
      'an unsigned token',
      403,
      'token_invalid',
      () => withToken(new UnsecuredJWT(termsRequestClaims()).encode()),
    ],
    [
      'a token signed with RS256',
      403,
      'token_invalid',
      async () =>
        withToken(
          await new SignJWT(termsRequestClaims())
            .setProtectedHeader({ alg: 'RS256', typ: 'JWT' })
            .sign(rsaKey),
        ),
    ],
    [
      'a token of our key but another algorithm',
      403,
      'token_invalid',
      async () => withToken(await signTermsRequest({}, { alg: 'HS512' })),
    ],
    ['an expired token', 410, 'token_expired', () => signed({ exp: seconds - 61 })],
    [
      'a token older than half an hour',
      410,
      'token_expired',
      () => signed({ iat: seconds - 1861, exp: seconds + 86_400 }),
    ],
    ['a token from the future', 403, 'token_invalid', () => signed({ iat: seconds + 61 })],
    ['a token not valid yet', 403, 'token_invalid', () => signed({ nbf: seconds + 61 })],
    [
      'a token that is good for years',
      403,
      'token_invalid',
      () => signed({ exp: seconds + 3 * 365 * 86_400 }),
    ],
    ['a token with null for iat', 403, 'token_invalid', () => signed({ iat: null })],
    ['a token with a fraction in iat', 403, 'token_invalid', () => signed({ iat: seconds - 0.5 })],
    ['a token without iat', 403, 'token_invalid', () => signed({ iat: undefined })],
    ['a token without exp', 403, 'token_invalid', () => signed({ exp: undefined })],
    ['a token without iss', 403, 'token_invalid', () => signed({ iss: undefined })],
    ['a token without sub', 403, 'token_invalid', () => signed({ sub: undefined })],
    ['a token with an empty sub', 403, 'token_invalid', () => signed({ sub: '' })],
    ['a token of another host', 403, 'token_invalid', () => signed({ iss: 'evil.example' })],
    ['a host with a path', 403, 'token_invalid', () => signed({ iss: `${LOGIN_HOST}/evil` })],
    [
      'a host behind a user name',
      403,
      'token_invalid',
      () => signed({ iss: `${LOGIN_HOST}@evil.example` }),
    ],
    ['a host as URL', 403, 'token_invalid', () => signed({ iss: `https://${LOGIN_HOST}/` })],
    [
      'an answer in place of a request',
      403,
      'token_invalid',
      () => signed({ purpose: 'terms_answer', answer: 'accepted', locale: 'en', state: STATE }),
    ],
    ['a token for something else', 403, 'token_invalid', () => signed({ purpose: 'profile' })],
    ['a token without nonce', 403, 'token_invalid', () => signed({ nonce: undefined })],
    ['a changed version', 403, 'token_invalid', () => tampered(askingFor('2025-01-15'))],
    ['a changed user', 403, 'token_invalid', () => tampered({ sub: 'auth0|someone-else' })],
    [
      'a version that is a path',
      403,
      'token_invalid',
      () => signed(askingFor('../../../../etc/passwd')),
    ],
    [
      'a version without a text',
      500,
      'terms_version_unknown',
      () => signed(askingFor('2030-01-01')),
    ],
    [
      'a version named like a member of every object',
      500,
      'terms_version_unknown',
      () => signed(askingFor('constructor')),
    ],
  ])('%s is answered with %i %s and never with an answer', async (_case, status, code, make) => {
    const parameters = await make()
    for (const page of [
      await openLink(parameters),
      await postForm({ ...parameters, answer: 'accepted' }),
    ]) {
      expect([page.status, codeOf(page)]).toEqual([status, code])
      expect(page.html.querySelector('h1')?.text).not.toBe('')
      expect(page.html.querySelectorAll('form, input, script')).toEqual([])
    }
    expect(entries.map((entry) => [entry.event, entry.status, entry.code])).toEqual([
      ['refused', status, code],
      ['refused', status, code],
    ])
  })

  test.each([
    ['a second past its end, for clocks apart', { exp: seconds - 1 }],
    ['a second before its beginning, for clocks apart', { iat: seconds + 1 }],
  ])('a token is good %s', async (_case, changes) => {
    expect((await openLink(await signed(changes))).status).toBe(200)
  })

  test('a parameter sent twice counts as missing', async () => {
    const query = new URLSearchParams(await link()).toString()
    const page = await load(`/terms?${query}&state=other`)
    expect([page.status, codeOf(page)]).toEqual([400, 'parameters_missing'])
  })

  test('a huge form is refused', async () => {
    const page = await postForm({ ...(await link()), answer: 'accepted', more: 'x'.repeat(10_240) })
    expect([page.status, codeOf(page)]).toEqual([413, 'request_too_large'])
  })

  test('a form with many fields is refused', async () => {
    const more = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`f${index}`, '']))
    const page = await postForm({ ...(await link()), answer: 'accepted', ...more })
    expect([page.status, codeOf(page)]).toEqual([413, 'request_too_large'])
  })

  test('a form as JSON counts as empty', async () => {
    const body = JSON.stringify({ ...(await link()), answer: 'accepted' })
    const page = await load('/terms', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    })
    expect([page.status, codeOf(page)]).toEqual([400, 'parameters_missing'])
  })

  test('a form in an unknown encoding is refused', async () => {
    const page = await postForm(await link(), { 'content-encoding': 'x-unknown' })
    expect([page.status, codeOf(page)]).toEqual([400, 'request_invalid'])
  })

  test.each(['HEAD', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'])(
    'the method %s is not offered',
    async (method) => {
      const page = await load('/terms', { method })
      expect([page.status, page.headers['allow']]).toEqual([405, 'GET, POST'])
    },
  )

  test.each(['/terms/2026-11-01.en.md', '/assets/../app.ts', '/assets/continue.js'])(
    'there is no page %s',
    async (path) => {
      const page = await load(path)
      expect([page.status, codeOf(page)]).toEqual([404, 'page_not_found'])
    },
  )

  test('a path that cannot be decoded is refused', async () => {
    expect((await load('/terms/%E0%A4%A')).status).toBe(404)
  })

  test('a fault of ours is a page, and its message stays out of page and log', async () => {
    now = () => {
      throw new Error('private detail')
    }
    const page = await openLink(await link())
    expect([page.status, codeOf(page)]).toEqual([500, 'unexpected_error'])
    expect(entries).toHaveLength(1)
    expect(entries[0]).toMatchObject({ level: 'error', code: 'unexpected_error' })
    expect(entries[0]?.reason).toMatch(/^Error at /)
    expect(page.body + JSON.stringify(entries)).not.toContain('private detail')
  })

  test('an expired link is explained in the language of its sign-in', async () => {
    const page = await openLink(await link({ exp: 0, locales: ['de'] }))
    expect(stringsOf(page, 'h1')).toEqual(['Dieser Link ist abgelaufen'])
  })

  test('a language after the first five that the browser asks for is not looked for', async () => {
    const page = await openLink({}, { 'accept-language': 'fr, it, es, pt, nl, de' })
    expect(page.html.querySelector('html')?.getAttribute('lang')).toBe('en')
  })

  test('an error page speaks the language of the browser and says what to do', async () => {
    const page = await openLink({}, { 'accept-language': 'de-DE,de;q=0.9' })
    expect(page.html.querySelector('html')?.getAttribute('lang')).toBe('de')
    expect(page.html.querySelector('h1')?.text).toBe('Dieser Link ist unvollständig')
    expect(page.body).toContain('melden Sie sich noch einmal an')
  })
})

describe('headers', () => {
  test('a page cannot be told from another by an ETag', async () => {
    expect((await openLink(await link())).headers).not.toHaveProperty('etag')
  })

  const LOCKED = {
    'default-src': "'none'",
    'style-src': "'self'",
    'img-src': "'self'",
    'base-uri': "'none'",
    'frame-ancestors': "'none'",
  }

  test.each<[string, () => Promise<Page>, Record<string, string>]>([
    [
      'the terms',
      async () => openLink(await link()),
      { 'form-action': "'self'", 'script-src': "'self'" },
    ],
    [
      'the second look',
      async () => {
        const redirect = await postForm({ ...(await link()), answer: 'declined' })
        return load(String(redirect.headers['location']))
      },
      { 'form-action': "'self'", 'script-src': "'self'" },
    ],
    [
      'the continue page',
      async () => postForm({ ...(await link()), answer: 'accepted' }),
      { 'script-src': "'self'" },
    ],
    ['an error page', () => openLink({}), { 'form-action': "'none'" }],
  ])('lock %s down', async (_page, open, policy) => {
    const page = await open()
    expect(directivesOf(page)).toEqual({ ...LOCKED, ...policy })
    expect(page.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
    })
    expect(page.headers).not.toHaveProperty('x-powered-by')
  })

  test.each([
    ['/health', 'GET', 200],
    ['/', 'GET', 200],
    ['/nowhere', 'GET', 404],
    ['/terms', 'PUT', 405],
    ['/terms', 'HEAD', 405],
    ['/assets/%', 'GET', 404],
  ])('allow nothing at %s (%s, %i) that is not said', async (path, method, status) => {
    const page = await load(path, { method })
    expect(page.status).toBe(status)
    const policy = directivesOf(page)
    expect(policy).toMatchObject({
      'default-src': "'none'",
      'base-uri': "'none'",
      'form-action': "'none'",
      'frame-ancestors': "'none'",
    })
    expect(policy).not.toHaveProperty('script-src')
    expect(page.headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
    })
  })

  test('show a picture that is opened by its address in a sandbox', async () => {
    const page = await openLink(await link())
    for (const [selector, attribute] of [
      ['.brand img', 'src'],
      ['link[rel=icon]', 'href'],
    ] as const) {
      const image = await load(page.html.querySelector(selector)?.getAttribute(attribute) ?? '')
      expect(directivesOf(image)).toEqual({
        'default-src': "'none'",
        'style-src': "'unsafe-inline'",
        sandbox: undefined,
      })
      expect(image.headers).toMatchObject({ 'x-content-type-options': 'nosniff' })
    }
    for (const selector of ['link[rel=stylesheet]', 'script']) {
      const element = page.html.querySelector(selector)
      const asset = await load(element?.getAttribute('href') ?? element?.getAttribute('src') ?? '')
      expect(directivesOf(asset)).toMatchObject({ 'default-src': "'none'" })
    }
  })

  test('set no cookie before the answer', async () => {
    const [terms, error] = [await openLink(await link()), await openLink({})]
    for (const { headers } of [terms, error]) expect(headers).not.toHaveProperty('set-cookie')
  })

  test('leave the window of a popup sign-in connected', async () => {
    const page = await openLink(await link())
    expect(page.headers).not.toHaveProperty('cross-origin-opener-policy')
  })

  test.each<[string, Parameters, boolean]>([
    ['a proxy with HTTPS', { host: 'terms.example.com', 'x-forwarded-proto': 'https' }, true],
    ['plain HTTP', { host: 'terms.example.com' }, false],
    ['localhost', { host: 'localhost:3000', 'x-forwarded-proto': 'https' }, false],
    ['127.0.0.1', { host: '127.0.0.1:3000', 'x-forwarded-proto': 'https' }, false],
  ])('ask for HTTPS from now on, or not: %s', async (_case, headers, expected) => {
    const page = await load('/health', { headers })
    expect('strict-transport-security' in page.headers).toBe(expected)
  })

  test('let the browser keep styles, icon, logo and script for good', async () => {
    const page = await postForm({ ...(await link()), answer: 'accepted' })
    const paths = [
      ...page.html.querySelectorAll('link').map((element) => element.getAttribute('href')),
      page.html.querySelector('.brand img')?.getAttribute('src'),
      page.html.querySelector('script')?.getAttribute('src'),
    ]
    const assets = await Promise.all(paths.map((path) => load(path ?? '')))
    expect(assets.map(({ status, headers }) => [status, headers['content-type']])).toEqual([
      [200, 'image/svg+xml; charset=utf-8'],
      [200, 'text/css; charset=utf-8'],
      [200, 'text/css; charset=utf-8'],
      [200, 'image/svg+xml; charset=utf-8'],
      [200, 'text/javascript; charset=utf-8'],
    ])
    for (const { headers } of assets)
      expect(headers['cache-control']).toBe('public, max-age=31536000, immutable')
  })
})

test('the address without a path says where to go, in the language of the browser', async () => {
  const page = await load('/', { headers: { 'accept-language': 'de' } })
  expect([page.status, codeOf(page)]).toEqual([200, undefined])
  expect(stringsOf(page, 'h1')).toEqual(['Hier ist nichts zu tun'])
  expect(page.body).toContain('gehen Sie zur Anwendung')
})

test('the health check answers', async () => {
  const page = await load('/health')
  expect([page.status, page.body]).toEqual([200, '{"status":"ok"}'])
})

test('the log tells what happened and names no person, token or state', async () => {
  const parameters = await link({
    sub: 'email|ada',
    client_name: 'ada@example.com',
    email: 'ada@example.com',
  })
  await openLink(parameters)
  const answered = await postForm({ ...parameters, answer: 'accepted' })
  const refused = await openLink(await link({ sub: 'email|ada', iss: 'ada.example' }))
  const about = {
    login_host: LOGIN_HOST,
    documents: ['terms-of-service@2026-11-01'],
    locale: 'en',
  }
  expect(entries).toEqual([
    { level: 'info', event: 'terms_shown', status: 200, ...about },
    { level: 'info', event: 'terms_answered', status: 200, answers: ['accepted'], ...about },
    {
      level: 'info',
      event: 'refused',
      status: 403,
      code: 'token_invalid',
      reason: 'ERR_JWT_CLAIM_VALIDATION_FAILED:iss',
      reference: refused.html.querySelectorAll('dd code')[1]?.text,
    },
  ])
  const log = JSON.stringify(entries)
  expect(log).not.toMatch(/ada|eyJ/)
  expect(log).not.toContain(STATE)
  expect(log).not.toContain(valueOf(answered.html, 'session_token'))
})

test.each([
  ['a short key', { ...config, signingKey: 'short' }],
  ['a short previous key', { ...config, previousSigningKey: 'short' }],
])('the portal is not made with %s', (_case, weak) => {
  expect(() => createPortal(weak)).toThrow('signing key of the portal: short')
})
