/** The people of the local tenant. Each is there to show one thing at a sign-in. */
import { settings } from '../../actions/enforce-terms/settings.ts'
import type { UpstreamAccount } from '../../local-tenant/oidc/upstream.ts'

export interface Person {
  name: string
  email: string
  /** What happens when they sign in. */
  shows: string
  connection: string
  /** The application to see it with, by `client_id`. */
  clientId: string
  /** The organization that they sign in to, by name. */
  organization?: string
  /** Names of their roles. */
  roles?: readonly string[]
  /** Database people are users from the start. */
  user?: {
    user_id: string
    email_verified: boolean
    app_metadata?: Record<string, unknown>
    user_metadata?: Record<string, unknown>
  }
  /** The others have an account at an identity provider and become users when they first sign in. */
  account?: UpstreamAccount
}

/** For all database people; the tenant is on this computer only. */
export const PEOPLE_PASSWORD = 'correct-horse-battery-staple'

export const DATABASE = 'Username-Password-Authentication'
export const GOOGLE = 'google-oauth2'
export const SAML = 'acme-saml'
export const OIDC = 'globex-oidc'
export const ORGANIZATION = 'acme'
export const ROLE = 'support'

/** Answers to the team's documents, each when the version that it is about took effect. */
const answers = (pick: (versions: Versions) => Versions[number] | undefined, refuse = false) => {
  const answered = documents.flatMap(({ id, required, versions }) => {
    const { version, effectiveAt: at } = pick(versions) ?? {}
    if (version === undefined || at === undefined) return []
    const said = refuse && !required ? { declined_at: at } : { accepted_at: at }
    return [{ id, required, answer: { version, ...said, locale: 'en' } }]
  })
  return {
    ...answered.find(({ required }) => required)?.answer,
    documents: Object.fromEntries(answered.map(({ id, answer }) => [id, answer])),
  }
}

const { documents } = settings
type Versions = (typeof documents)[number]['versions']

const CURRENT_TERMS = answers((versions) => versions.at(-1))
const OLD_TERMS = answers(([first]) => first, true)

export const people: readonly Person[] = [
  {
    name: 'Nora New',
    email: 'nora.new@example.com',
    shows:
      'A new user: asked for all documents on one page; sign-up fields that came as strings become values.',
    connection: DATABASE,
    clientId: 'web-app',
    user: {
      user_id: 'auth0|6740a1c0de00000000000001',
      email_verified: true,
      // What Lock sends: strings, whatever the field asks for.
      user_metadata: { newsletter: 'true', birth_year: ' 1984 ', company: 'Example Books' },
    },
  },
  {
    name: 'Cara Current',
    email: 'cara.current@example.com',
    shows:
      'Accepted the newest documents: straight through, and from the second time no write at all.',
    connection: DATABASE,
    clientId: 'web-app',
    user: {
      user_id: 'auth0|6740a1c0de00000000000002',
      email_verified: true,
      app_metadata: { terms: CURRENT_TERMS },
      user_metadata: { newsletter: false },
    },
  },
  {
    name: 'Oscar Old',
    email: 'oscar.old@example.com',
    shows: 'Accepted the first version of each document: asked only for what changed since.',
    connection: DATABASE,
    clientId: 'web-app',
    user: {
      user_id: 'auth0|6740a1c0de00000000000003',
      email_verified: true,
      app_metadata: { terms: OLD_TERMS },
    },
  },
  {
    name: 'Una Unverified',
    email: 'una.unverified@example.com',
    shows: 'Has not verified her e-mail: refused by the one application that asks for it.',
    connection: DATABASE,
    clientId: 'verified-only',
    user: {
      user_id: 'auth0|6740a1c0de00000000000004',
      email_verified: false,
      app_metadata: { terms: CURRENT_TERMS },
    },
  },
  {
    name: 'Blake Blocked',
    email: 'blake.blocked@example.com',
    shows: 'Has lost access to Partner App and keeps it everywhere else.',
    connection: DATABASE,
    clientId: 'partner-app',
    user: {
      user_id: 'auth0|6740a1c0de00000000000005',
      email_verified: true,
      app_metadata: { terms: CURRENT_TERMS, blocked_clients: ['partner-app'] },
    },
  },
  {
    name: 'Olga Organization',
    email: 'olga.organization@example.com',
    shows: 'Signs in to the organization acme: let in by the application that is for it alone.',
    connection: DATABASE,
    clientId: 'acme-portal',
    organization: ORGANIZATION,
    user: {
      user_id: 'auth0|6740a1c0de00000000000006',
      email_verified: true,
      app_metadata: { terms: CURRENT_TERMS },
    },
  },
  {
    name: 'Rita Role',
    email: 'rita.role@example.com',
    shows: 'Has the role support: let in by the application that is for this role alone.',
    connection: DATABASE,
    clientId: 'support-desk',
    roles: [ROLE],
    user: {
      user_id: 'auth0|6740a1c0de00000000000007',
      email_verified: true,
      app_metadata: { terms: CURRENT_TERMS },
    },
  },
  {
    name: 'Edda Enterprise',
    email: 'edda.enterprise@example.com',
    shows:
      'Comes from a SAML company that tells department, groups and employee number: what you map is stored.',
    connection: SAML,
    clientId: 'web-app',
    account: {
      id: 'edda.enterprise',
      attributes: {
        email: 'edda.enterprise@example.com',
        email_verified: true,
        given_name: 'Edda',
        family_name: 'Enterprise',
        name: 'Edda Enterprise',
        'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/department': 'Research',
        groups: ['staff', 'approvers', 'staff'],
        employee_number: '004711',
        country: 'SE',
      },
    },
  },
  {
    name: 'Otto OpenID',
    email: 'otto.openid@example.com',
    shows: 'Comes from an OpenID Connect company that sends one group as a string, not a list.',
    connection: OIDC,
    clientId: 'web-app',
    account: {
      id: '8d1f5a60-2b7c-4a58-9a53-0c9a4f2f9e11',
      attributes: {
        email: 'otto.openid@example.com',
        email_verified: true,
        given_name: 'Otto',
        family_name: 'OpenID',
        name: 'Otto OpenID',
        groups: 'engineering',
        address: { locality: 'Lisboa', country: 'PT' },
      },
    },
  },
  {
    name: 'Gita Google',
    email: 'gita.google@example.com',
    shows: 'Signs in with Google, which tells a language: taken over once, if you support it.',
    connection: GOOGLE,
    clientId: 'web-app',
    account: {
      id: '108742159630274816350',
      attributes: {
        email: 'gita.google@example.com',
        email_verified: true,
        given_name: 'Gita',
        family_name: 'Google',
        name: 'Gita Google',
        locale: 'de',
      },
    },
  },
  {
    name: 'Pavel Partner',
    email: 'pavel.partner@example.com',
    shows:
      'His company claims an address that nobody verified: refused by the application that asks for a verified one.',
    connection: OIDC,
    clientId: 'verified-only',
    account: {
      id: 'c3a9e1f2-6d0b-4c47-8f0e-5b7a2d9c4e66',
      attributes: {
        email: 'pavel.partner@example.com',
        email_verified: false,
        given_name: 'Pavel',
        family_name: 'Partner',
        name: 'Pavel Partner',
        groups: 'partners',
      },
    },
  },
]
