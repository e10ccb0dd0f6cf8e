import { describe, expect, test } from '@jest/globals'
import { buildEvent } from '../../test-kit/actions/event.ts'

describe('the event builder', () => {
  test('gives a new object each time, down to the leaves', () => {
    const first = buildEvent()
    first.user.app_metadata['plan'] = 'gold'
    first.user.identities.length = 0
    const second = buildEvent()
    expect(second.user.app_metadata).toEqual({})
    expect(second.user.identities).toHaveLength(1)
  })

  test('leaves the overrides as they are and shares nothing with them', () => {
    const overrides = { user: { app_metadata: { terms: { version: '1' } }, identities: [{}] } }
    const before = structuredClone(overrides)
    const event = buildEvent(overrides)
    Object.assign(event.user.app_metadata['terms'] as object, { version: '2' })
    event.user.identities.push({})
    Object.assign(event.user.identities[0] as object, { provider: 'changed' })
    expect(overrides).toEqual(before)
  })

  test('merges objects and replaces arrays', () => {
    const event = buildEvent({
      client: { metadata: { require_verified_email: 'true' } },
      transaction: { requested_scopes: ['openid'] },
    })
    expect(event.client.client_id).toBe('WebShop0000000000000000000000001')
    expect(event.client.metadata).toEqual({ require_verified_email: 'true' })
    expect(event.transaction?.requested_scopes).toEqual(['openid'])
    expect(event.transaction?.protocol).toBe('oidc-basic-profile')
  })

  test('takes an optional member away where the override says undefined', () => {
    const event = buildEvent({ session: undefined, user: { email: undefined } })
    expect(event).not.toHaveProperty('session')
    expect(event.user).not.toHaveProperty('email')
  })

  test('keeps __proto__ as a key', () => {
    const stored = JSON.parse('{"__proto__":{"admin":true}}') as Record<string, unknown>
    const event = buildEvent({ user: { user_metadata: stored } })
    expect(Object.keys(event.user.user_metadata)).toEqual(['__proto__'])
    expect(event.user.user_metadata['admin']).toBeUndefined()
  })

  test('does not compile a member of the wrong type or name', () => {
    // @ts-expect-error -- a number is no name
    buildEvent({ client: { name: 5 } })
    // @ts-expect-error -- no such member
    buildEvent({ cliient: {} })
    // @ts-expect-error -- no such member of the client
    buildEvent({ client: { id: 'x' } })
    // @ts-expect-error -- not a protocol
    buildEvent({ transaction: { protocol: 'oidc' } })
    // @ts-expect-error -- the user is always there
    buildEvent({ user: undefined })
    // @ts-expect-error -- so is the id of the user
    buildEvent({ user: { user_id: undefined } })
    // @ts-expect-error -- secrets are texts
    buildEvent({ secrets: { TERMS_URL: 5 } })
    expect(buildEvent({ secrets: { TERMS_URL: 'x' } }).secrets['TERMS_URL']).toBe('x')
  })
})
