/** Look-ups of the bundles against a real HTTPS service, as on a laptop. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { loadCertificate, type LocalCertificate } from '../../local-tenant/certificate.ts'
import {
  startCustomerService,
  type CustomerService,
} from '../../playground/customer-service/customer-service.ts'
import type { FlowResult } from '../../local-tenant/runtime/flow.ts'
import { people } from '../../playground/seed/people.ts'
import {
  createLocalFlow,
  SECRETS,
  type LocalFlow,
  type LookUpWorld,
} from '../../test-kit/flows/local-flow.ts'

const TOKEN = 'token-of-the-customer-service'
/** The record of somebody who owes nothing. */
const ACCEPTED = people.find(({ name }) => name === 'Cara Current')?.user?.app_metadata?.['terms']
const API = { resource_server: { identifier: 'https://api.example.com' } }
const TIER = 'https://example.com/claims/tier'
const STALE = {
  tier: 'silver',
  account_manager: 'Known before',
  fetched_at: '2026-01-01T00:00:00Z',
}

let folder: string
let certificate: LocalCertificate
let customers: CustomerService
const open: LocalFlow[] = []

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'look-up-'))
  certificate = await loadCertificate(folder, Date.now())
})
beforeEach(async () => {
  customers = await startCustomerService({ port: 0, certificate, token: TOKEN })
})
afterEach(async () => {
  await Promise.all([customers.close(), ...open.splice(0).map(({ engine }) => engine.close())])
})
afterAll(() => rmSync(folder, { recursive: true }))

const openFlow = (appMetadata: object = {}, world: LookUpWorld = {}): LocalFlow => {
  const flow = createLocalFlow({ app_metadata: { terms: ACCEPTED, ...appMetadata } }, SECRETS, {
    secrets: { CUSTOMER_URL: customers.customersUrl, CUSTOMER_TOKEN: TOKEN },
    trustedCa: certificate.caPem,
    ...world,
  })
  open.push(flow)
  return flow
}

const recordOf = (flow: LocalFlow): unknown =>
  (flow.user().app_metadata as { lookups?: { customer?: unknown } }).lookups?.customer

const logsOf = ({ trace }: FlowResult): string[] =>
  trace.actions
    .filter(({ action }) => action === 'enrich-profile')
    .flatMap(({ logs }) => logs.map(({ message }) => message.split(' ').slice(0, 2).join(' ')))

test('a new customer is looked up once, in the one write of the sign-in, and has it in the tokens', async () => {
  const flow = openFlow()
  const first = await flow.signIn(API)
  expect(first.kind).toBe('completed')
  expect(first.trace.profile_writes).toHaveLength(1)
  expect(recordOf(flow)).toEqual({
    tier: expect.stringMatching(/^(?:basic|silver|gold)$/),
    account_manager: expect.any(String),
    fetched_at: expect.any(String),
  })
  const { tier } = recordOf(flow) as { tier: string }
  expect(first).toMatchObject({ accessTokenClaims: { [TIER]: tier } })

  const second = await flow.signIn(API)
  expect(second).toMatchObject({ kind: 'completed', accessTokenClaims: { [TIER]: tier } })
  expect(second.trace.profile_writes).toEqual([])
  expect(customers.asked).toEqual([
    `/customers/${(flow.user().app_metadata as { customer_id: string }).customer_id}`,
  ])
})

test('what is stale is replaced in one write', async () => {
  const flow = openFlow({ lookups: { customer: STALE } })
  expect((await flow.signIn()).trace.profile_writes).toHaveLength(1)
  expect(recordOf(flow)).not.toMatchObject({ account_manager: 'Known before' })
})

describe('a customer service that', () => {
  test('is slow costs its time-out and no more, and what is known stays', async () => {
    customers.behave({ kind: 'slow', delayMs: 10_000 })
    const flow = openFlow({ lookups: { customer: STALE } })
    const begin = performance.now()
    const result = await flow.signIn(API)
    expect(performance.now() - begin).toBeLessThan(5000)
    expect(result).toMatchObject({ kind: 'completed', accessTokenClaims: { [TIER]: 'silver' } })
    expect(logsOf(result)).toEqual(['lookup_timed_out lookups.customer'])
    expect(recordOf(flow)).toEqual(STALE)
  })

  test('is down is left alone at the next sign-in, and costs no write', async () => {
    customers.behave({ kind: 'down' })
    const flow = openFlow({ lookups: { customer: STALE } })
    expect(logsOf(await flow.signIn())).toEqual(['lookup_refused lookups.customer'])
    const again = await flow.signIn()
    expect(logsOf(again)).toEqual([])
    expect(again.trace.profile_writes).toEqual([])
    expect(customers.asked).toHaveLength(1)
  })

  test('asks to wait is not asked before, and costs one write', async () => {
    customers.behave({ kind: 'busy', retryAfter: 600 })
    const flow = openFlow({ lookups: { customer: STALE } })
    const first = await flow.signIn()
    expect(logsOf(first)).toEqual(['lookup_limited lookups.customer'])
    expect(recordOf(flow)).toEqual({ ...STALE, retry_at: expect.any(String) })
    customers.behave({ kind: 'well' })
    expect((await flow.signIn()).trace.profile_writes).toEqual([])
    expect(customers.asked).toHaveLength(1)
  })

  test('sends elsewhere is not followed there', async () => {
    const other = await startCustomerService({ port: 0, certificate, token: TOKEN })
    try {
      customers.behave({ kind: 'moved', to: other.customersUrl })
      expect(logsOf(await openFlow().signIn())).toEqual(['lookup_failed lookups.customer'])
      expect(other.asked).toEqual([])
    } finally {
      await other.close()
    }
  })

  test('has a certificate that nobody vouches for gets no token', async () => {
    const flow = createLocalFlow({ app_metadata: { terms: ACCEPTED } }, SECRETS, {
      secrets: { CUSTOMER_URL: customers.customersUrl, CUSTOMER_TOKEN: TOKEN },
    })
    open.push(flow)
    const result = await flow.signIn()
    expect(result.kind).toBe('completed')
    expect(logsOf(result)).toEqual(['lookup_failed lookups.customer'])
    expect(customers.asked).toEqual([])
  })

  test('refuses the token leaves the sign-in as it is', async () => {
    const secrets = { CUSTOMER_URL: customers.customersUrl, CUSTOMER_TOKEN: 'other' }
    const result = await openFlow({}, { secrets }).signIn()
    expect(result.kind).toBe('completed')
    expect(logsOf(result)).toEqual(['lookup_refused lookups.customer'])
  })
})

test('consent-like fields of a sign-up are no acceptance: the terms are asked for, the fields are gone', async () => {
  const flow = createLocalFlow({
    app_metadata: {},
    user_metadata: {
      consentGiven: 'true',
      accepted_terms: '2026-11-01',
      terms: ACCEPTED,
      newsletter: 'true',
    },
  })
  open.push(flow)
  const result = await flow.signIn()
  expect(result.kind).toBe('redirected')
  expect(flow.user().user_metadata).toEqual({
    newsletter: true,
    preferred_language: 'en',
    terms: ACCEPTED,
  })
  expect(flow.user().app_metadata).not.toHaveProperty('terms')
  expect(logsOf(result)).toEqual([
    'sign_up_field_refused user_metadata.consentGiven',
    'sign_up_field_refused user_metadata.accepted_terms',
  ])
  expect((await flow.signIn()).kind).toBe('redirected')
})
