import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { loadCertificate } from '../../../local-tenant/certificate.ts'
import {
  startCustomerService,
  type CustomerService,
} from '../../../playground/customer-service/customer-service.ts'
import { createLocalFetch, type LocalFetch } from '../../../playground/local-fetch.ts'

const TOKEN = 'a-token-of-the-test'
const CUSTOMER = 'cus_0123456789abcdef01234567'

let folder: string
let service: CustomerService
let localFetch: LocalFetch

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'customer-service-'))
  const certificate = await loadCertificate(folder, Date.now())
  service = await startCustomerService({ port: 0, certificate, token: TOKEN })
  localFetch = createLocalFetch(certificate.caPem)
})
afterEach(() => service.behave({ kind: 'well' }))
afterAll(async () => {
  await service.close()
  rmSync(folder, { recursive: true })
})

const ask = (path: string, init: { method?: string; token?: string; signal?: AbortSignal } = {}) =>
  localFetch(`${service.customersUrl}${path}`, {
    redirect: 'manual',
    method: init.method,
    signal: init.signal,
    headers: { authorization: `Bearer ${init.token ?? TOKEN}` },
  })

test('a customer has a tier and an account manager, the same each time', async () => {
  const answer = await ask(`/${CUSTOMER}`)
  expect(answer.status).toBe(200)
  const customer: unknown = await answer.json()
  expect(customer).toMatchObject({
    tier: expect.stringMatching(/^(?:basic|silver|gold)$/),
    account_manager: expect.any(String),
  })
  expect(await (await ask(`/${CUSTOMER}`)).json()).toEqual(customer)
})

test.each<[string, Parameters<typeof ask>, number]>([
  ['nobody with another token', [`/${CUSTOMER}`, { token: 'other' }], 401],
  ['nobody without a token', [`/${CUSTOMER}`, { token: '' }], 401],
  ['no other method', [`/${CUSTOMER}`, { method: 'POST' }], 405],
  ['no other id', ['/cus_1'], 404],
  ['no other path', [`/${CUSTOMER}/invoices`], 404],
])('%s is served', async (_title, request, status) => {
  expect((await ask(...request)).status).toBe(status)
})

describe('it can be told to be', () => {
  test('busy', async () => {
    service.behave({ kind: 'busy', retryAfter: 90 })
    const answer = await ask(`/${CUSTOMER}`)
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, '90'])
  })

  test('down', async () => {
    service.behave({ kind: 'down' })
    expect((await ask(`/${CUSTOMER}`)).status).toBe(503)
  })

  test('elsewhere', async () => {
    service.behave({ kind: 'moved', to: 'https://localhost/' })
    const answer = await ask(`/${CUSTOMER}`)
    expect([answer.status, answer.headers.get('location')]).toEqual([302, 'https://localhost/'])
  })

  test('slow', async () => {
    service.behave({ kind: 'slow', delayMs: 5000 })
    await expect(ask(`/${CUSTOMER}`, { signal: AbortSignal.timeout(50) })).rejects.toThrow()
    service.behave({ kind: 'slow', delayMs: 1 })
    expect((await ask(`/${CUSTOMER}`)).status).toBe(200)
  })
})
