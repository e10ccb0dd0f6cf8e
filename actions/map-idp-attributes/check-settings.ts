/** What the build refuses in the settings, with the place and what to do. Never runs in Auth0. */
import { jsonEqual } from '../shared/json.ts'
import { metadataKeyProblem } from '../shared/metadata.ts'
import { problemAt, type Problem } from '../shared/problem.ts'
import { checkMetadataKey, checkStrategy, memberPath } from '../shared/settings-problem.ts'
import { checkOrder } from './check-order.ts'
import { inWords, MAX_STEPS, patternCost } from './check-pattern.ts'
import { IDENTITY_CONDITIONS } from './condition.ts'
import { WRITTEN } from './decide.ts'
import type {
  Condition,
  Defaults,
  Limits,
  MapIdpAttributesSettings,
  Mapping,
  Mode,
  Path,
  Pattern,
  Policy,
  Source,
  Transform,
} from './mapping.ts'
import { wildcardPlaces } from './transform.ts'
import { parseValue, readTexts } from './value.ts'

/** More would be cut by Auth0's budget for the profile, or make a text slow to check. */
const HIGHEST_LIMITS: Limits = { length: 1024, elements: 500, bytes: 4096 }

/** Places of `*` in one table of roles; each costs a look-up for each group. */
const MAX_WILDCARD_PLACES = 32

/** Members of an identity that are keys to the provider, not facts about the user. */
const TOKENS: ReadonlySet<unknown> = new Set([
  'access_token',
  'accessToken',
  'access_token_secret',
  'refresh_token',
  'refreshToken',
])

export const checkMappings = ({
  defaults,
  limits,
  mappings,
}: MapIdpAttributesSettings): Problem[] => {
  const targetsOf = (some: readonly Mapping[]) =>
    new Set(some.map(({ to }) => targetOf(to.metadata, to.path)))
  const targets = targetsOf(mappings)
  const rights = targetsOf(mappings.filter(isGrant))
  return [
    ...Object.keys(defaults.strategies ?? {}).flatMap((strategy) =>
      checkStrategy(memberPath('defaults.strategies', strategy), strategy),
    ),
    ...checkLimits('limits', limits),
    ...checkPatterns(mappings),
    ...checkOrder(mappings, defaults),
    ...mappings.flatMap((mapping, index) => {
      const path = `mappings[${index}]`
      return [
        ...checkCondition(`${path}.when`, mapping.when),
        ...mapping.from.flatMap((source, place) => [
          ...checkSource(`${path}.from[${place}]`, source, place === mapping.from.length - 1),
          ...checkWhose(`${path}.from[${place}]`, source, mapping.when),
        ]),
        ...(mapping.transforms ?? []).flatMap((transform, place) =>
          checkTransform(`${path}.transforms[${place}]`, transform),
        ),
        ...checkLimits(`${path}.limits`, mapping.limits ?? {}),
        ...(['missing', 'unusable'] as const).flatMap((name) =>
          checkOtherwise(path, name, mapping, { ...limits, ...mapping.limits }),
        ),
        ...(rights.has(targetOf(mapping.to.metadata, mapping.to.path))
          ? [...checkGrant(path, mapping, defaults), ...checkBelieved(path, mapping)]
          : []),
        ...checkTarget(`${path}.to.path`, mapping, targets),
      ]
    }),
  ]
}

const targetOf = (metadata: string, path: readonly string[]): string =>
  [metadata, ...path].join('/')

const when = (isWrong: boolean, path: string, message: string): Problem[] =>
  problemAt(path, isWrong ? message : undefined)

const checkLimits = (path: string, limits: Partial<Limits>): Problem[] =>
  (['length', 'elements', 'bytes'] as const).flatMap((name) => {
    const limit = limits[name]
    const isWithin =
      limit === undefined ||
      (Number.isInteger(limit) && limit >= 1 && limit <= HIGHEST_LIMITS[name])
    return when(!isWithin, `${path}.${name}`, `must be 1 to ${HIGHEST_LIMITS[name]}`)
  })

const checkCondition = (path: string, condition: Condition): Problem[] => {
  const { strategy, claim, emailVerified, emailDomain } = condition
  const names = ['strategy', 'connection', 'organization', 'client', 'emailDomain'] as const
  return [
    ...names.flatMap((name) => {
      const values = condition[name] === undefined ? undefined : [condition[name]].flat()
      const isEmpty = values !== undefined && (values.length === 0 || values.includes(''))
      return when(
        isEmpty,
        `${path}.${name}`,
        'is empty, so it never holds; name one or leave it out',
      )
    }),
    ...[strategy ?? []].flat().flatMap((name) => checkStrategy(`${path}.strategy`, name)),
    ...(claim === undefined ? [] : checkPath(`${path}.claim.path`, claim.path)),
    ...[emailDomain ?? []]
      .flat()
      .flatMap((domain) =>
        when(
          domain !== domain.toLowerCase() || domain.includes('@'),
          `${path}.emailDomain`,
          `"${domain}" never matches; write the domain alone, in lower case`,
        ),
      ),
    ...when(
      emailVerified === false && emailDomain !== undefined,
      `${path}.emailVerified`,
      'is false, and emailDomain asks for a verified address: both never hold',
    ),
  ]
}

const checkPath = (path: string, steps: Path): Problem[] => [
  ...when(steps.includes(''), path, 'holds an empty name'),
  ...when(
    steps.some((step) => typeof step === 'number' && !(Number.isInteger(step) && step >= 0)),
    path,
    'holds a number that is no index; count from 0',
  ),
  ...when(
    steps.some((step) => TOKENS.has(step)),
    path,
    'leads to a token of the identity provider, which has no place in metadata',
  ),
]

const checkSource = (path: string, source: Source, isLast: boolean): Problem[] => {
  if (source.currentIdentity) {
    return checkAttribute(`${path}.currentIdentity`, source.currentIdentity)
  }
  if (source.attribute) return checkAttribute(`${path}.attribute`, source.attribute)
  if (source.identity) {
    const { connection, provider, path: steps } = source.identity
    const isEmpty = connection === '' || provider === ''
    return [
      ...checkAttribute(`${path}.identity.path`, steps),
      ...when(isEmpty, `${path}.identity`, 'has an empty name; give that of a connection'),
    ]
  }
  if (source.constant !== undefined) {
    return when(!isLast, path, 'is always there, so what comes after it is never read')
  }
  const isEmpty = [source.connectionMetadata, source.organizationMetadata].includes('')
  return when(isEmpty, path, 'has an empty name')
}

/** A path that may lead over the root of `event.user`. */
const checkAttribute = (at: string, path: Path): Problem[] => {
  const [root] = path
  const isOurs = ['app_metadata', 'user_metadata'].includes(root)
  return [
    ...checkPath(at, path),
    ...when(isOurs, at, `"${root}" is ours, not what the identity provider said`),
    ...when(root === 'identities', at, 'is read with { currentIdentity } or { identity }'),
  ]
}

/** The root is the primary identity's, and `when` is about the identity used now. */
const checkWhose = (path: string, source: Source, condition: Condition): Problem[] => {
  const [about] = IDENTITY_CONDITIONS.filter((name) => condition[name] !== undefined)
  return [
    ...when(
      about !== undefined && source.attribute !== undefined && source.of !== 'primary',
      `${path}.attribute`,
      `is what the primary identity's provider says, but when.${about} is about the identity used now, which may be another: write { currentIdentity: […] }, or add of: 'primary' if that is what you mean`,
    ),
    ...when(
      source.of !== undefined && source.attribute === undefined,
      `${path}.of`,
      'goes with attribute alone',
    ),
  ]
}

const checkTransform = (path: string, transform: Transform): Problem[] => {
  if (typeof transform === 'string') return []
  const { split, stripPrefix, stripSuffix, capture, replace, lookUp, filter, roles, limit } =
    transform
  const isNothing = [split, stripPrefix, stripSuffix].includes('')
  return [
    ...when(isNothing, path, 'has an empty text, which would do nothing or cut all apart'),
    ...when([filter?.prefix, filter?.suffix, filter?.contains].includes(''), path, 'keeps all'),
    ...checkPattern(`${path}.capture`, capture),
    ...checkPattern(`${path}.replace`, replace),
    ...when(
      /\$[`']/.test((replace?.with ?? '').replaceAll('$$', '')),
      `${path}.replace.with`,
      'puts all the text before or after each match in its place, which makes texts explode; $&, $1 and $<name> are fine',
    ),
    ...checkPattern(`${path}.filter.matches`, filter?.matches),
    ...when(
      lookUp !== undefined && Object.keys(lookUp.table).length === 0,
      `${path}.lookUp.table`,
      'is empty',
    ),
    ...(roles === undefined ? [] : checkRoles(`${path}.roles`, Object.keys(roles))),
    ...when(
      limit !== undefined && !(Number.isInteger(limit) && limit >= 1),
      `${path}.limit`,
      'must be a whole number from 1',
    ),
  ]
}

const checkPattern = (path: string, pattern: Pattern | undefined): Problem[] => {
  const cost = pattern && patternCost(pattern.pattern, pattern.ignoreCase)
  return problemAt(`${path}.pattern`, cost && 'problem' in cost ? cost.problem : undefined)
}

/** Each mapping may meet an attribute as large as can be, all in one sign-in. */
const checkPatterns = (mappings: readonly Mapping[]): Problem[] => {
  const steps = mappings
    .flatMap(({ transforms = [] }) => transforms)
    .flatMap((transform) => (typeof transform === 'object' ? transform : []))
    .flatMap(({ capture, replace, filter }) => capture ?? replace ?? filter?.matches ?? [])
    .map(({ pattern, ignoreCase }) => patternCost(pattern, ignoreCase))
    .reduce((sum, cost) => sum + ('steps' in cost ? cost.steps : 0), 0)
  return when(
    steps > MAX_STEPS,
    'mappings',
    `have patterns that may take ${inWords(steps)} steps in one sign-in, and ${inWords(MAX_STEPS)} are allowed: use fewer, or begin them with ^`,
  )
}

const checkRoles = (path: string, groups: readonly string[]): Problem[] => [
  ...when(groups.length === 0, path, 'is empty'),
  ...groups.flatMap((group) =>
    when(
      group === '' || group.split('*').length > 2,
      path,
      `has "${group}"; a group has a name and at most one *`,
    ),
  ),
  ...when(
    wildcardPlaces(groups).length > MAX_WILDCARD_PLACES,
    path,
    `has * at more than ${MAX_WILDCARD_PLACES} different places; split it into several mappings`,
  ),
]

const checkOtherwise = (
  path: string,
  name: 'missing' | 'unusable',
  { as, mode, [name]: otherwise }: Mapping,
  limits: Limits,
): Problem[] => {
  const at = `${path}.${name}`
  if (otherwise === 'delete') {
    const isNever = mode === 'import' || mode === 'fill'
    return when(isNever, at, `is "delete", but ${mode ?? ''} never deletes; use mode force`)
  }
  if (otherwise === undefined || otherwise === 'keep') return []
  const { value } = parseValue(readTexts(otherwise.default) ?? [], as, limits)
  return when(
    !jsonEqual(value, otherwise.default),
    `${at}.default`,
    value === undefined
      ? `is not a value of ${as} within the limits`
      : `must be written ${JSON.stringify(value)}`,
  )
}

const isGrant = ({ grants, transforms = [] }: Mapping): boolean =>
  grants === true ||
  transforms.some((transform) => typeof transform === 'object' && transform.roles !== undefined)

/** A right must not outlive what gave it, by a mapping to its target that gives none either. */
const checkGrant = (path: string, mapping: Mapping, defaults: Defaults): Problem[] => {
  const { mode } = mapping
  const mayKeep = mode === undefined && modesOf(mapping.when, defaults).some(isNotForce)
  return [
    ...(['missing', 'unusable'] as const).flatMap((name) =>
      when(
        mapping[name] === undefined || mapping[name] === 'keep',
        `${path}.${name}`,
        `${mapping[name] === undefined ? 'is missing' : 'keeps'}, and the target holds what gives a right: say 'delete' or { default: … }`,
      ),
    ),
    ...when(
      isNotForce(mode) || mayKeep,
      `${path}.mode`,
      `${mayKeep ? 'comes from defaults of which one is not force' : 'never takes anything away'}, and the target holds what gives a right: say mode: 'force'`,
    ),
  ]
}

/** Who says a right is named by connection: anybody may be at another one of its strategy. */
const checkBelieved = (path: string, { when: condition, from }: Mapping): Problem[] => {
  const named = condition.connection === undefined ? undefined : [condition.connection].flat()
  return [
    ...from.flatMap(({ identity }, place) => {
      const at = `${path}.from[${place}].identity`
      const { connection } = identity ?? {}
      const isOther = connection !== undefined && named?.includes(connection) === false
      return [
        ...when(
          identity?.provider !== undefined,
          at,
          'believes every connection of the provider, and the target holds what gives a right: name the connection',
        ),
        ...when(
          isOther,
          at,
          `is of "${connection ?? ''}", which when.connection does not name, and the target holds what gives a right: believe one of those, or use a mapping of its own`,
        ),
      ]
    }),
    ...(['emailDomain', 'claim'] as const).flatMap((name) =>
      when(
        named === undefined && condition[name] !== undefined,
        `${path}.when.${name}`,
        'holds for whatever provider says so, and the target holds what gives a right: add the connection that you believe',
      ),
    ),
  ]
}

const isNotForce = (mode: Mode | undefined): boolean => mode !== undefined && mode !== 'force'

/** The modes of the defaults for all, and for the strategies and connections that may come. */
const modesOf = (
  { strategy, connection }: Condition,
  { mode, strategies = {}, connections = {} }: Defaults,
): (Mode | undefined)[] => {
  const of = (
    policies: Readonly<Record<string, Partial<Policy>>>,
    named?: string | readonly string[],
  ) =>
    Object.entries(policies).flatMap(([name, policy]) =>
      named === undefined || [named].flat().includes(name) ? [policy.mode] : [],
    )
  return [mode, ...of(strategies, strategy), ...of(connections, connection)]
}

const checkTarget = (
  path: string,
  { to, mode, overwriteUserEdits }: Pick<Mapping, 'to' | 'mode' | 'overwriteUserEdits'>,
  targets: ReadonlySet<string>,
): Problem[] => {
  const [key, ...names] = to.path
  const above = to.path.slice(0, -1).map((_, end) => to.path.slice(0, end + 1))
  const isReserved = to.metadata === 'user_metadata' && names[0] === WRITTEN
  return [
    ...checkMetadataKey(path, to.metadata, key),
    ...names.flatMap((name) =>
      problemAt(path, withName(name, metadataKeyProblem('user_metadata', name))),
    ),
    ...when(names.length === 0, path, 'needs a name of its own under the key'),
    ...when(isReserved, path, 'is where copies of the written values lie; choose another name'),
    ...above
      .filter((part) => targets.has(targetOf(to.metadata, part)))
      .flatMap((part) =>
        problemAt(
          path,
          `lies inside ${part.join('.')}, the target of another mapping; use another name`,
        ),
      ),
    ...when(
      overwriteUserEdits !== undefined && to.metadata === 'app_metadata',
      path,
      'is in app_metadata, which users do not edit; take overwriteUserEdits out',
    ),
    ...when(
      overwriteUserEdits === true && mode !== undefined && mode !== 'force',
      path,
      `is only written while there is nothing (${mode ?? ''}), so overwriteUserEdits does nothing`,
    ),
  ]
}

const withName = (name: string, problem: string | undefined): string | undefined =>
  problem && `"${name}" ${problem}; choose another name`
