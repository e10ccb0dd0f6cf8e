import { beforeAll, describe, test } from '@jest/globals'
import * as fc from 'fast-check'
import {
  checkSettings,
  type AddClaimsSettings,
  type ClaimSetting,
} from '../../actions/add-claims/schema.ts'
import { settings as OURS } from '../../test-kit/fixture/actions/add-claims/settings.ts'
import { RESTRICTED_CLAIMS } from '../../local-tenant/api/claims.ts'
import { json } from '../../test-kit/actions/arbitraries.ts'
import { hostileText } from '../../test-kit/laws/arbitraries.ts'
import { CLAIM_LAWS, checkClaimLaw, KEYS } from '../../test-kit/laws/claim-laws.ts'
import { FIXTURE_SUBJECT } from '../../test-kit/laws/fixture-subject.ts'
import { LAW_RUNS, LAW_TIMEOUT_MS, sayRuns } from '../../test-kit/laws/runs.ts'

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

describe('laws of claims, for any settings that the build accepts', () => {
  beforeAll(() => sayRuns('Laws of claims'))

  test.each([...CLAIM_LAWS])(
    '%s',
    (_name, law) => checkClaimLaw(law, accepted, FIXTURE_SUBJECT, LAW_RUNS),
    LAW_TIMEOUT_MS,
  )
})
