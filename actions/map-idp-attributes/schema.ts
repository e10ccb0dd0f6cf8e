import * as s from '../shared/schema.ts'
import { checkMappings } from './check-settings.ts'
import type {
  Condition,
  Defaults,
  Limits,
  MapIdpAttributesSettings,
  Mapping,
  Pattern,
  Policy,
  Source,
  Transform,
} from './mapping.ts'

const mode = s.words('import', 'force', 'fill')
const kept = s.words('keep', 'delete')

const policies = s.record(
  s.object<Partial<Policy>>({
    mode: s.optional(mode),
    missing: s.optional(kept),
    unusable: s.optional(kept),
  }),
)

const defaults = s.object<Defaults>({
  mode,
  missing: kept,
  unusable: kept,
  strategies: s.optional(policies),
  connections: s.optional(policies),
})

const limits = s.object<Limits>({ length: s.amount, elements: s.amount, bytes: s.amount })
const someLimits = s.object<Partial<Limits>>({
  length: s.optional(s.amount),
  elements: s.optional(s.amount),
  bytes: s.optional(s.amount),
})

const condition = s.object<Condition>({
  strategy: s.optional(s.textOrTexts),
  connection: s.optional(s.textOrTexts),
  organization: s.optional(s.textOrTexts),
  client: s.optional(s.textOrTexts),
  claim: s.optional(
    s.object<NonNullable<Condition['claim']>>({
      path: s.steps,
      equals: s.optional(s.textNumberOrFlag),
    }),
  ),
  emailVerified: s.optional(s.flag),
  emailDomain: s.optional(s.textOrTexts),
})

const source = s.oneMemberOf<Source, 'of'>(
  {
    currentIdentity: s.steps,
    attribute: s.steps,
    identity: s.oneMemberOf<NonNullable<Source['identity']>, 'path'>(
      { connection: s.text, provider: s.text },
      { path: s.steps },
    ),
    connectionMetadata: s.text,
    organizationMetadata: s.text,
    constant: s.choose<NonNullable<Source['constant']>>(
      'a string, a number, true, false or a list of strings',
      (input): s.Form<NonNullable<Source['constant']>> =>
        Array.isArray(input) ? s.list(s.text) : s.textNumberOrFlag,
    ),
  },
  { of: s.optional(s.words('primary')) },
  { profileData: 'write `currentIdentity`, which reads the root too where that is its own' },
)

const pattern = { pattern: s.text, ignoreCase: s.optional(s.flag) }

type TransformObject = Exclude<Transform, string>
type Given = { [Name in keyof TransformObject]-?: NonNullable<TransformObject[Name]> }

const transform = s.choose<Transform>(
  'the name of a transform or an object',
  (input): s.Form<Transform> =>
    typeof input === 'string' ? s.words('trim', 'lower', 'upper') : transformObject,
)

const transformObject = s.oneMemberOf<TransformObject>({
  join: s.text,
  split: s.text,
  stripPrefix: s.text,
  stripSuffix: s.text,
  capture: s.object<Pattern>(pattern),
  replace: s.object<Given['replace']>({ ...pattern, with: s.text }),
  lookUp: s.object<Given['lookUp']>({ table: s.record(s.text), otherwise: s.optional(s.text) }),
  filter: s.oneMemberOf<Given['filter']>({
    prefix: s.text,
    suffix: s.text,
    contains: s.text,
    matches: s.object<Pattern>(pattern),
  }),
  roles: s.record(s.textOrTexts),
  limit: s.amount,
})

/** The members that any of these may have. */
type Members<Union> = Pick<Union, keyof Union>
type MappingAs<Type extends Mapping['as']> = Members<Extract<Mapping, { readonly as: Type }>>
type AnyMapping =
  MappingAs<'strings'> | MappingAs<'string' | 'date'> | MappingAs<'integer'> | MappingAs<'boolean'>
type Place = Members<Mapping['to']>

type Otherwise<Value> = 'keep' | 'delete' | { readonly default: Value }

/** The members that speak of a value: what becomes of the target without a usable one. */
const fallbacks = <Value>(value: s.Schema<Value>) => {
  const otherwise = s.choose<Otherwise<Value>>(
    '"keep", "delete" or { default: … }',
    (input): s.Form<Otherwise<Value>> =>
      typeof input === 'object' ? s.object<{ readonly default: Value }>({ default: value }) : kept,
  )
  return { missing: s.optional(otherwise), unusable: s.optional(otherwise) }
}

const shared = {
  when: condition,
  from: s.someOf(source),
  transforms: s.optional(s.list(transform)),
  mode: s.optional(mode),
  limits: s.optional(someLimits),
  grants: s.optional(s.only(true)),
  to: s.object<Place>({
    metadata: s.words('app_metadata', 'user_metadata'),
    // That a name follows the key is said by the check of meaning.
    path: s.someOf(s.text) as unknown as s.Schema<Place['path']>,
  }),
  overwriteUserEdits: s.optional(s.flag),
}

const stringOrDate = s.object<MappingAs<'string' | 'date'>>({
  ...shared,
  as: s.words('string', 'date'),
  ...fallbacks(s.text),
})

const mapping = s.byWord<AnyMapping>('as', {
  strings: s.object<MappingAs<'strings'>>({
    ...shared,
    as: s.words('strings'),
    ...fallbacks(s.list(s.text)),
  }),
  string: stringOrDate,
  date: stringOrDate,
  integer: s.object<MappingAs<'integer'>>({
    ...shared,
    as: s.words('integer'),
    ...fallbacks(s.amount),
  }),
  boolean: s.object<MappingAs<'boolean'>>({
    ...shared,
    as: s.words('boolean'),
    ...fallbacks(s.flag),
  }),
})

const schema = s.object<MapIdpAttributesSettings>({
  defaults,
  limits,
  // That `overwriteUserEdits` is for `user_metadata` alone is said by the check of meaning.
  mappings: s.list(mapping) as unknown as s.Schema<readonly Mapping[]>,
})

export const checkSettings = s.checkerOf(schema, checkMappings)
