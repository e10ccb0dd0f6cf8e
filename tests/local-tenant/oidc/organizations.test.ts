/** Signing in to an organization: who may, and what Actions and tokens learn of it. */
import { beforeEach, describe, expect, test } from '@jest/globals'
import { decodeJwt } from 'jose'
import * as client from 'openid-client'
import {
  action,
  answerOf,
  bindActions,
  CARA,
  CARA_ID,
  openAuthorize,
  redeem,
  shareTestTenant,
  signIn,
} from '../../../test-kit/local-tenant/oidc-harness.ts'

const { local, application } = await shareTestTenant()
const ACME = 'org_acme00000000000'
const AUDIENCE = 'https://api.example.com'

beforeEach(() => {
  const { state } = local
  state.roles = { rol_editor: role('editor', [CARA_ID]), rol_owner: role('owner', []) }
  state.organizations[ACME] = {
    id: ACME,
    name: 'acme',
    display_name: 'Acme',
    metadata: { plan: 'gold' },
    enabled_connections: [
      { connection_id: 'con_local000database', assign_membership_on_login: false },
    ],
    members: { [CARA_ID]: ['rol_owner'] },
  }
  usage('allow')
  // What the Action sees becomes a claim.
  bindActions(state, [
    action('see', {
      onExecutePostLogin: `api.idToken.setCustomClaim('https://seen.example',
        { organization: event.organization, roles: event.authorization.roles })`,
    }),
  ])
})

const role = (name: string, users: string[]) => ({
  id: `rol_${name}`,
  name,
  description: '',
  users,
})

const usage = (organization_usage: string): void => {
  Object.assign(local.state.clients['web-app'] ?? {}, { organization_usage })
}

const errorAfter = async (parameters: Record<string, string>): Promise<Record<string, string>> =>
  answerOf((await signIn(local.browser(), application, CARA, parameters)).page.url)

describe('with an organization', () => {
  test('Actions see it and the roles there, and the tokens name it', async () => {
    const ask = { organization: ACME, audience: AUDIENCE }
    const login = await signIn(local.browser(), application, CARA, ask)
    const tokens = await redeem(application, login)
    expect(tokens.claims()).toMatchObject({
      org_id: ACME,
      'https://seen.example': {
        organization: { id: ACME, name: 'acme', display_name: 'Acme', metadata: { plan: 'gold' } },
        roles: ['owner'],
      },
    })
    expect(decodeJwt(tokens.access_token)).toMatchObject({ org_id: ACME })
    const refreshed = await client.refreshTokenGrant(application, tokens.refresh_token ?? '')
    expect(refreshed.claims()).toMatchObject({
      org_id: ACME,
      'https://seen.example': { organization: { id: ACME }, roles: ['owner'] },
    })
  })

  test('a refresh is refused once the user has left it', async () => {
    const login = await signIn(local.browser(), application, CARA, { organization: ACME })
    const { refresh_token: token = '' } = await redeem(application, login)
    const organization = local.state.organizations[ACME]
    if (organization !== undefined) organization.members = {}
    await expect(client.refreshTokenGrant(application, token)).rejects.toMatchObject({
      error: 'invalid_grant',
    })
  })

  test('who is not a member is refused, before any Action', async () => {
    const organization = local.state.organizations[ACME]
    if (organization !== undefined) organization.members = {}
    bindActions(local.state, [action('no', { onExecutePostLogin: `api.access.deny('ran')` })])
    expect(await errorAfter({ organization: ACME })).toMatchObject({
      error: 'access_denied',
      error_description: `user ${CARA_ID} is not part of the ${ACME} organization`,
    })
  })

  test('who is not a member becomes one where the connection says so', async () => {
    const organization = local.state.organizations[ACME]
    if (organization === undefined) throw new Error('Acme is gone')
    organization.members = {}
    for (const enabled of organization.enabled_connections)
      enabled.assign_membership_on_login = true
    expect(await errorAfter({ organization: ACME })).toHaveProperty('code')
    expect(organization.members).toEqual({ [CARA_ID]: [] })
  })

  test('only its connections are offered, for single sign-on too', async () => {
    const browser = local.browser()
    await signIn(browser, application, CARA)
    const organization = local.state.organizations[ACME]
    if (organization !== undefined) organization.enabled_connections = []
    const { page } = await openAuthorize(browser, application, { organization: ACME })
    expect(page.html).toContain('No connection is enabled')
  })

  test.each([
    ['org_unknown', 'allow', 'invalid_request', /organization/],
    [ACME, 'deny', 'invalid_request', /^parameter organization is not allowed for this client$/],
    [
      undefined,
      'require',
      'invalid_request',
      /^parameter organization is required for this client$/,
    ],
  ])(
    '%s where the client says %s is refused with %s',
    async (organization, allowed, error, why) => {
      usage(allowed)
      const parameters = organization === undefined ? {} : { organization }
      const { page } = await openAuthorize(local.browser(), application, parameters)
      expect(answerOf(page.url)).toMatchObject({
        error,
        error_description: expect.stringMatching(why),
      })
    },
  )
})

test('without an organization Actions see the roles of the user, and no organization', async () => {
  const tokens = await redeem(application, await signIn(local.browser(), application, CARA))
  expect(tokens.claims()?.['https://seen.example']).toEqual({ roles: ['editor'] })
  expect(tokens.claims()).not.toHaveProperty('org_id')
})
