import type { Claim } from '../shared/decision.ts'
import type { Manifest } from '../shared/manifest.ts'
import type { MetadataKind } from '../shared/metadata.ts'
import { checkClaimName, problemAt, type SettingsProblem } from '../shared/settings-problem.ts'

export interface ClaimSetting {
  /** With its namespace, because applications and Auth0 own the short names. */
  readonly claim: string
  readonly from: { readonly metadata: MetadataKind; readonly path: readonly [string, ...string[]] }
  readonly tokens: readonly Claim['token'][]
  /** Only where the application asked for this scope. */
  readonly scope?: string
  /** Only for these client_ids. */
  readonly clients?: readonly string[]
}

export interface AddClaimsSettings {
  readonly claims: readonly ClaimSetting[]
}

const NAMESPACE = 'https://example.com/claims'

export const settings: AddClaimsSettings = {
  claims: [
    {
      claim: `${NAMESPACE}/customer_id`,
      from: { metadata: 'app_metadata', path: ['customer_id'] },
      tokens: ['id_token', 'access_token'],
    },
    {
      claim: `${NAMESPACE}/terms_version`,
      from: { metadata: 'app_metadata', path: ['terms', 'version'] },
      tokens: ['id_token', 'access_token'],
    },
    {
      claim: `${NAMESPACE}/department`,
      from: { metadata: 'app_metadata', path: ['idp', 'department'] },
      tokens: ['id_token'],
      scope: 'profile',
    },
    {
      claim: `${NAMESPACE}/groups`,
      from: { metadata: 'app_metadata', path: ['idp', 'groups'] },
      tokens: ['access_token'],
      scope: 'read:groups',
    },
    {
      claim: `${NAMESPACE}/newsletter`,
      from: { metadata: 'user_metadata', path: ['newsletter'] },
      tokens: ['id_token'],
      scope: 'profile',
    },
  ],
}

export const manifest = {
  writes: [],
  secrets: [],
  fails: 'open',
} as const satisfies Manifest

export const checkSettings = (checked: AddClaimsSettings = settings): SettingsProblem[] =>
  checked.claims.flatMap(({ claim, tokens }, index) => [
    ...checkClaimName(`claims[${index}].claim`, claim),
    ...problemAt(
      `claims[${index}].tokens`,
      tokens.length === 0 ? 'is empty; name "id_token", "access_token" or both' : undefined,
    ),
  ])
