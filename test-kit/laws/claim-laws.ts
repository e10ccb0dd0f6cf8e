import { expect } from '@jest/globals'
import type { Event } from '@auth0/actions-types/post-login/v3'
import * as fc from 'fast-check'
import type { AddClaimsSettings } from '../../actions/add-claims/schema.ts'
import { isSettableClaim } from '../../local-tenant/api/claims.ts'
import { decideOutcome } from '../../local-tenant/api/outcome.ts'
import { createPostLoginApi } from '../../local-tenant/api/post-login-api.ts'
import type { TracedCommand } from '../../local-tenant/trace.ts'
import { json } from '../actions/arbitraries.ts'
import { buildEvent } from '../actions/event.ts'
import { hostileText, signIns, type LawSubject } from './arbitraries.ts'
import { bundleWithSettings, SETTINGS_MODULE } from './bundle-variant.ts'
import { loadAction } from './load-action.ts'

/** Tells what came out of `user_metadata`, wherever it turns up. */
const MARK = 'of-the-user'

/** Names that are drawn for what is stored. */
export const KEYS = ['customer_id', 'newsletter', 'idp', 'terms', 'a', 'email', '__proto__', '']

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

/** Throws when it is broken. */
type ClaimLaw = (commands: readonly TracedCommand[], settings: AddClaimsSettings) => void

/** By what they claim. */
export const CLAIM_LAWS: ReadonlyMap<string, ClaimLaw> = new Map<string, ClaimLaw>([
  [
    'no claim is set that Auth0 would drop or refuse',
    (commands) => {
      const names = commands
        .filter(({ name }) => name.endsWith('setCustomClaim'))
        .map(({ arguments: [claim] }) => String(claim))
      expect(names.filter((name) => name === 'scope' || !isSettableClaim(name))).toEqual([])
    },
  ],
  [
    'nothing of user_metadata is in an access token, unless the settings say so for that claim',
    (commands, { claims }) => {
      const allowed = claims
        .filter((claim) => claim.allowPersonal === true && 'metadata' in claim.from)
        .map(({ claim }) => claim)
      const leaks = commands
        .filter(({ name }) => name === 'accessToken.setCustomClaim')
        .filter(({ arguments: [, value] }) => JSON.stringify(value).includes(MARK))
        .map(({ arguments: [claim] }) => String(claim))
      expect(leaks.filter((claim) => !allowed.includes(claim))).toEqual([])
    },
  ],
  [
    'a token carries no more than its room',
    (commands, { maxTokenBytes, maxClaimBytes }) => {
      for (const token of ['idToken', 'accessToken']) {
        const sizes = commands
          .filter(({ name }) => name === `${token}.setCustomClaim`)
          .map(({ arguments: pair }) => Buffer.byteLength(JSON.stringify(pair)) - '[]'.length)
        expect(Math.max(0, ...sizes)).toBeLessThanOrEqual(maxClaimBytes)
        expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(maxTokenBytes)
      }
    },
  ],
])

/** Holds a law to drawn sign-ins with drawn settings. Throws with a counterexample. */
export const checkClaimLaw = async (
  law: ClaimLaw,
  drawnSettings: fc.Arbitrary<AddClaimsSettings>,
  subject: LawSubject,
  runs: { numRuns: number; seed: number },
): Promise<void> => {
  const code = await bundleWithSettings('add-claims')
  const world = fc.record({
    settings: drawnSettings,
    signIn: signIns(subject),
    user_metadata: metadata(hostileText.map((text) => `${text}${MARK}`)),
    app_metadata: metadata(fc.oneof(json, fc.constant('cus_1'))),
  })
  await fc.assert(
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
      law(result.commands, settings)
    }),
    runs,
  )
}
