import { allow, type Allow, type Claim, type Note, type Reason } from '../shared/decision.ts'
import { jsonBytes, readPath, type JsonValue } from '../shared/json.ts'
import { holds, reasonsOf } from '../shared/when.ts'
import type { ClaimFacts } from './facts.ts'
import type { AddClaimsSettings, ClaimSetting, ClaimSource } from './schema.ts'

/** The protocols whose answer is an assertion. */
const SAML_PROTOCOLS: readonly string[] = ['samlp', 'wsfed']

/** Auth0's limit for a string in an attribute. */
const MAX_SAML_CHARACTERS = 2048

export const decideClaims = (facts: ClaimFacts, settings: AddClaimsSettings): Allow => {
  const claims: Claim[] = []
  const notes: Note[] = []
  const reasons: Reason[] = []
  const room: Record<Claim['token'], number> = {
    id_token: settings.maxTokenBytes,
    access_token: settings.maxTokenBytes,
    saml_response: settings.maxTokenBytes,
  }
  for (const [index, setting] of settings.claims.entries()) {
    const path = `claims[${index}]`
    const { when = {} } = setting
    if (!holds(when, facts)) {
      reasons.push({
        code: 'not_meant',
        path: reasonsOf(when, facts, `${path}.when`)[0]?.path ?? path,
      })
      continue
    }
    const targets = targetsOf(setting, facts)
    const value = readSource(setting.from, facts)
    if (value === undefined || value === null) {
      reasons.push({ code: 'without_value', path })
      continue
    }
    for (const { token, name } of targets) {
      if (claims.some((claim) => claim.token === token && claim.name === name)) {
        reasons.push({ code: 'set_before', path })
        continue
      }
      const claim = { token, name, value: value as JsonValue }
      // The comma, the colon and the quotes of the name count with it.
      const bytes = jsonBytes(name) + jsonBytes(value) + 2
      const code = refusalOf(claim, bytes, settings.maxClaimBytes, room[token])
      reasons.push({ code: code ?? 'set', path })
      if (code === undefined) {
        room[token] -= bytes
        claims.push(claim)
      } else if (!notes.some((note) => note.code === code && note.target === setting.claim)) {
        notes.push({ code, target: setting.claim })
      }
    }
  }
  return allow({ claims, notes, reasons })
}

/** Under which name the claim goes where, in this sign-in. */
const targetsOf = (
  { claim, tokens, samlAttribute }: ClaimSetting,
  { protocol }: ClaimFacts,
): { token: Claim['token']; name: string }[] => {
  const isSaml = protocol !== undefined && SAML_PROTOCOLS.includes(protocol)
  return [
    ...tokens.map((token) => ({ token, name: claim })),
    ...(isSaml && samlAttribute !== undefined
      ? [{ token: 'saml_response' as const, name: samlAttribute }]
      : []),
  ]
}

const readSource = (from: ClaimSource, { metadata, profile }: ClaimFacts): unknown => {
  if ('constant' in from) return from.constant
  return 'profile' in from
    ? readPath(profile, from.profile)
    : readPath(metadata[from.metadata], from.path)
}

/** Why a claim is left out, or `undefined`. */
const refusalOf = (
  { token, value }: Claim,
  bytes: number,
  maxClaimBytes: number,
  room: number,
): string | undefined => {
  if (token === 'saml_response' && !isSamlValue(value)) return 'saml_value_unusable'
  if (bytes > maxClaimBytes) return 'claim_too_large'
  return bytes > room ? 'claims_budget_exceeded' : undefined
}

/** An attribute is a string, a number, a boolean or a list of those; for others Auth0 throws. */
const isSamlValue = (value: JsonValue): boolean =>
  (Array.isArray(value) ? value : [value]).every(
    (item) =>
      typeof item === 'number' ||
      typeof item === 'boolean' ||
      (typeof item === 'string' && item.length <= MAX_SAML_CHARACTERS),
  )
