import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { parseDeployEnvironment } from '../../deploy/environment.ts'
import { runDeployCli } from '../../deploy/run-deploy-cli.ts'
import type { SignInOptions } from '../../local-tenant/sign-in/options.ts'
import { countWrites, type SignInReport } from '../../local-tenant/sign-in/render-sign-in.ts'
import { runSignIn } from '../../local-tenant/sign-in/run-sign-in.ts'
import { people } from '../../local-tenant/seed/people.ts'
import type { StoredAction } from '../../local-tenant/store.ts'
import { runWarmCli } from '../deploy-cli/warm.ts'
import { CUSTOMER_TOKEN, ROOT, SIGNING_KEY, startWorld, type LocalWorld } from './local-world.ts'

const DEPLOY_CLI_MS = 240_000
const ACTION_NAMES = [
  'guard-access',
  'map-idp-attributes',
  'enrich-profile',
  'enforce-terms',
  'add-claims',
]

let world: LocalWorld

beforeAll(async () => {
  world = await startWorld()
  // The Deploy CLI as it was installed.
  await importTenantYaml(runDeployCli)
}, DEPLOY_CLI_MS)

afterAll(() => world.close())

/** With the Deploy CLI, over HTTPS, with the environment of `npm run deploy`. */
const importTenantYaml = async (run: typeof runDeployCli): Promise<void> => {
  const { tenant, certificate, termsUrl } = world
  const inputFile = join(ROOT, 'tenant.yaml')
  const environment = parseDeployEnvironment(
    {
      PATH: process.env['PATH'],
      AUTH0_DOMAIN: tenant.host,
      AUTH0_CLIENT_ID: 'deploy-cli',
      AUTH0_CLIENT_SECRET: tenant.store.state.clients['deploy-cli']?.client_secret,
      NODE_EXTRA_CA_CERTS: certificate.caFile,
      CUSTOMER_URL: world.customers.customersUrl,
      CUSTOMER_TOKEN,
      TERMS_URL: termsUrl,
      TERMS_TOKEN_SECRET: SIGNING_KEY,
    },
    readFileSync(inputFile, 'utf8'),
  )
  if (!environment.ok) throw new Error(environment.problems.join('; '))
  const { exitCode, output } = await run({ inputFile, env: environment.env })
  if (exitCode !== 0) throw new Error(output)
}

const actionNamed = (name: string): StoredAction => {
  const action = Object.values(world.tenant.store.state.actions).find((one) => one.name === name)
  if (action === undefined) throw new Error(`${name} is not in the tenant`)
  return action
}

const boundNames = (): (string | undefined)[] => {
  const { actions, bindings } = world.tenant.store.state
  return (bindings['post-login'] ?? []).map(({ action_id }) => actions[action_id]?.name)
}

const signIn = (user: string, options: Partial<SignInOptions> = {}): Promise<SignInReport> =>
  runSignIn(
    {
      user: `${user}@example.com`,
      connection: undefined,
      client: undefined,
      terms: 'accept',
      protocol: 'code',
      ...options,
    },
    world.running,
    world.fetch,
  )

const outcomesOf = ({ flows }: SignInReport): string[] =>
  flows.flatMap(({ actions }) => actions.map(({ action, outcome }) => `${action} ${outcome}`))

const claimsOf = ({ tokens }: SignInReport, name: string): Record<string, unknown> =>
  tokens.find((token) => token.name === name)?.claims ?? {}

describe('a tenant filled by the Deploy CLI', () => {
  test('has each Action deployed with the code that was built, and bound in order', () => {
    expect(boundNames()).toEqual(ACTION_NAMES)
    for (const name of ACTION_NAMES) {
      const { versions, deployed_version_id, runtime } = actionNamed(name)
      const deployed = versions.find(({ id }) => id === deployed_version_id)
      expect(deployed?.code).toBe(readFileSync(join(ROOT, 'dist', 'actions', `${name}.js`), 'utf8'))
      expect(runtime).toBe('node22')
    }
  })

  test('has the secrets of enforce-terms, and no marker in their place', () => {
    const secrets = actionNamed('enforce-terms').secrets.map(({ name, value }) => [name, value])
    expect(Object.fromEntries(secrets)).toEqual({
      TERMS_URL: world.termsUrl,
      TERMS_TOKEN_SECRET: SIGNING_KEY,
      TERMS_TOKEN_SECRET_PREVIOUS: SIGNING_KEY,
    })
  })
})

describe('the people of the local tenant', () => {
  test('a new user accepts the terms once, and the second sign-in writes nothing', async () => {
    const first = await signIn('nora.new')
    expect(first.outcome).toBe('signed in')
    expect(first.steps).toContainEqual(expect.stringMatching(/^Terms page .*: accepted$/))
    expect(claimsOf(first, 'ID token')).toMatchObject({
      'https://example.com/claims/terms_version': '2026-11-01',
      'https://example.com/claims/newsletter': true,
    })

    const second = await signIn('nora.new')
    expect(second).toMatchObject({ outcome: 'signed in', metadata: [] })
    expect(outcomesOf(second)).toEqual(ACTION_NAMES.map((name) => `${name} completed`))
    expect(countWrites(second.flows)).toBe(0)
  })

  test('what the customer service knows of a user is in the profile and in the access token', async () => {
    await signIn('nora.new')
    const { app_metadata } = userNamed('nora.new')
    const { tier } = (app_metadata as { lookups: { customer: { tier: string } } }).lookups.customer
    expect(tier).toMatch(/^(?:basic|silver|gold)$/)
    const { tokens } = await signIn('nora.new')
    const access = tokens.find(({ name }) => name === 'Access token')
    expect(access?.claims).toMatchObject({ 'https://example.com/claims/tier': tier })
  })

  test('one who accepted an old version meets the terms and declines: no tokens, asked again', async () => {
    const declined = await signIn('oscar.old', { terms: 'decline' })
    expect(declined.outcome).toMatch(/^access_denied: terms_declined:/)
    expect(declined.tokens).toEqual([])
    expect((await signIn('oscar.old')).outcome).toBe('signed in')
  })

  test('one who leaves the Terms page gets interaction_required when asked silently', async () => {
    const { outcome, tokens } = await signIn('gita.google', { terms: 'ignore', protocol: 'silent' })
    expect(outcome).toMatch(/^interaction_required/)
    expect(tokens).toEqual([])
  })

  test('attributes and groups of companies are mapped, however they are sent', async () => {
    const saml = await signIn('edda.enterprise')
    expect(saml.metadata).toContainEqual({
      path: 'app_metadata.idp',
      change: 'added',
      after: { department: 'Research', employee_number: '004711', groups: ['approvers', 'staff'] },
    })
    expect(claimsOf(saml, 'Access token')).toMatchObject({
      'https://example.com/claims/groups': ['approvers', 'staff'],
    })
    const oidc = await signIn('otto.openid')
    expect(oidc.metadata).toContainEqual({
      path: 'app_metadata.idp',
      change: 'added',
      after: { groups: ['engineering'] },
    })
  })

  test.each([
    ['una.unverified', 'verified-only', 'email_unverified'],
    ['pavel.partner', 'verified-only', 'email_unverified'],
    ['blake.blocked', 'partner-app', 'client_blocked'],
  ])('%s is kept out of %s, and only there', async (user, client, code) => {
    const refused = await signIn(user, { client })
    expect(refused.outcome).toMatch(new RegExp(`^access_denied: ${code}:`))
    expect(countWrites(refused.flows)).toBe(0)
    expect((await signIn(user, { client: 'web-app' })).outcome).toBe('signed in')
  })

  test('a password grant gets no tokens for one who owes an acceptance, and does for the others', async () => {
    await signIn('oscar.old')
    expect((await signIn('oscar.old', { protocol: 'password' })).outcome).toBe('signed in')
    const { app_metadata: appMetadata, user_id } = userNamed('oscar.old')
    world.tenant.store.state.users[user_id] = {
      ...userNamed('oscar.old'),
      app_metadata: { ...(appMetadata as object), terms: null },
    }
    const refused = await signIn('oscar.old', { protocol: 'password' })
    expect(refused.outcome).toMatch(/^access_denied: terms_interaction_required:/)
  })

  test('a refresh token runs the Actions again, without the identity provider and without a write', async () => {
    const { flows, outcome } = await signIn('edda.enterprise', { protocol: 'refresh' })
    expect(outcome).toBe('signed in')
    expect(flows.map(({ protocol }) => protocol)).toEqual([
      'oidc-basic-profile',
      'oauth2-refresh-token',
    ])
    expect(countWrites(flows)).toBe(0)
  })

  test('every seeded person ends as the table of npm start says', async () => {
    for (const { email } of people) {
      await signIn(email.replace('@example.com', ''))
      const again = await signIn(email.replace('@example.com', ''))
      expect([email, countWrites(again.flows)]).toEqual([email, 0])
    }
  })
})

describe('the same tenant.yaml imported again', () => {
  test(
    'leaves code, order and secrets as they were',
    async () => {
      const before = ACTION_NAMES.map(actionNamed).map(({ id, code }) => ({ id, code }))
      await importTenantYaml(runWarmCli)
      expect(ACTION_NAMES.map(actionNamed).map(({ id, code }) => ({ id, code }))).toEqual(before)
      expect(boundNames()).toEqual(ACTION_NAMES)
      expect((await signIn('nora.new')).outcome).toBe('signed in')
    },
    DEPLOY_CLI_MS,
  )
})

const userNamed = (user: string) => {
  const found = Object.values(world.tenant.store.state.users).find(
    ({ email }) => email === `${user}@example.com`,
  )
  if (found === undefined) throw new Error(`${user} is not in the tenant`)
  return found
}
