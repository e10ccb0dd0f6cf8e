import { checkPatternSum, checkWhen, patternsIn, when } from '../shared/check-when.ts'
import { jsonBytes, type JsonValue, type Path } from '../shared/json.ts'
import type { MetadataKind } from '../shared/metadata.ts'
import * as s from '../shared/schema.ts'
import { problemAt, type Problem } from '../shared/problem.ts'
import { checkClaimName } from '../shared/check-names.ts'
import { sourcesIn, type When } from '../shared/when.ts'

/** Where the value of a claim comes from. Elements of a path are own properties, one each. */
export type ClaimSource =
  /** What the Actions before this one keep: mapped attributes, the terms record, look-ups. */
  | { readonly metadata: MetadataKind; readonly path: Path }
  /** A standard attribute of the profile itself, e.g. `['email']`: the primary identity's. */
  | { readonly profile: Path }
  /** The same for everybody whom the gates let through. */
  | { readonly constant: JsonValue }

export interface ClaimSetting {
  /** With its namespace, because applications and Auth0 own the short names. */
  readonly claim: string
  readonly from: ClaimSource
  /** May be empty for an attribute of SAML alone. */
  readonly tokens: readonly ('id_token' | 'access_token')[]
  /**
   * Name of the attribute in the assertion, where the application signs in by SAML or
   * WS-Federation. Neither knows scopes or audiences.
   */
  readonly samlAttribute?: string
  /** Which sign-ins it is for. Default: every one. */
  readonly when?: When
  /** An access token may carry it although it is personal: APIs log tokens, and pass them on. */
  readonly allowPersonal?: boolean
}

export interface AddClaimsSettings {
  /**
   * In order of importance: where the room ends, the later ones are left out, and of several with
   * one name, e.g. for different clients, a token carries the first that has a value.
   */
  readonly claims: readonly ClaimSetting[]
  /** Bytes of JSON that one claim, name and value, may take; a larger one is left out, never cut. */
  readonly maxClaimBytes: number
  /**
   * The same for all of them in one token. Auth0 takes 100 kB, but an access token travels in a
   * header, and servers take 8 to 16 kB of those in all.
   */
  readonly maxTokenBytes: number
}

type SourceWith<Name extends string> = Extract<ClaimSource, Readonly<Record<Name, unknown>>>

const from = s.alternatives<ClaimSource>({
  metadata: s.object<SourceWith<'metadata'>>({
    metadata: s.words('app_metadata', 'user_metadata'),
    path: s.path,
  }),
  profile: s.object<SourceWith<'profile'>>({ profile: s.path }),
  constant: s.object<SourceWith<'constant'>>({ constant: s.json }),
})

/**
 * Earlier settings had a gate of each kind. Those of scope and audience were open to SAML, which
 * knows neither.
 */
const formerGates = (
  _value: unknown,
  { scope, audiences, clients, samlAttribute }: Record<string, unknown>,
): string => {
  const asked = {
    ...(scope !== undefined && { scope: { contains: scope } }),
    ...(audiences !== undefined && { audience: { oneOf: audiences } }),
  }
  const isOpenToSaml = samlAttribute !== undefined && Object.keys(asked).length > 0
  const when = {
    ...(clients !== undefined && { client: { oneOf: clients } }),
    ...(isOpenToSaml ? { any: [asked, { protocol: { oneOf: ['samlp', 'wsfed'] } }] } : asked),
  }
  return `write when: ${s.written(when)} in place of scope, audiences and clients`
}

const claim = s.object<ClaimSetting>(
  {
    claim: s.string,
    from,
    tokens: s.list(s.words('id_token', 'access_token')),
    samlAttribute: s.optional(s.string),
    when: s.optional(when),
    allowPersonal: s.optional(s.boolean),
  },
  {
    scope: formerGates,
    audiences: formerGates,
    clients: formerGates,
  },
)

const schema = s.object<AddClaimsSettings>({
  claims: s.list(claim),
  maxClaimBytes: s.number,
  maxTokenBytes: s.number,
})

const NOT_IN_SAML = ['scope', 'audience'] as const

const needs = (when: When, source: 'scope' | 'audience'): boolean =>
  when[source] !== undefined || (when.all ?? []).some((one) => needs(one, source))

/** Auth0's limit for the name of an attribute, in bytes. */
const MAX_SAML_NAME_BYTES = 1024

const checkMeaning = (settings: AddClaimsSettings): Problem[] => [
  ...settings.claims.flatMap((setting, index) => checkClaim(`claims[${index}]`, setting)),
  ...checkPatternSum(
    'claims',
    settings.claims.flatMap((claim) => patternsIn(claim.when ?? {})),
  ),
  ...(['maxClaimBytes', 'maxTokenBytes'] as const).flatMap((name) =>
    problemAt(
      name,
      Number.isInteger(settings[name]) && settings[name] > 0 && settings[name] <= 65_536
        ? undefined
        : 'is not a number of bytes, 1 to 65536',
    ),
  ),
]

const checkClaim = (at: string, setting: ClaimSetting): Problem[] => {
  const { claim, from, tokens, samlAttribute } = setting
  const path: readonly (string | number)[] =
    'constant' in from ? [] : 'profile' in from ? from.profile : from.path
  // Who gets a claim for what they wrote themselves is told as personal as the value.
  const isPersonal = personalSource(from) || sourcesIn(setting.when ?? {}).includes('userMetadata')
  return [
    ...checkClaimName(`${at}.claim`, claim),
    ...problemAt(
      `${at}.tokens`,
      tokens.length === 0 && samlAttribute === undefined
        ? 'is empty; name "id_token", "access_token" or both, or give a samlAttribute'
        : undefined,
    ),
    ...problemAt(
      `${at}.samlAttribute`,
      samlAttribute?.trim() === '' || jsonBytes(samlAttribute ?? '') > MAX_SAML_NAME_BYTES
        ? 'is empty or longer than 1024 bytes'
        : undefined,
    ),
    ...checkWhen(`${at}.when`, setting.when ?? {}),
    ...problemAt(
      `${at}.samlAttribute`,
      samlAttribute !== undefined && NOT_IN_SAML.some((source) => needs(setting.when ?? {}, source))
        ? `is never set, because SAML knows no scopes and audiences: write when: { any: [{ scope: … }, { protocol: { oneOf: ['samlp', 'wsfed'] } }] }, or take samlAttribute out`
        : undefined,
    ),
    ...problemAt(`${at}.from`, path.includes('') ? 'holds an empty name' : undefined),
    ...problemAt(`${at}.from`, 'profile' in from ? profileProblem(from.profile[0]) : undefined),
    ...problemAt(
      `${at}.tokens`,
      isPersonal && tokens.includes('access_token') && setting.allowPersonal !== true
        ? 'puts something personal into access tokens; take "access_token" out or add allowPersonal: true'
        : undefined,
    ),
    ...problemAt(
      `${at}.allowPersonal`,
      setting.allowPersonal !== undefined && !(isPersonal && tokens.includes('access_token'))
        ? 'allows what is not asked for; take it out'
        : undefined,
    ),
  ]
}

/** Attributes of Auth0's normalized profile, and the standard claims of OpenID Connect. */
const PROFILE_NAMES: readonly string[] = (
  'user_id email email_verified name nickname given_name family_name picture username ' +
  'phone_number phone_verified created_at updated_at last_password_reset ' +
  'middle_name preferred_username profile website gender birthdate zoneinfo locale ' +
  'phone_number_verified address'
).split(' ')

/**
 * Groups and the like on the root of the profile are what the primary identity's provider says, which
 * a sign-in by another identity would carry into its tokens.
 */
const profileProblem = (name: string): string | undefined => {
  if (name === 'app_metadata' || name === 'user_metadata')
    return `is metadata; write { metadata: '${name}', path: […] }`
  return name === '' || PROFILE_NAMES.includes(name)
    ? undefined
    : `"${name}" is no standard attribute of a profile, but what the primary identity's provider says, however the user signs in; map it with map-idp-attributes and read the metadata`
}

/** What tells a person apart or describes one, wherever it is kept. */
const PERSONAL_NAMES =
  /(?:^|_)(?:e?mails?|names?|nickname|picture|phone|address|street|birth\w*|gender|locale|employee_number|ip)(?:$|_)/i

/** All of the profile but ids and flags, all of `user_metadata`, and telling names anywhere. */
const personalSource = (from: ClaimSource): boolean => {
  if ('constant' in from) return false
  if ('profile' in from)
    return !['user_id', 'email_verified', 'phone_verified'].includes(from.profile[0])
  return (
    from.metadata === 'user_metadata' || from.path.some((name) => PERSONAL_NAMES.test(String(name)))
  )
}

export const checkSettings = s.checkerOf(schema, checkMeaning)
