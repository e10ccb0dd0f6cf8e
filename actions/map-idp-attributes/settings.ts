import type { Manifest } from '../shared/manifest.ts'
import type { MetadataKind } from '../shared/metadata.ts'
import {
  checkMetadataKey,
  checkStrategy,
  problemAt,
  type SettingsProblem,
} from '../shared/settings-problem.ts'

/** The top-level key under which mapped attributes lie, in `app_metadata` and `user_metadata`. */
export const IDP_KEY = 'idp'

/** One attribute, from the profile that the identity provider fills to our metadata. */
export interface Mapping {
  /** Which sign-ins it is for: every connection of a strategy, or one connection by name. */
  readonly when: { readonly strategy: string } | { readonly connection: string }
  /**
   * Path from the root of `event.user`, one own property an element, so that a name with dots or a
   * URI is one element: `['address', 'country']`, `['http://schemas.example/claims/department']`.
   */
  readonly source: readonly [string, ...string[]]
  /** Where it goes: `name` under the key `idp` of this metadata. */
  readonly target: { readonly metadata: MetadataKind; readonly name: string }
  /**
   * What the attribute must be. `strings` takes one string or many and keeps them sorted, each
   * once, so that the order a provider happens to send is not a change.
   */
  readonly as: 'string' | 'strings' | 'integer' | 'boolean'
  /** `import` writes while there is no value yet; `force` at each sign-in, where it differs. */
  readonly mode: 'import' | 'force'
}

export interface MapIdpAttributesSettings {
  readonly mappings: readonly Mapping[]
}

const CLAIMS = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims'

export const settings: MapIdpAttributesSettings = {
  mappings: [
    {
      when: { strategy: 'samlp' },
      source: [`${CLAIMS}/department`],
      target: { metadata: 'app_metadata', name: 'department' },
      as: 'string',
      mode: 'force',
    },
    {
      when: { strategy: 'samlp' },
      source: ['employee_number'],
      target: { metadata: 'app_metadata', name: 'employee_number' },
      as: 'string',
      mode: 'import',
    },
    {
      when: { strategy: 'samlp' },
      source: ['groups'],
      target: { metadata: 'app_metadata', name: 'groups' },
      as: 'strings',
      mode: 'force',
    },
    {
      when: { strategy: 'oidc' },
      source: ['groups'],
      target: { metadata: 'app_metadata', name: 'groups' },
      as: 'strings',
      mode: 'force',
    },
    {
      when: { strategy: 'oidc' },
      source: ['address', 'country'],
      target: { metadata: 'user_metadata', name: 'country' },
      as: 'string',
      mode: 'import',
    },
    {
      when: { connection: 'google-oauth2' },
      source: ['locale'],
      target: { metadata: 'user_metadata', name: 'locale' },
      as: 'string',
      mode: 'import',
    },
  ],
}

export const manifest = {
  writes: [`app_metadata.${IDP_KEY}`, `user_metadata.${IDP_KEY}`],
  secrets: [],
  fails: 'open',
} as const satisfies Manifest

export const checkSettings = (checked: MapIdpAttributesSettings = settings): SettingsProblem[] =>
  checked.mappings.flatMap(({ when, source, target }, index) => {
    const path = `mappings[${index}]`
    const [root] = source
    return [
      ...('strategy' in when ? checkStrategy(`${path}.when.strategy`, when.strategy) : []),
      ...('connection' in when && when.connection === ''
        ? problemAt(`${path}.when.connection`, 'is empty; give the name of a connection')
        : []),
      ...(source.includes('') ? problemAt(`${path}.source`, 'holds an empty name') : []),
      ...([IDP_KEY, 'app_metadata', 'user_metadata'].includes(root)
        ? problemAt(`${path}.source`, `"${root}" is ours, not what the identity provider said`)
        : []),
      ...checkMetadataKey(`${path}.target.name`, 'user_metadata', target.name),
    ]
  })
