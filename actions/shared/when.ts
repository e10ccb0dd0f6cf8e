/**
 * Which sign-ins something is for: access rules, terms, mappings and claims say it in these words.
 * The build checks them (`check-when.ts`).
 */
import { isObject, readPath, type Path } from './json.ts'
import { readCurrent, type SignInFacts } from './sign-in.ts'
import { MAX_INPUT_ELEMENTS, readStrings } from './strings.ts'

/**
 * All that is given must hold; `{}` is for every sign-in. What nobody can tell neither holds nor
 * fails to hold, under `not` as well: an unknown country is neither in a list nor outside it.
 */
export interface When {
  /** `event.tenant.id`. Client ids differ between tenants; the bundle is the same in all. */
  readonly tenant?: Test
  /** Strategy of the connection used now, e.g. `samlp`; `auth0` is a database. */
  readonly strategy?: Test
  /** Name of the connection used now. */
  readonly connection?: Test
  /** `client_id`. */
  readonly client?: Test
  /** Auth0 keeps strings only. */
  readonly clientMetadata?: PathTest
  /** Id or name of the one that the user signs in with. */
  readonly organization?: Test
  /** The names of the user's roles, a list. */
  readonly role?: Test
  /** `event.transaction.protocol`, e.g. `oidc-basic-profile`. */
  readonly protocol?: Test
  /** ISO 3166-1, two capitals, as the network says: a VPN changes it. */
  readonly country?: Test
  /** Identifier of the API that the access token is for. */
  readonly audience?: Test
  /** The scopes that the application asked for, a list. SAML and WS-Federation know none. */
  readonly scope?: Test
  /** What the provider of the identity used now says of its address. */
  readonly emailVerified?: Test
  /** Domain, in lower case, of that address. Unknown while it is not verified. */
  readonly emailDomain?: Test
  /** What the provider of the identity used now says. Values are compared as strings. */
  readonly attribute?: PathTest
  readonly appMetadata?: PathTest
  readonly userMetadata?: PathTest
  readonly any?: readonly [When, ...When[]]
  readonly all?: readonly [When, ...When[]]
  readonly not?: When
}

export type Source = Exclude<keyof When, 'any' | 'all' | 'not'>

/** Exactly one of these. */
export interface Test {
  /** The value is this one. */
  readonly equals?: Scalar
  /** The value is one of these. */
  readonly oneOf?: readonly [Scalar, ...Scalar[]]
  /** The list has this element. A value that is no list counts as a list of one. */
  readonly contains?: Scalar
  /** Something is there: not nothing, not `null` and no list without an element. */
  readonly exists?: boolean
  /** The string matches, or one string of the list does. A longer one than 1024 is unknown. */
  readonly matches?: Pattern
}

/** Looks at what is found along a path. */
export interface PathTest extends Test {
  readonly path: Path
}

export type Scalar = string | number | boolean

/** A regular expression that the build proved to be fast; `check-pattern.ts` says which are. */
export interface Pattern {
  readonly pattern: string
  readonly ignoreCase?: boolean
}

/** Who can turn a condition as they like, although they are not yours. */
export type Witness = 'requester' | 'network' | 'identityProvider'

/** Why it is right that such a word exempts somebody, by whose word it is. */
export type RestsOn = Readonly<Partial<Record<Witness, string>>>

/** The longest string that a pattern is tried on, in UTF-16 units. */
export const MAX_MATCHED_LENGTH = 1024

/** By characters, not halves of them, and so that `\p{L}` is a letter; the build checks them so. */
export const compilePattern = ({ pattern, ignoreCase }: Pattern, flags = ''): RegExp =>
  new RegExp(pattern, `${flags}${ignoreCase ? 'iu' : 'u'}`)

/** The sources that are about the identity used now; the others are about where it signs in to. */
export const IDENTITY_SOURCES: readonly Source[] = [
  'strategy',
  'connection',
  'emailVerified',
  'emailDomain',
  'attribute',
]

/** Whether a sign-in is meant; `undefined` where nobody can tell. */
export const holds = (when: When, facts: SignInFacts): boolean | undefined =>
  allOf(namesIn(when), (name) => memberHolds(when, name, facts))

/** A test that decided, and where it stands: `when.any[0].scope`. */
export interface DecidingTest {
  readonly source: Source
  readonly path: string
}

/** The conditions that make `holds` answer what it does. */
export const reasonsOf = (
  when: When,
  facts: SignInFacts,
  path = 'when',
): readonly DecidingTest[] => {
  const answer = holds(when, facts)
  return namesIn(when)
    .filter((name) => memberHolds(when, name, facts) === answer)
    .flatMap((name) => {
      const at = `${path}.${name}`
      if (name === 'not') return reasonsOf(when.not ?? {}, facts, at)
      if (name !== 'any' && name !== 'all') return { source: name, path: at }
      return (when[name] ?? []).flatMap((one, index) =>
        holds(one, facts) === answer ? reasonsOf(one, facts, `${at}[${index}]`) : [],
      )
    })
}

const namesIn = (when: When): (keyof When)[] => Object.keys(when) as (keyof When)[]

const memberHolds = (when: When, name: keyof When, facts: SignInFacts): boolean | undefined => {
  if (name === 'all') return allOf(when.all ?? [], (one) => holds(one, facts))
  if (name === 'any') return opposite(allOf(when.any ?? [], (one) => opposite(holds(one, facts))))
  if (name === 'not') return opposite(holds(when.not ?? {}, facts))
  const test: Test & { readonly path?: Path } = when[name] ?? {}
  const found = SOURCES[name](facts, test.path ?? [''])
  return found && passes(test, found, name === 'attribute')
}

/** False when one is, else unknown when one is, else true. */
const allOf = <Item>(
  items: readonly Item[],
  judge: (item: Item) => boolean | undefined,
): boolean | undefined => {
  let answer: boolean | undefined = true
  for (const item of items) {
    const one = judge(item)
    if (one === false) return false
    answer &&= one
  }
  return answer
}

const opposite = (answer: boolean | undefined): boolean | undefined =>
  answer === undefined ? undefined : !answer

/** The value that a test is about, or several names for it; `undefined` when nobody can tell. */
type Find = (facts: SignInFacts, path: Path) => readonly unknown[] | undefined

const SOURCES: Readonly<Record<Source, Find>> = {
  tenant: ({ tenant }) => known(tenant),
  strategy: ({ strategy }) => known(strategy),
  connection: ({ connection }) => known(connection),
  client: ({ client }) => known(client),
  clientMetadata: ({ clientMetadata }, path) => storedAt(clientMetadata, path),
  organization: ({ organization }) => organization,
  role: ({ roles }) => known(roles),
  protocol: ({ protocol }) => known(protocol),
  country: ({ country }) => known(country),
  audience: ({ audience }) => [audience],
  scope: ({ scopes }) => known(scopes),
  emailVerified: (facts) => {
    const { problem } = readCurrent(facts, ['email_verified'])
    return problem ? undefined : [isEmailVerified(facts)]
  },
  emailDomain: (facts) => {
    const { value: email } = readCurrent(facts, ['email'])
    return typeof email === 'string' && isEmailVerified(facts)
      ? [email.toLowerCase().split('@').slice(1).at(-1)]
      : undefined
  },
  attribute: (facts, path) => {
    const { value, problem } = readCurrent(facts, path)
    return problem ? undefined : [value]
  },
  appMetadata: ({ metadata }, path) => storedAt(metadata.app_metadata, path),
  userMetadata: ({ metadata }, path) => storedAt(metadata.user_metadata, path),
}

/** A custom database may have stored anything in the place of metadata. */
const storedAt = (metadata: unknown, path: Path): readonly unknown[] | undefined =>
  metadata === undefined || isObject(metadata) ? [readPath(metadata, path)] : undefined

const known = (value: unknown): readonly unknown[] | undefined =>
  value === undefined || value === '' ? undefined : [value]

/** A provider may send the string "false". */
const isEmailVerified = (facts: SignInFacts): boolean =>
  readCurrent(facts, ['email_verified']).value === true

const passes = (
  { equals, oneOf, contains, exists, matches }: Test,
  found: readonly unknown[],
  asStrings: boolean,
): boolean | undefined => {
  const values = found.filter((value) => value !== undefined && value !== null)
  if (values.some(isEndless)) return undefined
  if (exists !== undefined) return values.some(isThere) === exists
  const said: readonly unknown[] = asStrings ? values.map(stringsOf) : values
  // An attribute that is an object, or too large to look at.
  if (said.includes(undefined)) return undefined
  const wanted = [equals ?? oneOf ?? contains ?? []]
    .flat()
    .map((one) => (asStrings ? String(one) : one))
  const has = (value: unknown): boolean => wanted.some((one) => one === value)
  if (equals !== undefined || oneOf !== undefined) return said.some(has)
  const elements = said.flatMap((value: unknown) => value)
  if (matches === undefined) return elements.some(has)
  const strings = elements.filter((element) => typeof element === 'string')
  if (strings.some(({ length }) => length > MAX_MATCHED_LENGTH)) return undefined
  const pattern = compiled.get(matches) ?? compilePattern(matches)
  compiled.set(matches, pattern)
  return strings.some((string) => pattern.test(string))
}

/** More than anybody means; to look at each element would take the time of a sign-in. */
const isEndless = (value: unknown): boolean =>
  Array.isArray(value) && value.length > MAX_INPUT_ELEMENTS

/** A list of nothing, as of a user without roles, is nothing. */
const isThere = (value: unknown): boolean => !(Array.isArray(value) && value.length === 0)

/** Constants of the settings, compiled at the first sign-in that an instance sees. */
const compiled = new WeakMap<Pattern, RegExp>()

/** The strings of a list, or the one of a single value. */
const stringsOf = (value: unknown): string | readonly string[] | undefined => {
  const texts = readStrings(value)
  return Array.isArray(value) ? texts : texts?.[0]
}

/** The only values of a source for which it can hold; `undefined` for no such bounds. */
export const boundsOf = (when: When, source: Source): readonly Scalar[] | undefined => {
  const { equals, oneOf = equals === undefined ? undefined : [equals] } = when[source] ?? {}
  const alternatives = when.any?.map((one) => boundsOf(one, source))
  const union = alternatives?.every((one) => one !== undefined) ? alternatives.flat() : undefined
  return [oneOf, union, ...(when.all ?? []).map((one) => boundsOf(one, source))].find(
    (bounds) => bounds !== undefined,
  )
}

/** Every source that is asked, wherever it stands. */
export const sourcesIn = (when: When): readonly Source[] =>
  testsIn('', when).map(({ source }) => source)

/** Every test of a condition and of the conditions inside it, with its place: `when.any[0].scope`. */
export const testsIn = (path: string, when: When): readonly PlacedTest[] => [
  ...namesIn(when).flatMap((source) =>
    source === 'any' || source === 'all' || source === 'not'
      ? []
      : { path: `${path}.${source}`, source, test: when[source] ?? {} },
  ),
  ...innerOf(path, when).flatMap(([at, one]) => testsIn(at, one)),
]

interface PlacedTest {
  readonly path: string
  readonly source: Source
  readonly test: Test & Partial<PathTest>
}

/** The conditions inside a condition, each with its path. */
export const innerOf = (path: string, { any, all, not }: When): readonly [string, When][] => [
  ...(any ?? []).map((one, index): [string, When] => [`${path}.any[${index}]`, one]),
  ...(all ?? []).map((one, index): [string, When] => [`${path}.all[${index}]`, one]),
  ...(not === undefined ? [] : [[`${path}.not`, not] satisfies [string, When]]),
]
