/** Wrong combinations do not compile. Checked by `npm run types`; nothing here runs. */
import type { Mapping, Source, Transform } from '../../../actions/map-idp-attributes/mapping.ts'
import type { When } from '../../../actions/shared/when.ts'

const base = { when: {}, from: [{ attribute: ['a'] }], as: 'string' } as const
const app = { metadata: 'app_metadata', path: ['idp', 'a'] } as const
const user = { metadata: 'user_metadata', path: ['idp', 'a'] } as const

export const taken: Mapping[] = [
  { ...base, to: app },
  { ...base, to: user, overwriteUserEdits: true },
  { ...base, as: 'integer', to: app, missing: { default: 1 } },
  { ...base, as: 'strings', to: app, missing: { default: ['a'] } },
  { ...base, from: [{ attribute: ['a', 0, 'b'] }, { constant: true }], to: app },
  { ...base, from: [{ attribute: ['a'], of: 'primary' }], to: app },
  { ...base, from: [{ currentIdentity: ['a'] }], to: app, grants: true, unusable: 'delete' },
  { ...base, as: 'strings', to: app, unusable: { default: [] } },
  { ...base, from: [{ identity: { provider: 'samlp', path: ['a'] } }], to: app },
]

export const refused: Mapping[] = [
  // @ts-expect-error a grant that is none
  { ...base, to: app, grants: false },
  // @ts-expect-error a root that is nobody's
  { ...base, from: [{ attribute: ['a'], of: 'current' }], to: app },
  // @ts-expect-error no source at all
  { ...base, from: [], to: app },
  // @ts-expect-error an unknown mode
  { ...base, to: app, mode: 'legacy' },
  // @ts-expect-error an unknown type
  { ...base, as: 'number', to: app },
  // @ts-expect-error an unknown condition
  { ...base, when: { role: 'admin' }, to: app },
  // @ts-expect-error an unknown member
  { ...base, to: app, note: 'x' },
]

// @ts-expect-error a path that begins with an index
export const indexFirst: Source = { attribute: [0] }
// @ts-expect-error no such transform
export const unknownTransform: Transform = 'sorted'
// @ts-expect-error a pattern as a RegExp, which is no data
export const regularExpression: Transform = { capture: /a/ }

// @ts-expect-error a source of conditions that there is not
export const unknownCondition: When = { group: { equals: 'admin' } }
// @ts-expect-error a value without an operator
export const noOperator: When = { strategy: 'samlp' }
// @ts-expect-error no condition at all
export const noneOfAny: When = { any: [] }
