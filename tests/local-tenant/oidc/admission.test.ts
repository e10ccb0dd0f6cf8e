import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import * as client from 'openid-client'
import type { TenantState } from '../../../local-tenant/store.ts'
import { PEOPLE_PASSWORD } from '../../../playground/seed/people.ts'
import {
  action,
  answerOf,
  bindActions,
  CARA,
  openAuthorize,
  redeem,
  shareTestTenant,
  signIn,
  startTestTenant,
  type TestTenant,
} from '../../../test-kit/local-tenant/oidc-harness.ts'

const shared = await shareTestTenant()

const REASON = 'The Action check is bound and has no deployed version.'
const UNAVAILABLE = 'temporarily_unavailable'
const PASSWORD_REALM = 'http://auth0.com/oauth/grant-type/password-realm'

const password = { username: CARA, password: PEOPLE_PASSWORD, scope: 'openid offline_access' }

/** What the application is told instead of getting tokens. */
const refusalOf = async (answer: Promise<unknown>): Promise<Record<string, unknown>> => {
  const error: unknown = await answer.then(
    () => new Error('tokens were granted'),
    (reason: unknown) => reason,
  )
  if (!(error instanceof client.ResponseBodyError)) throw error
  return { error: error.error, error_description: error.error_description }
}

/** An Action that would stop everybody. */
const bindCheck = (state: TenantState): void => {
  bindActions(state, [
    action('check', {
      onExecutePostLogin: `api.redirect.sendUserTo('https://app.example.test/page')`,
      onContinuePostLogin: '',
    }),
  ])
}

describe('a tenant whose Actions were lost', () => {
  let local: TestTenant
  let application: client.Configuration

  beforeAll(async () => {
    local = await startTestTenant()
    bindCheck(local.state)
    local.state.actions = {}
    application = await local.application()
  })
  afterAll(() => local.close())

  const closed = { error: UNAVAILABLE, error_description: REASON }

  test.each([{}, { prompt: 'none' }, { prompt: 'login' }, { connection: 'google-oauth2' }])(
    'answers the application of a sign-in with %j that and why it is not possible yet',
    async (parameters) => {
      const { page, state } = await openAuthorize(local.browser(), application, parameters)
      expect(answerOf(page.url)).toEqual({ ...closed, state })
    },
  )

  test.each(['password', PASSWORD_REALM, 'refresh_token', 'authorization_code'])(
    'grants nothing by %s',
    async (grantType) => {
      const realm = 'Username-Password-Authentication'
      const fields = { ...password, realm, refresh_token: 'any', code: 'any' }
      const answer = client.genericGrantRequest(application, grantType, fields)
      expect(await refusalOf(answer)).toEqual(closed)
    },
  )

  test.each(['/u/login?state=x', '/idp/google-oauth2?state=x', '/continue?state=x'])(
    'shows at %s a page that says so',
    async (path) => {
      const page = await local.browser().open(`${local.tenant.url}${path}`)
      expect([page.status, page.document.text]).toEqual([503, expect.stringContaining(REASON)])
    },
  )

  test('counts no login, begins no session and remembers no flow', () => {
    const { users, sessions, refresh_tokens, traces } = local.state
    expect(Object.values(users).map(({ logins_count }) => logins_count)).not.toContain(1)
    expect([sessions, refresh_tokens, traces]).toEqual([{}, {}, []])
  })

  test('says so at its own address too, which names the applications to begin at', async () => {
    const page = await local.browser().open(`${local.tenant.url}/`)
    expect([page.status, page.document.text]).toEqual([200, expect.stringContaining(REASON)])
    expect(page.document.querySelectorAll('li a').map((link) => link.text)).toEqual([
      'https://app.example.test',
    ])
  })

  test('lets the Deploy CLI in, which brings the Actions', async () => {
    const deployer = await local.application('deploy-cli')
    const audience = `${local.tenant.url}/api/v2/`
    const { access_token } = await client.clientCredentialsGrant(deployer, { audience })
    expect(access_token).not.toBe('')
  })

  test('lets everybody in once nothing is bound', async () => {
    bindActions(local.state, [])
    const login = await signIn(local.browser(), application, CARA)
    expect((await redeem(application, login)).id_token).toBeDefined()
  })
})

describe('a tenant with a binding whose Action has nothing deployed', () => {
  const closed = { error: UNAVAILABLE, error_description: REASON }
  const spoils: [string, () => void][] = [
    ['is not there', () => (shared.local.state.actions = {})],
    [
      'was never deployed',
      () => {
        const [stored] = Object.values(shared.local.state.actions)
        delete stored?.deployed_version_id
      },
    ],
    [
      'lost its version',
      () => {
        const [stored] = Object.values(shared.local.state.actions)
        if (stored !== undefined) stored.versions = []
      },
    ],
  ]

  test.each(spoils)('that %s grants nothing, on any path', async (_how, spoil) => {
    const browser = shared.local.browser()
    const fresh = await signIn(browser, shared.application, CARA)
    const { refresh_token: refreshToken = '' } = await redeem(shared.application, fresh)
    const unredeemed = await signIn(browser, shared.application, CARA, { prompt: 'login' })
    bindCheck(shared.local.state)
    const away = await openAuthorize(shared.local.browser(), shared.application)
    expect(away.page.url).toContain('/u/login')
    const suspended = await signIn(shared.local.browser(), shared.application, CARA)
    const state = new URL(suspended.page.url).searchParams.get('state') ?? ''
    spoil()

    const silent = await openAuthorize(browser, shared.application, { prompt: 'none' })
    expect(answerOf(silent.page.url)).toMatchObject(closed)
    const refreshed = client.refreshTokenGrant(shared.application, refreshToken)
    expect(await refusalOf(refreshed)).toEqual(closed)
    expect(await refusalOf(redeem(shared.application, unredeemed))).toEqual(closed)
    const grant = client.genericGrantRequest(shared.application, 'password', password)
    expect(await refusalOf(grant)).toEqual(closed)
    const back = await shared.local
      .browser()
      .open(`${shared.local.tenant.url}/continue?state=${state}`)
    expect([back.status, back.document.text]).toEqual([
      503,
      expect.stringContaining(closed.error_description),
    ])
  })
})
