import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Protocol } from '@auth0/actions-types/post-login/v3'
import type { FlowResult } from '../../local-tenant/runtime/flow.ts'
import type { EventOverrides } from '../../test-kit/actions/event.ts'
import { answersTo, documentsOf, signAnswer } from '../../test-kit/flows/terms-attacks.ts'
import {
  bundleWithSettings,
  codeOf,
  createTermsFlow,
  type TermsFlow,
} from '../../test-kit/flows/terms-flow.ts'

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE

/** Minutes and days from now, as settings and records have them. */
const inTime = (days: number, minutes = 0): string =>
  new Date(Date.now() + days * DAY + minutes * MINUTE).toISOString()

/** What happens to a user who owes an acceptance, by every protocol of Auth0 and beyond. */
const PROTOCOLS: [
  Protocol | 'none named' | 'no transaction' | 'of-tomorrow',
  'asked' | 'denied',
][] = [
  ['oidc-basic-profile', 'asked'],
  ['oidc-implicit-profile', 'asked'],
  ['oidc-hybrid-profile', 'asked'],
  ['oauth2-device-code', 'asked'],
  ['samlp', 'asked'],
  ['wsfed', 'asked'],
  ['oauth2-refresh-token', 'denied'],
  ['oauth2-password', 'denied'],
  ['oauth2-resource-owner', 'denied'],
  ['oauth2-resource-owner-jwt-bearer', 'denied'],
  ['oauth2-access-token', 'denied'],
  ['oauth2-token-exchange', 'denied'],
  ['oauth2-webauthn', 'denied'],
  ['oidc-ciba', 'denied'],
  ['oidc-ciba-web-link', 'denied'],
  ['wstrust-usernamemixed', 'denied'],
  ['none named', 'denied'],
  ['no transaction', 'denied'],
  ['of-tomorrow', 'denied'],
]

const eventOf = (protocol: string, silent = false): EventOverrides => ({
  ...(protocol === 'no transaction'
    ? { transaction: undefined }
    : {
        transaction: {
          protocol: protocol === 'none named' ? undefined : (protocol as Protocol),
          ...(silent && { prompt: ['none'] }),
        },
      }),
  ...(silent && { request: { query: { prompt: 'none' } } }),
})

const outcomeOf = (result: FlowResult): string =>
  result.kind === 'denied' ? (codeOf(result) ?? result.reason) : result.kind

const logsOf = ({ trace }: FlowResult): string[] =>
  trace.actions.flatMap(({ logs }) => logs.map(({ message }) => message))

const accepted = (version: string, accepted_at = inTime(-100)) => ({
  version,
  accepted_at,
  locale: 'en',
})

const required = { title: 'A', required: true }

describe('a user who owes the terms signs in', () => {
  let flow: TermsFlow
  beforeAll(() => {
    flow = createTermsFlow()
  })
  afterAll(() => flow.engine.close())

  test.each(PROTOCOLS)('by %s: %s', async (protocol, outcome) => {
    const result = await flow.signIn(flow.addUser(), eventOf(protocol))
    expect(outcomeOf(result)).toBe(
      outcome === 'asked' ? 'redirected' : 'terms_interaction_required',
    )
    expect(result.trace.profile_writes).toEqual([])
  })

  test.each(PROTOCOLS)('by %s with prompt=none: %s, and never in', async (protocol, outcome) => {
    const result = await flow.signIn(flow.addUser(), eventOf(protocol, true))
    expect(outcomeOf(result)).toBe(
      outcome === 'asked' ? 'redirected' : 'terms_interaction_required',
    )
    expect(result.trace.profile_writes).toEqual([])
  })

  test.each([
    ['a text', 'all of it'],
    ['a list', []],
    ['null', null],
  ])('with app_metadata that is %s: terms_record_unreadable', async (_title, appMetadata) => {
    for (const [protocol] of PROTOCOLS) {
      const result = await flow.signIn(flow.addUser(appMetadata), eventOf(protocol))
      expect([protocol, outcomeOf(result)]).toEqual([protocol, 'terms_record_unreadable'])
    }
  })

  test('with a profile that another one was linked to, which never accepted: asked again', async () => {
    const before = flow.addUser()
    const waiting = await flow.sendAway(before)
    await flow.comeBack(waiting, { body: await signAnswer(waiting) })
    expect((await flow.signIn(before)).kind).toBe('completed')
    // Linking keeps the metadata of the primary profile only.
    const primary = flow.addUser({ plan: 'gold' })
    expect((await flow.signIn(primary)).kind).toBe('redirected')
  })

  test('as a service account: in by any protocol, without a write', async () => {
    for (const [protocol] of PROTOCOLS) {
      const result = await flow.signIn(flow.addUser({ service_account: true }), eventOf(protocol))
      expect([protocol, outcomeOf(result)]).toEqual([protocol, 'completed'])
      expect(result.trace.profile_writes).toEqual([])
    }
  })
})

describe('a user who has an optional and an announced document before them signs in', () => {
  let flow: TermsFlow
  beforeAll(async () => {
    flow = createTermsFlow(
      await bundleWithSettings({
        refreshGraceDays: 0,
        documents: [
          {
            ...required,
            id: 'terms',
            announceDays: 10,
            versions: [
              { version: '1', effectiveAt: inTime(-200), mustReaccept: true },
              { version: '2', effectiveAt: inTime(5), mustReaccept: true },
            ],
          },
          {
            id: 'news',
            title: 'News',
            required: false,
            versions: [{ version: '1', effectiveAt: inTime(-200), mustReaccept: true }],
          },
        ],
      }),
    )
  })
  afterAll(() => flow.engine.close())
  const profile = () => ({ terms: { documents: { terms: accepted('1') } } })

  test.each(PROTOCOLS)(
    'by %s: %s in general, and here never kept out',
    async (protocol, outcome) => {
      const result = await flow.signIn(flow.addUser(profile()), eventOf(protocol))
      expect(outcomeOf(result)).toBe(outcome === 'asked' ? 'redirected' : 'completed')
      expect(result.trace.profile_writes).toEqual([])
    },
  )

  test.each(PROTOCOLS)('by %s with prompt=none: in, and not asked', async (protocol) => {
    const result = await flow.signIn(flow.addUser(profile()), eventOf(protocol, true))
    expect(outcomeOf(result)).toBe('completed')
    expect(result.trace.profile_writes).toEqual([])
  })

  test('and puts one off and declines the other: in, and asked neither again', async () => {
    const userId = flow.addUser(profile())
    const waiting = await flow.sendAway(userId)
    const documents = documentsOf(waiting)
    expect(documents.map(({ id, version }) => `${id}@${version}`)).toEqual(['terms@2', 'news@1'])
    const answers = [
      ...answersTo(documents.slice(0, 1), 'deferred'),
      ...answersTo(documents.slice(1), 'declined'),
    ]
    const done = await flow.comeBack(waiting, { body: await signAnswer(waiting, { answers }) })
    expect(done.kind).toBe('completed')
    expect(done.trace.profile_writes).toHaveLength(1)
    const next = await flow.signIn(userId)
    expect(next).toMatchObject({ kind: 'completed', trace: { profile_writes: [] } })
  })
})

describe('a refresh token of a user who accepted the version before', () => {
  const LATE = 'terms_interaction_required'
  test.each([
    { when: 'a minute before the new version is in force', at: inTime(0, 1), outcome: 'completed' },
    { when: 'a minute after it', at: inTime(0, -1), outcome: 'completed' },
    { when: 'a minute before the 14 days end', at: inTime(-14, 1), outcome: 'completed' },
    { when: 'a minute after the 14 days', at: inTime(-14, -1), outcome: LATE },
    {
      when: 'a minute before its own 3 days end',
      at: inTime(-3, 1),
      days: 3,
      outcome: 'completed',
    },
    { when: 'a minute after its own 3 days', at: inTime(-3, -1), days: 3, outcome: LATE },
    { when: 'a minute after a version without grace', at: inTime(0, -1), days: 0, outcome: LATE },
  ])('$when: $outcome', async ({ when, at, days, outcome }) => {
    const flow = createTermsFlow(
      await bundleWithSettings({
        refreshGraceDays: 14,
        documents: [
          {
            ...required,
            id: 'terms',
            versions: [
              { version: '1', effectiveAt: inTime(-200), mustReaccept: true },
              {
                version: '2',
                effectiveAt: at,
                mustReaccept: true,
                ...(days !== undefined && { refreshGraceDays: days }),
              },
            ],
          },
        ],
      }),
    )
    const userId = flow.addUser({ terms: { documents: { terms: accepted('1') } } })
    const result = await flow.signIn(userId, eventOf('oauth2-refresh-token'))
    await flow.engine.close()
    expect(outcomeOf(result)).toBe(outcome)
    expect(result.trace.profile_writes).toEqual([])
    const isInGrace = outcome === 'completed' && !when.includes('before the new version')
    expect(logsOf(result)).toEqual(
      isInGrace || outcome !== 'completed'
        ? [expect.stringMatching(isInGrace ? /^terms_grace terms@2 / : new RegExp(`^${outcome} `))]
        : [],
    )
  })
})

describe('a refresh token of a user who declined within the grace', () => {
  let flow: TermsFlow
  beforeAll(async () => {
    flow = createTermsFlow(
      await bundleWithSettings({
        refreshGraceDays: 14,
        documents: [
          {
            ...required,
            id: 'terms',
            versions: [
              { version: '1', effectiveAt: inTime(-200), mustReaccept: true },
              { version: '2', effectiveAt: inTime(-1), mustReaccept: true },
            ],
          },
        ],
      }),
    )
  })
  afterAll(() => flow.engine.close())

  test.each([
    ['is nearly empty', 0],
    ['is as full as we let it be', 6000],
    ['is fuller than we let it be', 9000],
  ])('gets nothing, where the profile %s', async (_title, bytes) => {
    const userId = flow.addUser({
      terms: { documents: { terms: accepted('1') } },
      others: 'x'.repeat(bytes),
    })
    const refresh = () => flow.signIn(userId, eventOf('oauth2-refresh-token'))
    expect(outcomeOf(await refresh())).toBe('completed')
    const waiting = await flow.sendAway(userId)
    const answers = answersTo(documentsOf(waiting), 'declined')
    const declined = await flow.comeBack(waiting, { body: await signAnswer(waiting, { answers }) })
    expect(outcomeOf(declined)).toBe('terms_declined')
    expect(outcomeOf(await refresh())).toBe('terms_interaction_required')
    expect(logsOf(declined)).toEqual([
      expect.stringMatching(
        bytes > 0 ? /^terms_declined terms_record_full client=/ : /^terms_declined client=/,
      ),
    ])
  })
})

describe('a document for one country', () => {
  let flow: TermsFlow
  beforeAll(async () => {
    flow = createTermsFlow(
      await bundleWithSettings({
        refreshGraceDays: 0,
        documents: [
          {
            ...required,
            id: 'terms',
            when: { country: { equals: 'DE' } },
            versions: [{ version: '1', effectiveAt: inTime(-200), mustReaccept: true }],
          },
        ],
      }),
    )
  })
  afterAll(() => flow.engine.close())

  const by = (protocol: Protocol, countryCode: string): EventOverrides => ({
    transaction: { protocol },
    request: { geoip: { countryCode } },
  })
  const refreshFrom = (countryCode: string) => by('oauth2-refresh-token', countryCode)

  test('is owed in a refresh, whatever the country of the server, by one who never signed in', async () => {
    for (const country of ['DE', 'US', 'XX', '']) {
      const result = await flow.signIn(flow.addUser(), refreshFrom(country))
      expect([country, outcomeOf(result)]).toEqual([country, 'terms_interaction_required'])
    }
  })

  test('costs a user of another country one write, and no refresh after it', async () => {
    const userId = flow.addUser()
    const first = await flow.signIn(userId, by('oidc-basic-profile', 'US'))
    expect(first).toMatchObject({ kind: 'completed', trace: { profile_writes: [{}] } })
    const next = await flow.signIn(userId, by('oidc-basic-profile', 'US'))
    expect(next).toMatchObject({ kind: 'completed', trace: { profile_writes: [] } })
    const refreshed = await flow.signIn(userId, refreshFrom('DE'))
    expect(refreshed).toMatchObject({ kind: 'completed', trace: { profile_writes: [] } })
  })

  test.each(['', 'de', 'XX', 'T1', 'EU'])(
    'is asked of a browser from %j, which names no country',
    async (country) => {
      const result = await flow.signIn(flow.addUser(), by('oidc-basic-profile', country))
      expect(outcomeOf(result)).toBe('redirected')
    },
  )
})
