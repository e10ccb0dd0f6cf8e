/** What `when` may be in settings. Runs in the build, never in Auth0. */
import { inWords, MAX_STEPS, patternCost } from './check-pattern.ts'
import { parseCountry } from './country.ts'
import type { Path } from './json.ts'
import * as s from './schema.ts'
import { problemAt, type Problem } from './problem.ts'
import { checkProtocol, checkStrategy } from './check-names.ts'
import {
  boundsOf,
  innerOf,
  sourcesIn,
  testsIn,
  type PathTest,
  type Pattern,
  type RestsOn,
  type Scalar,
  type Source,
  type Test,
  type When,
  type Witness,
} from './when.ts'

export const pattern: s.Schema<Pattern> = s.unless(
  (input) =>
    typeof input === 'string' ? `is a string; write ${s.written({ pattern: input })}` : undefined,
  s.object<Pattern>({ pattern: s.string, ignoreCase: s.optional(s.boolean) }),
)

const tests = {
  equals: s.scalar,
  oneOf: s.someOf(s.scalar),
  contains: s.scalar,
  exists: s.boolean,
  matches: pattern,
}

/** Earlier settings named values without an operator. */
const formerTest = (input: unknown): string | undefined => {
  if (Array.isArray(input)) return `is a list; write ${s.written({ oneOf: input })}`
  return input === null || typeof input === 'object'
    ? undefined
    : `is a value; write ${s.written({ equals: input })}`
}

const test: s.Schema<Test> = s.unless(formerTest, s.oneMemberOf<Test>(tests))

/** Earlier settings named a path in app_metadata by one string. */
const pathTest: s.Schema<PathTest> = s.unless(
  (input) => {
    const given = Object(input) as { path?: unknown }
    return typeof given.path === 'string'
      ? `has a string for its path; write ${s.written({ ...given, path: given.path.split('.') })}`
      : undefined
  },
  s.oneMemberOf<PathTest, 'path'>(tests, { path: s.path }),
)

export const when: s.Schema<When> = s.object<When>(
  {
    tenant: s.optional(test),
    strategy: s.optional(test),
    connection: s.optional(test),
    client: s.optional(test),
    clientMetadata: s.optional(pathTest),
    organization: s.optional(test),
    role: s.optional(test),
    protocol: s.optional(test),
    country: s.optional(test),
    audience: s.optional(test),
    scope: s.optional(test),
    emailVerified: s.optional(test),
    emailDomain: s.optional(test),
    attribute: s.optional(pathTest),
    appMetadata: s.optional(pathTest),
    userMetadata: s.optional(pathTest),
    any: s.optional(s.someOf(s.lazy(() => when))),
    all: s.optional(s.someOf(s.lazy(() => when))),
    not: s.optional(s.lazy(() => when)),
  },
  {
    claim: (value) => {
      const { path, equals } = Object(value) as { path?: unknown; equals?: unknown }
      const test = equals === undefined ? { exists: true } : { contains: equals }
      return `write attribute: ${s.written({ path, ...test })}`
    },
    restsOn: () => 'put it beside when',
  },
)

/** Where each value is checked; what is said of it, or nothing. */
type CheckValue = (path: string, value: Scalar) => Problem[]

const name: CheckValue = (path, value) =>
  problemAt(
    path,
    typeof value !== 'string'
      ? `is ${JSON.stringify(value)}, and this is a string in each sign-in`
      : value.trim() === ''
        ? 'is empty, so it never holds; give a name'
        : undefined,
  )

const named =
  (check: (path: string, value: string) => Problem[]): CheckValue =>
  (path, value) => {
    const problems = name(path, value)
    return problems.length > 0 ? problems : check(path, String(value))
  }

const country = named((path, value) =>
  problemAt(
    path,
    parseCountry(value) === undefined
      ? `"${value}" is not a country of ISO 3166-1, e.g. "DE"`
      : undefined,
  ),
)

const emailDomain = named((path, value) =>
  problemAt(
    path,
    value !== value.toLowerCase() || value.includes('@')
      ? `"${value}" never matches; write the domain alone, in lower case`
      : undefined,
  ),
)

const flag: CheckValue = (path, value) =>
  problemAt(path, typeof value === 'boolean' ? undefined : 'is true or false in each sign-in')

const anything: CheckValue = () => []

/** One of known values, one value, several values in a list, or whatever was stored. */
type Form = 'known' | 'one' | 'list' | 'any'

const SOURCES: Readonly<Record<Source, readonly [Form, CheckValue]>> = {
  tenant: ['one', name],
  strategy: ['known', named(checkStrategy)],
  connection: ['one', name],
  client: ['one', name],
  clientMetadata: ['one', name],
  organization: ['one', name],
  role: ['list', name],
  protocol: ['known', named(checkProtocol)],
  country: ['known', country],
  audience: ['one', name],
  scope: ['list', name],
  emailVerified: ['known', flag],
  emailDomain: ['one', emailDomain],
  attribute: ['any', anything],
  appMetadata: ['any', anything],
  userMetadata: ['any', anything],
}

/** Members of an identity that are keys to the provider, not facts about the user. */
const TOKENS: ReadonlySet<unknown> = new Set([
  'access_token',
  'accessToken',
  'access_token_secret',
  'refresh_token',
  'refreshToken',
])

/** Whose word a source holds. That of metadata depends on the key, which the data flow knows. */
const WORD_OF: Readonly<Partial<Record<Source, Witness>>> = {
  client: 'requester',
  protocol: 'requester',
  audience: 'requester',
  scope: 'requester',
  country: 'network',
  emailVerified: 'identityProvider',
  emailDomain: 'identityProvider',
  attribute: 'identityProvider',
}

const WITNESSES: Readonly<Record<Witness, string>> = {
  requester: 'whoever starts the sign-in',
  network: 'the network',
  identityProvider: 'an identity provider',
}

export const restsOn = s.object<RestsOn>({
  requester: s.optional(s.string),
  network: s.optional(s.string),
  identityProvider: s.optional(s.string),
})

/** What exempts somebody must not rest on such a word unless the setting says so, and why. */
export const checkWitnesses = (path: string, given: When, said: RestsOn): Problem[] => {
  const used = new Map(sourcesIn(given).map((source) => [WORD_OF[source], source]))
  return (Object.keys(WITNESSES) as Witness[]).flatMap((witness) => {
    const source = used.get(witness)
    const reason = said[witness]
    const at = `${path}.${witness}`
    if (source === undefined) {
      return problemAt(at, reason && 'is the word of nobody that `when` asks; take it out')
    }
    return problemAt(
      at,
      reason === undefined || reason.trim() === ''
        ? `is missing: when.${source} is the word of ${WITNESSES[witness]}, and decides who is exempt. Write restsOn: { ${witness}: 'why this is right' }, or ask for what the tenant or an administrator says`
        : undefined,
    )
  })
}

export const checkWhen = (path: string, given: When): Problem[] => [
  ...testsIn(path, given).flatMap(checkTest),
  ...checkClient(path, given),
  ...checkWhole(path, given),
]

/** What is wrong with conditions that stand beside each other, or with one that says nothing. */
const checkWhole = (path: string, given: When): Problem[] => [
  ...problemAt(
    `${path}.emailVerified`,
    given.emailVerified?.equals === false && given.emailDomain !== undefined
      ? 'is false, and emailDomain asks for a verified address: both never hold'
      : undefined,
  ),
  ...innerOf(path, given).flatMap(([at, inner]) => [
    ...problemAt(
      at,
      Object.keys(inner).length === 0
        ? 'is empty, so it always holds; name a condition or leave it out'
        : undefined,
    ),
    ...checkWhole(at, inner),
  ]),
]

const checkTest = ({ path, source, test }: ReturnType<typeof testsIn>[number]): Problem[] => {
  const [form, check] = SOURCES[source]
  const { equals, oneOf = [], contains, matches } = test
  const values = { equals, contains }
  return [
    ...(test.path === undefined ? [] : checkPath(`${path}.path`, source, test.path)),
    ...problemAt(
      path,
      form === 'list' && (equals ?? oneOf[0]) !== undefined
        ? 'is a list in each sign-in, so it is never one value; write contains'
        : (form !== 'list' && form !== 'any' && contains !== undefined) ||
            (form === 'known' && matches !== undefined)
          ? 'is one value in each sign-in; write equals or oneOf'
          : undefined,
    ),
    ...Object.entries(values).flatMap(([name, value]) =>
      value === undefined ? [] : check(`${path}.${name}`, value),
    ),
    ...oneOf.flatMap((value, index) => check(`${path}.oneOf[${index}]`, value)),
    ...(matches === undefined ? [] : checkPattern(`${path}.matches`, matches)),
    ...problemAt(
      `${path}.path`,
      source === 'attribute' && test.path?.[0] === 'email'
        ? 'is an address that nobody verified; ask for emailDomain'
        : undefined,
    ),
  ]
}

export const checkPattern = (path: string, given: Pattern): Problem[] => {
  const cost = patternCost(given.pattern, given.ignoreCase)
  return problemAt(`${path}.pattern`, 'problem' in cost ? cost.problem : undefined)
}

/** Every pattern of a condition. */
export const patternsIn = (given: When): Pattern[] =>
  testsIn('', given).flatMap(({ test }) => test.matches ?? [])

/** All patterns of an Action may meet an attribute as large as can be, in one sign-in. */
export const checkPatternSum = (path: string, patterns: readonly Pattern[]): Problem[] => {
  const steps = patterns
    .map((given) => patternCost(given.pattern, given.ignoreCase))
    .reduce((sum, cost) => sum + ('steps' in cost ? cost.steps : 0), 0)
  return problemAt(
    path,
    steps > MAX_STEPS
      ? `have patterns that may take ${inWords(steps)} steps in one sign-in, and ${inWords(MAX_STEPS)} are allowed: use fewer, or begin them with ^`
      : undefined,
  )
}

const checkPath = (path: string, source: Source, steps: Path): Problem[] =>
  source === 'attribute'
    ? checkAttributePath(path, steps)
    : [
        ...checkSteps(path, steps),
        ...problemAt(
          path,
          source === 'clientMetadata' && steps.length > 1
            ? 'has several names; client metadata is one level deep'
            : undefined,
        ),
      ]

const checkSteps = (path: string, steps: Path): Problem[] => [
  ...problemAt(path, steps.includes('') ? 'holds an empty name' : undefined),
  ...problemAt(
    path,
    steps.some((step) => typeof step === 'number' && !(Number.isInteger(step) && step >= 0))
      ? 'holds a number that is no index; count from 0'
      : undefined,
  ),
]

/** A path that may lead over the root of `event.user`. */
export const checkAttributePath = (path: string, steps: Path): Problem[] => {
  const [root] = steps
  return [
    ...checkSteps(path, steps),
    ...problemAt(
      path,
      steps.some((step) => TOKENS.has(step))
        ? 'leads to a token of the identity provider, which has no place in metadata'
        : undefined,
    ),
    ...problemAt(
      path,
      ['app_metadata', 'user_metadata'].includes(root)
        ? `"${root}" is ours, not what the identity provider said`
        : undefined,
    ),
    ...problemAt(
      path,
      root === 'identities' ? 'is read with { currentIdentity } or { identity }' : undefined,
    ),
  ]
}

/** The bundle is the same in every tenant, and an application has another id in each. */
const checkClient = (path: string, given: When): Problem[] =>
  boundsOf(given, 'tenant') !== undefined
    ? []
    : testsIn(path, given)
        .filter(({ source, test }) => source === 'client' && (test.equals ?? test.oneOf))
        .map((test) => ({
          path: test.path,
          message:
            "names client_ids, which differ between tenants while the bundle is the same: give these applications metadata and write e.g. clientMetadata: { path: ['audience'], equals: 'staff' }, or add the tenant",
          code: 'client_id_literal',
          isWarning: true,
        }))
