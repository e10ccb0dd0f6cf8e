import type { PostLoginAPI } from '@auth0/actions-types/post-login/v3'
import type { TracedCommand } from '../trace.ts'
import { toJson } from '../json.ts'
import { withoutTokens } from './redact.ts'

export type CacheRecord = NonNullable<ReturnType<PostLoginAPI['cache']['get']>>

/**
 * What one run of one handler asked for, as plain data that can be cloned. Values are copies in JSON
 * form. An absent member was not asked for.
 */
export interface ApiResult {
  /** The first thousand calls in their order; secrets and tokens are left out. */
  commands: TracedCommand[]
  /** The last value per top-level key; `null` deletes. */
  app_metadata: Record<string, unknown>
  user_metadata: Record<string, unknown>
  /** Why the profile update will be refused although the setter returned, as for `undefined`. */
  profileUpdateError?: string
  /** Without the names that Auth0 drops. */
  idTokenClaims: Record<string, unknown>
  accessTokenClaims: Record<string, unknown>
  addedScopes: string[]
  removedScopes: string[]
  samlAttributes: Record<string, unknown>
  samlConfiguration: Record<string, unknown>
  redirect?: { url: string }
  /** The Form of `api.prompt.render`. */
  form?: { id: string; fields: Record<string, unknown>; vars: Record<string, unknown> }
  denied?: { reason: string }
  validationError?: { code: string; message: string }
  /** Commands that exclude each other were used: the sign-in fails with this message. */
  aborted?: string
  primaryUserId?: string
  /** All of it as it now is, when the handler changed it; the same for the two below. */
  transactionMetadata?: Record<string, string | number | boolean>
  sessionMetadata?: Record<string, string>
  refreshTokenMetadata?: Record<string, string>
  cookieMode?: 'persistent' | 'non-persistent'
  /** In order; `null` deletes. */
  cacheChanges: { key: string; record: CacheRecord | null }[]
}

export const emptyResult = (): ApiResult => ({
  commands: [],
  app_metadata: {},
  user_metadata: {},
  idTokenClaims: {},
  accessTokenClaims: {},
  addedScopes: [],
  removedScopes: [],
  samlAttributes: {},
  samlConfiguration: {},
  cacheChanges: [],
})

/** Limits the trace of an endless loop. Later calls still take effect. */
const MAX_COMMANDS = 1000

/** Adds a call to `commands`. What JSON cannot express is named, for example `[undefined]`. */
export type Recorder = (name: string, ...args: unknown[]) => void

export const recorderOf =
  (result: ApiResult, onCommand: (command: TracedCommand) => void): Recorder =>
  (name, ...args) => {
    if (result.commands.length >= MAX_COMMANDS) return
    const command = {
      name,
      arguments: args.map((value) => {
        const json = toJson(value)
        return json === undefined ? `[${typeof value}]` : withoutTokens(json)
      }),
    }
    result.commands.push(command)
    onCommand(command)
  }
