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

const limits = s.object<Limits>({ length: s.number, elements: s.number, bytes: s.number })
const someLimits = s.object<Partial<Limits>>({
  length: s.optional(s.number),
  elements: s.optional(s.number),
  bytes: s.optional(s.number),
})

const source = s.oneMemberOf<Source, 'of'>(
  {
    currentIdentity: s.path,
    attribute: s.path,
    identity: s.oneMemberOf<NonNullable<Source['identity']>, 'path'>(
      { connection: s.string, provider: s.string },
      { path: s.path },
    ),
    connectionMetadata: s.string,
    organizationMetadata: s.string,
    constant: s.choose<NonNullable<Source['constant']>>(
      'a string, a number, true, false or a list of strings',
      (input): s.Form<NonNullable<Source['constant']>> =>
        Array.isArray(input) ? s.list(s.string) : s.scalar,
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
  join: s.string,
  split: s.string,
  stripPrefix: s.string,
  stripSuffix: s.string,
  capture: pattern,
  replace: s.object<Given['replace']>({
    pattern: s.string,
    ignoreCase: s.optional(s.boolean),
    with: s.string,
  }),
  lookUp: s.object<Given['lookUp']>({ table: s.record(s.string), otherwise: s.optional(s.string) }),
  filter: s.oneMemberOf<Given['filter']>({
    prefix: s.string,
    suffix: s.string,
    contains: s.string,
    matches: pattern,
  }),
  roles: s.record(s.stringOrStrings),
  limit: s.number,
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
    path: s.someOf(s.string),
  }),
  overwriteUserEdits: s.optional(s.boolean),
})

const schema = s.object<MapIdpAttributesSettings>({
  defaults,
  limits,
  mappings: s.list(mapping),
  retiredKeys: s.optional(retiredKeys),
})

export const checkSettings = s.checkerOf(schema, checkMappings)
