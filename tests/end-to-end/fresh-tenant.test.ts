import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { deploy } from '../../deploy/commands/deploy.ts'
import { runToExitCode } from '../../cli/run-command.ts'
import type { SignInOptions } from '../../playground/sign-in/options.ts'
import { countWrites, type SignInReport } from '../../playground/sign-in/render-sign-in.ts'
import { runSignIn } from '../../playground/sign-in/run-sign-in.ts'
import { people } from '../../playground/seed/people.ts'
import type { StoredAction } from '../../local-tenant/store.ts'
import { MiniProject } from '../../test-kit/build/mini-project.ts'
import { runWarmCli } from '../../test-kit/deploy-cli/warm.ts'
import { bindBundles } from '../../test-kit/end-to-end/bind-bundles.ts'
import {
  CUSTOMER_TOKEN,
  SIGNING_KEY,
  startWorld,
  type LocalWorld,
} from '../../test-kit/end-to-end/local-world.ts'
import { ACTION_NAMES, bundleOf } from '../../test-kit/fixture-project.ts'

let world: LocalWorld

beforeAll(async () => {
  world = await startWorld()
  await bindBundles(world.tenant.store.state, {
    TERMS_URL: world.termsUrl,
    TERMS_TOKEN_SECRET: SIGNING_KEY,
    CUSTOMER_URL: world.customers.customersUrl,
  })
}, 60_000)

afterAll(() => world.close())

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
      organization: undefined,
      audience: undefined,
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

describe('a tenant as npm start fills it', () => {
  test('has each Action deployed with the code that was built, and bound in order', () => {
    expect(boundNames()).toEqual(ACTION_NAMES)
    for (const name of ACTION_NAMES) {
      const { versions, deployed_version_id, runtime } = actionNamed(name)
      const deployed = versions.find(({ id }) => id === deployed_version_id)
      expect(deployed?.code).toBe(bundleOf(name))
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

  test('an organization and a role let in where they are asked for, and nobody else', async () => {
    expect((await signIn('olga.organization')).outcome).toBe('signed in')
    expect((await signIn('rita.role')).outcome).toBe('signed in')
    const other = await signIn('cara.current', { client: 'Support Desk' })
    expect(other.outcome).toMatch(/^access_denied: role_not_allowed:/)
    const web = await signIn('olga.organization', { client: 'Web App' })
    expect(web.outcome).toBe('signed in')
  })

  test('every seeded person ends as the table of npm start says', async () => {
    for (const { email } of people) {
      await signIn(email.replace('@example.com', ''))
      const again = await signIn(email.replace('@example.com', ''))
      expect([email, countWrites(again.flows)]).toEqual([email, 0])
    }
  })
})

describe('a deploy by the Deploy CLI into the tenant that npm start filled', () => {
  test('finds nothing to do; made to write all secrets, it leaves code and order as they were', async () => {
    const before = deployedState()
    expect(await deployHere()).toContain('Nothing was written.')
    expect(await deployHere('--rotate-secrets')).toContain('enforce-terms updated')
    expect(deployedState()).toEqual(before)
    expect((await signIn('nora.new')).outcome).toBe('signed in')
  }, 240_000)
})

const deployedState = () => ({
  bound: boundNames(),
  live: ACTION_NAMES.map((name) => {
    const { versions, deployed_version_id } = actionNamed(name)
    const version = versions.find(({ id }) => id === deployed_version_id)
    return [name, version?.code, version?.secrets.map((secret) => secret.name).sort()]
  }),
})

/** In a copy, because a deploy leaves its record in the project. */
const deployHere = async (...args: string[]): Promise<string> => {
  const { tenant, certificate, fetch, termsUrl } = world
  const project = await MiniProject.create()
  const printed: string[] = []
  const code = await runToExitCode(deploy, {
    root: project.root,
    args: ['--yes', ...args],
    env: {
      AUTH0_DOMAIN: tenant.host,
      AUTH0_CLIENT_ID: 'deploy-cli',
      AUTH0_CLIENT_SECRET: tenant.store.state.clients['deploy-cli']?.client_secret,
      NODE_EXTRA_CA_CERTS: certificate.caFile,
      CUSTOMER_URL: world.customers.customersUrl,
      CUSTOMER_TOKEN,
      TERMS_URL: termsUrl,
      TERMS_TOKEN_SECRET: SIGNING_KEY,
    },
    print: (text) => printed.push(text),
    tell: (text) => printed.push(text),
    progress: (text, work) => work((detail) => printed.push(text, detail)),
    leaves: () => undefined,
    fetch: fetch as typeof globalThis.fetch,
    runCli: runWarmCli,
  })
  await project.remove()
  expect({ code, printed }).toEqual({ code: 0, printed })
  return printed.join('\n')
}

const userNamed = (user: string) => {
  const found = Object.values(world.tenant.store.state.users).find(
    ({ email }) => email === `${user}@example.com`,
  )
  if (found === undefined) throw new Error(`${user} is not in the tenant`)
  return found
}
