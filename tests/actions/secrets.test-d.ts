// Checked by `tsc` with everything else and never run: jest does not take `.test-d.ts`.
//
// A line under `@ts-expect-error` is a mistake that must not compile; if it starts to compile, the
// unused directive is itself an error.
import type { DenyCode } from '../../actions/guard-access/sentences.ts'
import type { Event } from '@auth0/actions-types/post-login/v3'
import type { SecretName } from '../../actions/enforce-terms/manifest.ts'
import { allow, deny, type Decision, type Deny } from '../../actions/shared/decision.ts'
import type { ActionEvent, Handler } from '../../actions/shared/event.ts'
import type { MetadataChange } from '../../actions/shared/metadata.ts'

declare const event: ActionEvent<SecretName>
type WithoutSecrets = ActionEvent['secrets']
declare const change: MetadataChange

/** A secret that the manifest names may be missing at run time. */
export const key: string | undefined = event.secrets.TERMS_TOKEN_SECRET

// @ts-expect-error -- mistyped
export type Mistyped = (typeof event.secrets)['TERMS_TOKEN_SECRETS']
// @ts-expect-error -- a secret is never certain
export const certain: string = event.secrets.TERMS_URL
// @ts-expect-error -- an Action without secrets has none
export type None = WithoutSecrets['TERMS_URL']
// @ts-expect-error -- secrets are read, not written
event.secrets.TERMS_URL = 'https://example.com'

/** A handler with secrets takes what Auth0 hands over. */
export const handler = (handle: Handler<SecretName>, auth0Event: Event) =>
  handle(auth0Event, {} as never)

// @ts-expect-error -- a handler that may be a plain function
export const plain: Handler = () => undefined

/** Only an allowed sign-in can write. */
export const allowed: Decision = allow({ changes: [change] })

// @ts-expect-error -- a denial that writes
export const denied: Deny = { kind: 'deny', code: 'client_blocked', changes: [change] }
export const redirected: Decision = {
  kind: 'redirect',
  url: '',
  payload: {},
  signedWith: '',
  expiresInSeconds: 1,
  remember: {},
  // @ts-expect-error -- a redirect that writes
  changes: [change],
}
// @ts-expect-error -- a code without a sentence
export const unknownCode: Deny<DenyCode> = deny('client_blokced')
// @ts-expect-error -- `undefined` is no metadata: Auth0 fails the sign-in over it
allow({ changes: [{ metadata: 'app_metadata', key: 'a', value: undefined }] })
