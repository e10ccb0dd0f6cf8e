import { beforeAll, describe, expect, test } from '@jest/globals'
import type { Event } from '@auth0/actions-types/post-login/v3'
import * as fc from 'fast-check'
import {
  checkSettings,
  type AddClaimsSettings,
  type ClaimSetting,
} from '../../actions/add-claims/schema.ts'
import { settings as OURS } from '../../test-kit/fixture/actions/add-claims/settings.ts'
import { bundleWithSettings, SETTINGS_MODULE } from '../../test-kit/laws/bundle-variant.ts'
import { isSettableClaim, RESTRICTED_CLAIMS } from '../../local-tenant/api/claims.ts'
import { decideOutcome } from '../../local-tenant/api/outcome.ts'
import { createPostLoginApi } from '../../local-tenant/api/post-login-api.ts'
import type { TracedCommand } from '../../local-tenant/trace.ts'
import { json } from '../../test-kit/actions/arbitraries.ts'
import { buildEvent } from '../../test-kit/actions/event.ts'
import { hostileText, signIns } from '../../test-kit/laws/arbitraries.ts'
import { loadAction } from '../../test-kit/laws/load-action.ts'
import { LAW_RUNS, LAW_TIMEOUT_MS, sayRuns } from '../../test-kit/laws/runs.ts'

/** Tells what came out of `user_metadata`, wherever it turns up. */
const MARK = 'of-the-user'

const KEYS = ['customer_id', 'newsletter', 'idp', 'terms', 'a', 'email', '__proto__', '']

const path = fc.array(fc.constantFrom(...KEYS), { minLength: 1, maxLength: 3 })

const source = fc.oneof(
  fc.record({ metadata: fc.constantFrom('app_metadata', 'user_metadata'), path }),
  fc.record({
    profile: fc.oneof(
      path,
      fc.constantFrom(['user_metadata', 'a'], ['app_metadata'], ['user_id'], ['name']),
    ),
  }),
  fc.record({ constant: json }),
)

const claimName = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('a', 'b').map((name) => `https://example.com/${name}`) },
  fc.constantFrom(...RESTRICTED_CLAIMS, 'scope', 'email', 'name'),
  fc.constantFrom(
    'https://auth0.com/a',
    'https://x.AUTH0.com/a',
    'http://webtask.io:8080/a',
    'urn:auth0:a',
    'URN:Auth0/a',
    'urn:example:a',
    'https://example.com/',
    'https://my-auth0.com/a',
    ' https://auth0.com/a',
  ),
  hostileText,
)

const claimSetting = fc.record(
  {
    claim: claimName,
    from: source,
    tokens: fc.subarray(['id_token', 'access_token']),
    samlAttribute: fc.constantFrom('a', 'department'),
    scope: fc.constantFrom('profile', 'read:groups'),
    clients: fc.subarray(['WebShop0000000000000000000000001', 'other']),
    audiences: fc.subarray(['https://api.example.com/', 'other']),
    allowPersonal: fc.constant(true),
  },
  { requiredKeys: ['claim', 'from', 'tokens'] },
) as unknown as fc.Arbitrary<ClaimSetting>

/** Settings that the build accepts. */
const accepted: fc.Arbitrary<AddClaimsSettings> = fc
  .oneof(
    { weight: 1, arbitrary: fc.constant(OURS) },
    {
      weight: 9,
      arbitrary: fc.record({
        claims: fc.array(claimSetting, { minLength: 1, maxLength: 6 }),
        maxClaimBytes: fc.constantFrom(20, 2048),
        maxTokenBytes: fc.constantFrom(60, 4096),
      }),
    },
  )
  .map((drawn) => ({
    ...drawn,
    claims: drawn.claims.filter(
      (claim) => checkSettings({ ...drawn, claims: [claim] }).length === 0,
    ),
  }))

const metadata = (leaf: fc.Arbitrary<unknown>) =>
  fc.oneof(
    {
      weight: 5,
      arbitrary: fc.dictionary(
        fc.constantFrom(...KEYS),
        fc.oneof(leaf, fc.dictionary(fc.constantFrom(...KEYS), fc.oneof(leaf, fc.array(leaf)))),
      ),
    },
    leaf,
  )

const world = fc.record({
  settings: accepted,
  signIn: signIns(),
  user_metadata: metadata(hostileText.map((text) => `${text}${MARK}`)),
  app_metadata: metadata(fc.oneof(json, fc.constant('cus_1'))),
})

describe('laws of claims, for any settings that the build accepts', () => {
  let code = ''
  beforeAll(async () => {
    sayRuns('Laws of claims')
    code = await bundleWithSettings('add-claims')
  })

  const law = (check: (commands: TracedCommand[], settings: AddClaimsSettings) => void) =>
    fc.assert(
      fc.asyncProperty(world, async ({ settings, signIn, ...stored }) => {
        const handler = loadAction(code, {
          modules: { [SETTINGS_MODULE]: { settings } },
        }).onExecutePostLogin
        const event = {
          ...buildEvent(),
          ...signIn.event,
          user: { ...signIn.user, ...stored },
        } as unknown as Event
        const { api, result } = createPostLoginApi(event)
        await handler?.(event, api)
        expect(decideOutcome(result).kind).toBe('completed')
        check(result.commands, settings)
      }),
      LAW_RUNS,
    )

  test(
    'no claim is set that Auth0 would drop or refuse',
    () =>
      law((commands) => {
        const names = commands
          .filter(({ name }) => name.endsWith('setCustomClaim'))
          .map(({ arguments: [claim] }) => String(claim))
        expect(names.filter((name) => name === 'scope' || !isSettableClaim(name))).toEqual([])
      }),
    LAW_TIMEOUT_MS,
  )

  test(
    'nothing of user_metadata is in an access token, unless the settings say so for that claim',
    () =>
      law((commands, { claims }) => {
        const allowed = claims
          .filter((claim) => claim.allowPersonal === true && 'metadata' in claim.from)
          .map(({ claim }) => claim)
        const leaks = commands
          .filter(({ name }) => name === 'accessToken.setCustomClaim')
          .filter(({ arguments: [, value] }) => JSON.stringify(value).includes(MARK))
          .map(({ arguments: [claim] }) => String(claim))
        expect(leaks.filter((claim) => !allowed.includes(claim))).toEqual([])
      }),
    LAW_TIMEOUT_MS,
  )

  test(
    'a token carries no more than its room',
    () =>
      law((commands, { maxTokenBytes, maxClaimBytes }) => {
        for (const token of ['idToken', 'accessToken']) {
          const sizes = commands
            .filter(({ name }) => name === `${token}.setCustomClaim`)
            .map(({ arguments: pair }) => Buffer.byteLength(JSON.stringify(pair)) - '[]'.length)
          expect(Math.max(0, ...sizes)).toBeLessThanOrEqual(maxClaimBytes)
          expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(maxTokenBytes)
        }
      }),
    LAW_TIMEOUT_MS,
  )
})
