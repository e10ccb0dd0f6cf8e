import { retiredKeys } from '../shared/check-retired.ts'
import { pattern, when } from '../shared/check-when.ts'
import type { JsonValue } from '../shared/json.ts'
import * as s from '../shared/schema.ts'
import { checkMappings } from './check-settings.ts'
import type {
  Defaults,
  Limits,
  MapIdpAttributesSettings,
  Mapping,
  Otherwise,
  Policy,
  Source,
  Target,
  Transform,
  TransformObject,
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

const source = s.oneMemberOf<Source, 'of'>(
  {
    currentIdentity: s.path,
    attribute: s.path,
    identity: s.oneMemberOf<NonNullable<Source['identity']>, 'path'>(
      { connection: s.text, provider: s.text },
      { path: s.path },
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
  capture: pattern,
  replace: s.object<Given['replace']>({
    pattern: s.text,
    ignoreCase: s.optional(s.flag),
    with: s.text,
  }),
  lookUp: s.object<Given['lookUp']>({ table: s.record(s.text), otherwise: s.optional(s.text) }),
  filter: s.oneMemberOf<Given['filter']>({
    prefix: s.text,
    suffix: s.text,
    contains: s.text,
    matches: pattern,
  }),
  roles: s.record(s.textOrTexts),
  limit: s.amount,
})

const otherwise = s.choose<Otherwise>(
  '"keep", "delete" or { default: … }',
  (input): s.Form<Otherwise> =>
    typeof input === 'object'
      ? s.object<{ readonly default: JsonValue }>({ default: s.json })
      : kept,
)

const mapping = s.object<Mapping>({
  when,
  from: s.someOf(source),
  transforms: s.optional(s.list(transform)),
  as: s.words('strings', 'string', 'date', 'integer', 'boolean'),
  mode: s.optional(mode),
  missing: s.optional(otherwise),
  unusable: s.optional(otherwise),
  limits: s.optional(someLimits),
  grants: s.optional(s.only(true)),
  to: s.object<Target>({
    metadata: s.words('app_metadata', 'user_metadata'),
    path: s.someOf(s.text),
  }),
  overwriteUserEdits: s.optional(s.flag),
})

const schema = s.object<MapIdpAttributesSettings>({
  defaults,
  limits,
  mappings: s.list(mapping),
  retiredKeys: s.optional(retiredKeys),
})

export const checkSettings = s.checkerOf(schema, checkMappings)
