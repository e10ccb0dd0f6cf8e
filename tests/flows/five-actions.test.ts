import { afterEach, describe, expect, test } from '@jest/globals'
import { decodeJwt, SignJWT, type JWTPayload } from 'jose'
import type { FlowRedirected, FlowResult } from '../../local-tenant/runtime/flow.ts'
import type { User } from '../../local-tenant/store.ts'
import type { EventOverrides } from '../../test-kit/actions/event.ts'
import { ACTION_NAMES } from '../../test-kit/fixture-project.ts'
import { createLocalFlow, SECRETS, type LocalFlow } from '../../test-kit/flows/local-flow.ts'

const ANSWERED = { accepted_at: '2026-11-02T09:00:00.000Z', locale: 'en' }
const ACCEPTED = {
  version: '2026-11-01',
  ...ANSWERED,
  documents: {
    'terms-of-service': { version: '2026-11-01', ...ANSWERED },
    'privacy-policy': { version: '2025-01-15', ...ANSWERED },
    'product-news': { version: '2025-01-15', ...ANSWERED },
  },
}
const ACCEPTED_BEFORE = {
  ...ACCEPTED,
  version: '2025-01-15',
  documents: {
    ...ACCEPTED.documents,
    'terms-of-service': { version: '2025-01-15', ...ANSWERED },
  },
}

const open: LocalFlow[] = []

const openFlow = (profile?: Partial<User>, secrets?: Record<string, string>): LocalFlow => {
  const flow = createLocalFlow(profile, secrets)
  open.push(flow)
  return flow
}

afterEach(async () => {
  await Promise.all(open.splice(0).map(({ engine }) => engine.close()))
})

const redirected = (result: FlowResult): FlowRedirected => {
  if (result.kind !== 'redirected') throw new Error(`expected a redirect, got ${result.kind}`)
  return result
}

const requestClaims = ({ url }: FlowRedirected): JWTPayload =>
  decodeJwt(new URL(url).searchParams.get('session_token') ?? '')

/** What the page says of each document it was asked for. */
const answersTo = (asked: FlowRedirected, answer = 'accepted'): object[] => {
  const documents = requestClaims(asked)['documents'] as { id: string; version: string }[]
  return documents.map(({ id, version }) => ({
    id,
    version,
    answer,
    locale: 'de',
    hash: 'n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is',
  }))
}

/** What the Terms page sends back, with claims changed by a test. */
const answerOf = (
  asked: FlowRedirected,
  changes: Record<string, unknown> = {},
  secret = SECRETS.TERMS_TOKEN_SECRET,
): Promise<string> => {
  const { iss, sub, nonce } = requestClaims(asked)
  const iat = Math.floor(Date.now() / 1000)
  return new SignJWT({
    iss: iss ?? '',
    sub: sub ?? '',
    iat,
    exp: iat + 120,
    state: 'continue-state',
    purpose: 'terms_answer',
    nonce,
    answers: answersTo(asked),
    ...changes,
  })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .sign(new TextEncoder().encode(secret))
}

const comeBack = (
  { engine }: LocalFlow,
  asked: FlowRedirected,
  token: string | undefined,
): Promise<FlowResult> =>
  engine.resume(asked.suspended, {
    method: 'POST',
    hostname: 'login.example.com',
    ip: '192.0.2.10',
    query: { state: 'continue-state' },
    body: token === undefined ? {} : { session_token: token },
    geoip: {},
  })

const outcomes = ({ trace }: FlowResult): string[] =>
  trace.actions.map(({ action, outcome }) => `${action} ${outcome}`)

describe('the five bundles in one flow', () => {
  test('a user who accepted passes all of them in order, and the second time nothing is written', async () => {
    const flow = openFlow({ app_metadata: { terms: ACCEPTED } })
    const first = await flow.signIn()
    expect(outcomes(first)).toEqual(ACTION_NAMES.map((name) => `${name} completed`))
    expect(first.trace.profile_writes).toHaveLength(1)

    const second = await flow.signIn()
    expect(second.kind).toBe('completed')
    expect(second.trace.profile_writes).toEqual([])
  })

  test('a new user is sent to the Terms page with what the earlier Actions wrote already kept', async () => {
    const flow = openFlow({ user_metadata: { newsletter: 'true', birth_year: ' 1984 ' } })
    const asked = redirected(await flow.signIn())
    expect(new URL(asked.url).origin + new URL(asked.url).pathname).toBe(SECRETS.TERMS_URL)
    expect(requestClaims(asked)).toMatchObject({
      iss: 'login.example.com',
      sub: flow.user().user_id,
      purpose: 'terms_request',
      documents: [
        { id: 'terms-of-service', version: '2026-11-01', required: true },
        { id: 'privacy-policy', version: '2025-01-15', required: true },
        { id: 'product-news', version: '2025-01-15', required: false },
      ],
    })
    expect(flow.user()).toMatchObject({
      user_metadata: { newsletter: true, birth_year: 1984 },
      app_metadata: { activity: { last_seen: expect.any(String) } },
    })
    expect(flow.user().app_metadata).not.toHaveProperty('terms')
  })

  test('an acceptance is recorded and in the tokens at once', async () => {
    const flow = openFlow()
    const asked = redirected(await flow.signIn())
    const done = await comeBack(flow, asked, await answerOf(asked))
    expect(done).toMatchObject({
      kind: 'completed',
      idTokenClaims: { 'https://example.com/claims/terms_version': '2026-11-01' },
    })
    expect(flow.user().app_metadata).toMatchObject({
      terms: { version: '2026-11-01', locale: 'de', accepted_at: expect.any(String) },
    })
    expect((await flow.signIn()).trace.profile_writes).toEqual([])
  })

  test('a refusal ends the sign-in and is not kept as an acceptance', async () => {
    const flow = openFlow()
    const asked = redirected(await flow.signIn())
    const done = await comeBack(
      flow,
      asked,
      await answerOf(asked, { answers: answersTo(asked, 'declined') }),
    )
    expect(done).toMatchObject({
      kind: 'denied',
      reason: expect.stringMatching(/^terms_declined:/),
    })
    expect(flow.user().app_metadata).not.toHaveProperty('terms.version')
    expect((await flow.signIn()).kind).toBe('redirected')
  })

  const wrong: [string, (asked: FlowRedirected) => Promise<string | undefined>][] = [
    ['no answer', async () => undefined],
    ['the outgoing token', async ({ url }) => new URL(url).searchParams.get('session_token') ?? ''],
    ['another key', (asked) => answerOf(asked, {}, `other-${SECRETS.TERMS_TOKEN_SECRET}`)],
    ['another user', (asked) => answerOf(asked, { sub: 'auth0|somebody-else' })],
    ['another state', (asked) => answerOf(asked, { state: 'other-state' })],
    ['another transaction', (asked) => answerOf(asked, { nonce: 'AAAAAAAAAAAAAAAAAAAAAA' })],
    ['an expired answer', (asked) => answerOf(asked, { iat: 1, exp: 2 })],
    ['another purpose', (asked) => answerOf(asked, { purpose: 'terms_request' })],
  ]
  test.each(wrong)('comes back with %s: denied, and asked again', async (_, makeToken) => {
    const flow = openFlow()
    const asked = redirected(await flow.signIn())
    const done = await comeBack(flow, asked, await makeToken(asked))
    expect(done).toMatchObject({
      kind: 'denied',
      reason: expect.stringMatching(/^terms_answer_invalid:/),
    })
    expect(flow.user().app_metadata).not.toHaveProperty('terms')
  })

  test('while a key is rotated, an answer with the previous one still counts', async () => {
    const previous = `previous-${SECRETS.TERMS_TOKEN_SECRET}`
    const flow = openFlow({}, { ...SECRETS, TERMS_TOKEN_SECRET_PREVIOUS: previous })
    const asked = redirected(await flow.signIn())
    expect((await comeBack(flow, asked, await answerOf(asked, {}, previous))).kind).toBe(
      'completed',
    )
  })

  const denials: [string, EventOverrides, Partial<User>, Record<string, string>, string][] = [
    [
      'by password',
      { transaction: { protocol: 'oauth2-password' } },
      {},
      SECRETS,
      'terms_interaction_required',
    ],
    ['with no transaction', { transaction: undefined }, {}, SECRETS, 'terms_interaction_required'],
    ['without a signing key', {}, {}, { TERMS_URL: SECRETS.TERMS_URL }, 'terms_key_missing'],
    [
      'with a placeholder for a signing key',
      {},
      {},
      { ...SECRETS, TERMS_TOKEN_SECRET: '@@TERMS_TOKEN_SECRET@@' },
      'terms_key_weak',
    ],
    [
      'to an application they were blocked from',
      {},
      { app_metadata: { terms: ACCEPTED, blocked_clients: ['WebShop0000000000000000000000001'] } },
      SECRETS,
      'client_blocked',
    ],
    [
      'with an unverified e-mail where it must be verified',
      { client: { metadata: { require_verified_email: 'true' } } },
      { app_metadata: { terms: ACCEPTED }, email_verified: false },
      SECRETS,
      'email_unverified',
    ],
    [
      'with app_metadata that is a list',
      {},
      { app_metadata: [] },
      SECRETS,
      'access_record_unreadable',
    ],
  ]
  test.each(denials)('a user signs in %s: denied', async (_, event, profile, secrets, code) => {
    const result = await openFlow(profile, secrets).signIn(event)
    expect(result).toMatchObject({ kind: 'denied', reason: expect.stringMatching(`^${code}:`) })
  })

  test('a refresh token of a user who owes an acceptance is refused after the days of grace', async () => {
    const flow = openFlow({ app_metadata: { terms: ACCEPTED_BEFORE } })
    const result = await flow.signIn({ transaction: { protocol: 'oauth2-refresh-token' } })
    expect(result).toMatchObject({
      kind: 'denied',
      reason: expect.stringMatching(/^terms_interaction_required:/),
    })
  })
})
