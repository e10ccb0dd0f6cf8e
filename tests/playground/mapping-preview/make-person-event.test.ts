import { describe, expect, test } from '@jest/globals'
import { readIdpFacts } from '../../../actions/map-idp-attributes/facts.ts'
import { settings } from '../../../test-kit/fixture/actions/map-idp-attributes/settings.ts'
import { decideIdpAttributes } from '../../../actions/map-idp-attributes/decide.ts'
import { makePersonEvent } from '../../../playground/mapping-preview/make-person-event.ts'
import { seed } from '../../../playground/seed/seed.ts'
import { emptyState, openStore, type TenantState, type User } from '../../../local-tenant/store.ts'

const NOW = Date.UTC(2026, 10, 20)

const seeded = (): TenantState => {
  const { state } = openStore(undefined, () => emptyState({}))
  seed(state, NOW)
  return state
}

const state = seeded()

const eventOf = (email: string, connectionName: string, user?: User) => {
  const connection = Object.values(state.connections).find(({ name }) => name === connectionName)
  const client = state.clients['web-app']
  if (connection === undefined || client === undefined) throw new Error('not seeded')
  return makePersonEvent({ email, user, connection, client }, () => NOW)
}

const decisionOf = (event: ReturnType<typeof eventOf>) =>
  event && decideIdpAttributes(readIdpFacts(event), settings).changes

describe('the next sign-in of', () => {
  test('somebody who never signed in brings what their identity provider knows', () => {
    expect(decisionOf(eventOf('edda.enterprise@example.com', 'acme-saml'))).toEqual([
      {
        metadata: 'app_metadata',
        key: 'idp',
        value: {
          department: 'Research',
          employee_number: '004711',
          groups: ['approvers', 'staff'],
        },
      },
    ])
  })

  test("a linked identity brings what its own provider knows, and the root stays the primary one's", () => {
    const user: User = {
      user_id: 'oidc|globex-oidc|somebody',
      email: 'somebody@globex.example',
      email_verified: true,
      groups: ['approvers', 'of-globex'],
      identities: [
        {
          connection: 'globex-oidc',
          provider: 'oidc',
          user_id: 'globex-oidc|somebody',
          isSocial: false,
        },
        {
          connection: 'acme-saml',
          provider: 'samlp',
          user_id: 'acme-saml|edda.enterprise',
          isSocial: false,
        },
      ],
      created_at: '2026-01-15T08:00:00.000Z',
      updated_at: '2026-01-15T08:00:00.000Z',
      logins_count: 1,
    }
    const event = eventOf('edda.enterprise@example.com', 'acme-saml', user)
    expect(event?.user).toMatchObject({
      email: 'somebody@globex.example',
      groups: ['approvers', 'of-globex'],
    })
    expect(decisionOf(event)).toMatchObject([
      { key: 'idp', value: { department: 'Research', groups: ['approvers', 'staff'] } },
    ])
  })

  test('somebody who did brings it over what was stored, and changes nothing here', () => {
    const user: User = {
      user_id: 'samlp|acme-saml|edda.enterprise',
      email: 'edda.enterprise@example.com',
      email_verified: true,
      identities: [
        {
          connection: 'acme-saml',
          provider: 'samlp',
          user_id: 'acme-saml|edda.enterprise',
          isSocial: false,
        },
      ],
      groups: ['old'],
      app_metadata: { idp: { department: 'Sales', employee_number: '1', groups: ['old'] } },
      created_at: '2026-01-01T00:00:00.000Z',
      updated_at: '2026-01-01T00:00:00.000Z',
      logins_count: 3,
    }
    const before = structuredClone(user)
    expect(decisionOf(eventOf('edda.enterprise@example.com', 'acme-saml', user))).toEqual([
      {
        metadata: 'app_metadata',
        key: 'idp',
        value: { department: 'Research', employee_number: '1', groups: ['approvers', 'staff'] },
      },
    ])
    expect(user).toEqual(before)
  })

  test('somebody in the database brings the stored profile', () => {
    const user = Object.values(state.users).find(({ email }) => email?.startsWith('nora'))
    const event = eventOf('nora.new@example.com', 'Username-Password-Authentication', user)
    expect(event?.user).toMatchObject({ email: 'nora.new@example.com', app_metadata: {} })
    expect(event?.connection.strategy).toBe('auth0')
  })

  test('nobody is none', () => {
    expect(eventOf('nobody@example.com', 'acme-saml')).toBeUndefined()
  })
})
