/** What the build refuses in the settings, with the place and what to do. Never runs in Auth0. */
import { checkRetired } from '../shared/check-retired.ts'
import {
  checkAttributePath,
  checkPattern,
  checkPatternSum,
  checkWhen,
  patternsIn,
} from '../shared/check-when.ts'
import { jsonEqual } from '../shared/json.ts'
import { metadataKeyProblem } from '../shared/metadata.ts'
import { memberPath, problemAt, type Problem } from '../shared/problem.ts'
import { checkMetadataKey, checkStrategy } from '../shared/check-names.ts'
import { readStrings } from '../shared/strings.ts'
import {
  boundsOf,
  IDENTITY_SOURCES,
  sourcesIn,
  testsIn,
  type Pattern,
  type When,
} from '../shared/when.ts'
import { checkOrder } from './check-order.ts'
import { WRITTEN } from './decide.ts'
import type {
  Defaults,
  Limits,
  MapIdpAttributesSettings,
  Mapping,
  Mode,
  Policy,
  Source,
  Transform,
} from './mapping.ts'
import { wildcardPlaces } from './transform.ts'
import { parseStrings } from './value.ts'

/** More would be cut by Auth0's budget for the profile, or make a string slow to check. */
const HIGHEST_LIMITS: Limits = { length: 1024, elements: 500, bytes: 4096 }

/** Places of `*` in one table of roles; each costs a look-up for each group. */
const MAX_WILDCARD_PLACES = 32

export const checkMappings = ({
  defaults,
  limits,
  mappings,
  retiredKeys = [],
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
    ...checkRetired(retiredKeys),
    ...checkPatternSum('mappings', mappings.flatMap(patternsOf)),
    ...checkOrder(mappings, defaults),
    ...mappings.flatMap((mapping, index) => {
      const path = `mappings[${index}]`
      return [
        ...checkWhen(`${path}.when`, mapping.when),
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

const checkSource = (path: string, source: Source, isLast: boolean): Problem[] => {
  if (source.currentIdentity) {
    return checkAttributePath(`${path}.currentIdentity`, source.currentIdentity)
  }
  if (source.attribute) return checkAttributePath(`${path}.attribute`, source.attribute)
  if (source.identity) {
    const { connection, provider, path: steps } = source.identity
    const isEmpty = connection === '' || provider === ''
    return [
      ...checkAttributePath(`${path}.identity.path`, steps),
      ...when(isEmpty, `${path}.identity`, 'has an empty name; give that of a connection'),
    ]
  }
  if (source.constant !== undefined) {
    return when(!isLast, path, 'is always there, so what comes after it is never read')
  }
  const isEmpty = [source.connectionMetadata, source.organizationMetadata].includes('')
  return when(isEmpty, path, 'has an empty name')
}

/** The root is the primary identity's, and `when` is about the identity used now. */
const checkWhose = (path: string, source: Source, condition: When): Problem[] => {
  const about = sourcesIn(condition).find((name) => IDENTITY_SOURCES.includes(name))
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
    ...when(isNothing, path, 'has an empty string, which would do nothing or cut all apart'),
    ...when([filter?.prefix, filter?.suffix, filter?.contains].includes(''), path, 'keeps all'),
    ...[...Object.entries({ capture, replace, 'filter.matches': filter?.matches })].flatMap(
      ([name, pattern]) => (pattern === undefined ? [] : checkPattern(`${path}.${name}`, pattern)),
    ),
    ...when(
      /\$[`']/.test((replace?.with ?? '').replaceAll('$$', '')),
      `${path}.replace.with`,
      'puts all that stands before or after each match in its place, which makes strings explode; $&, $1 and $<name> are fine',
    ),
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

/** All patterns may meet an attribute as large as can be, in one sign-in. */
const patternsOf = ({ when: condition, transforms = [] }: Mapping): Pattern[] => [
  ...patternsIn(condition),
  ...transforms.flatMap((transform) => {
    if (typeof transform === 'string') return []
    const { capture, replace, filter } = transform
    return capture ?? replace ?? filter?.matches ?? []
  }),
]

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
  const { value } = parseStrings(readStrings(otherwise.default) ?? [], as, limits)
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
  const named = boundsOf(condition, 'connection')
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
    ...testsIn(`${path}.when`, condition).flatMap(({ path: at, source }) => [
      ...when(
        named === undefined && ['emailVerified', 'emailDomain', 'attribute'].includes(source),
        at,
        'holds for whatever provider says so, and the target holds what gives a right: add the connection that you believe',
      ),
      ...when(
        ['userMetadata', 'scope'].includes(source),
        at,
        'is for the user or the application to choose, and the target holds what gives a right: ask for what the tenant or an administrator says',
      ),
    ]),
  ]
}

const isNotForce = (mode: Mode | undefined): boolean => mode !== undefined && mode !== 'force'

/** The modes of the defaults for all, and for the strategies and connections that may come. */
const modesOf = (
  condition: When,
  { mode, strategies = {}, connections = {} }: Defaults,
): (Mode | undefined)[] => {
  const of = (
    policies: Readonly<Record<string, Partial<Policy>>>,
    source: 'strategy' | 'connection',
  ) =>
    Object.entries(policies).flatMap(([name, policy]) =>
      boundsOf(condition, source)?.includes(name) === false ? [] : [policy.mode],
    )
  return [mode, ...of(strategies, 'strategy'), ...of(connections, 'connection')]
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
