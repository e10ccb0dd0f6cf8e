/**
 * The words in which an Action's `schema.ts` says what its settings may be, made of valibot. They
 * run in the build, never in Auth0.
 *
 * A schema is bound to the type of the settings in both directions: one that forgets a member, knows
 * one too many, or takes another type does not compile.
 */
import { inspect } from 'node:util'
import leven from 'leven'
import * as v from 'valibot'
import { isObject, own, type JsonValue, type Path } from './json.ts'
import { memberPath, type Problem } from './problem.ts'

interface AnySchema<T = unknown> extends v.GenericSchema<unknown, T> {
  /** What a value must be, e.g. `a string`. */
  readonly wants: string
}

export interface Schema<T> extends AnySchema<T> {
  /** Never there. It keeps a schema for fewer or more values from passing as one for `T`. */
  readonly exactly?: (value: T) => void
}

/** A schema for some of the values that `T` has. */
export type Form<T> = v.GenericSchema<unknown, T>

/** A member that may be left out. */
interface Optional<T> {
  readonly optional: Schema<T>
}

type AnyMember = AnySchema | { readonly optional: AnySchema }

/** Each member of `T`, and no other. */
type MembersOf<T> = {
  readonly [Name in keyof T]-?: object extends Pick<T, Name>
    ? Optional<Exclude<T[Name], undefined>>
    : Schema<T[Name]>
}

/**
 * What the build calls: the form of all settings first and, where that is right, what they mean.
 */
export const checkerOf =
  <T>(schema: Schema<T>, checkMeaning: (settings: T) => Problem[]) =>
  (settings: unknown): Problem[] => {
    const problems = problemsIn(schema, settings)
    return problems.length > 0 ? problems : checkMeaning(settings as T)
  }

/** Where a value is not of the form; `root` is what the value is called. */
export const problemsIn = (schema: AnySchema, value: unknown, root = 'settings'): Problem[] =>
  (v.safeParse(schema, value).issues ?? []).map(({ path = [], message, type, expected }) => ({
    path: path.reduce((before, { key }) => memberPath(before, key), '').replace(/^(?=\[|$)/, root),
    message,
    code: (type === 'raw_check' && expected) || 'setting_invalid',
  }))

/**
 * The one of `known` that was probably meant: it differs in a few letters, in case or in a hyphen,
 * or one of the two holds the other.
 */
export const nearest = (word: string, known: readonly string[]): string | undefined => {
  const [best] = known
    .map((name) => ({ name, distance: distanceOf(plain(word), plain(name)) }))
    .filter(({ name, distance }) => distance <= Math.min(3, Math.floor(name.length / 2)))
    .toSorted((left, right) => left.distance - right.distance)
  return best?.name
}

const plain = (word: string): string => word.toLowerCase().replace(/[-_ ]/g, '')

const distanceOf = (left: string, right: string): number => {
  const [short, long] = left.length < right.length ? [left, right] : [right, left]
  const isPart = short.length > 2 && long.startsWith(short)
  const isInside = short.length > 5 && long.includes(short)
  return left !== right && (isPart || isInside) ? 1 : leven(left, right)
}

const schema = <T>(wants: string, of: v.GenericSchema<unknown, unknown>): Schema<T> =>
  Object.assign(of, { wants }) as Schema<T>

const fitting = <T>(wants: string, fits: (input: unknown) => boolean): Schema<T> =>
  schema(
    wants,
    v.custom(fits, ({ input }) => `is ${kindOf(input)}; it must be ${wants}`),
  )

export const string: Schema<string> = fitting('a string', (input) => typeof input === 'string')

export const boolean: Schema<boolean> = fitting(
  'true or false',
  (input) => typeof input === 'boolean',
)

export const only = <const Value extends boolean>(value: Value): Schema<Value> =>
  fitting(String(value), (input) => input === value)

export const number: Schema<number> = fitting('a number', Number.isFinite)

export const words = <const Word extends string>(...known: readonly Word[]): Schema<Word> => {
  const wants = orList(known.map((word) => JSON.stringify(word)))
  const message = (input: unknown): string => {
    const meant = typeof input === 'string' ? nearest(input, known) : undefined
    return meant === undefined
      ? `is ${shown(input)}; it must be ${wants}`
      : `is ${shown(input)}: did you mean ${JSON.stringify(meant)}?`
  }
  return schema(
    wants,
    v.picklist(known, ({ input }) => message(input)),
  )
}

export const list = <T>(item: Schema<T>): Schema<readonly T[]> =>
  schema(
    'a list',
    v.array(item, ({ input }) => `is ${kindOf(input)}; it must be a list`),
  )

/** A list of at least one. */
export const someOf = <T>(item: Schema<T>): Schema<readonly [T, ...T[]]> =>
  schema('a list', v.pipe(list(item), v.minLength(1, 'is empty; it must hold at least one')))

export const optional = <T>(member: Schema<T>): Optional<T> => ({ optional: member })

/** What to do about members of an earlier version of the settings, by name. */
type Former = Readonly<
  Record<string, string | ((value: unknown, beside: Record<string, unknown>) => string)>
>

/** A value as a settings file writes it. */
export const written = (value: unknown): string =>
  inspect(value, { depth: null, breakLength: Infinity, compact: true })

/** Another form, for which `say` has a message of its own. */
export const unless = <T>(
  say: (input: unknown) => string | undefined,
  known: Schema<T>,
): Schema<T> =>
  choose<T>(known.wants, (input): Form<T> => {
    const message = say(input)
    return message === undefined ? known : v.custom<T>(() => false, message)
  })

/** A schema that is part of itself. */
export const lazy = <T>(known: () => Schema<T>): Schema<T> => choose<T>('an object', known)

/** An object with these members and no other. */
export const object = <T extends object>(members: MembersOf<T>, former?: Former): Schema<T> =>
  membersSchema({ ...members }, { former })

/**
 * An object with exactly one of these members, and those of `beside`. What is wrong with it is said
 * of the member that is given, and not of each that could be.
 */
export const oneMemberOf = <T extends object, Beside extends keyof T = never>(
  members: { readonly [Name in Exclude<keyof T, Beside>]-?: Schema<Exclude<T[Name], undefined>> },
  beside = {} as MembersOf<Pick<T, Beside>>,
  former?: Former,
): Schema<T> => {
  const names = Object.keys(members)
  const choices = Object.fromEntries(
    Object.entries<AnySchema>(members).map(([name, member]) => [name, { optional: member }]),
  )
  const complain: Complain = (given, unknown) => {
    const [first, ...rest] = given.filter((name) => names.includes(name))
    if (first === undefined && unknown.length === 0) {
      return [{ message: `has none of ${names.join(', ')}; give it one`, code: MISSING }]
    }
    const message = `stands beside \`${first ?? ''}\`; give one of the two`
    return rest.map((name) => ({ name, message, code: 'setting_invalid' }))
  }
  return membersSchema({ ...choices, ...beside }, { former, complain })
}

/** An object in which each member is a value of the same form. */
export const record = <T>(member: Schema<T>): Schema<Readonly<Record<string, T>>> =>
  schema(
    'an object',
    v.lazy((input) => (isObject(input) ? looseObject(input, () => member) : noObject)),
  )

/** The form that fits the input best, chosen by what it is. */
export const choose = <T>(wants: string, pick: (input: unknown) => Form<T>) =>
  schema<T>(wants, v.lazy(pick))

/** Objects that differ in a member each has alone: the form whose member is there, or nearly there. */
export const alternatives = <T>(forms: Readonly<Record<string, Form<T>>>): Schema<T> =>
  choose<T>('an object', (input) => {
    const names = Object.keys(forms)
    const given = isObject(input) ? Object.keys(input) : []
    const meant =
      names.find((name) => given.includes(name)) ??
      given.map((name) => nearest(name, names)).find((name) => name !== undefined)
    return forms[meant ?? names[0] ?? ''] ?? noObject
  })

/** Objects that say in the member `name` which form they have. */
export const byWord = <T>(name: string, forms: Readonly<Record<string, Form<T>>>): Schema<T> => {
  // Without the word nothing else can be judged.
  const word = words(...Object.keys(forms))
  const wordAlone = membersSchema<never>({ [name]: word }, { ignoresOthers: true })
  return choose<T>('an object', (input) => {
    const said = own(input, name)
    return (typeof said === 'string' && Object.hasOwn(forms, said) && forms[said]) || wordAlone
  })
}

/** One string, or several. */
export const stringOrStrings: Schema<string | readonly string[]> = choose(
  'a string or a list of strings',
  (input): Form<string | readonly string[]> => (Array.isArray(input) ? list(string) : string),
)

/** Whatever JSON can hold. */
export const json: Schema<JsonValue> = choose<JsonValue>('a JSON value', (input) =>
  Array.isArray(input) ? list(json) : isObject(input) ? record(json) : jsonScalar,
)

export const path: Schema<Path> = schema(
  'a list of names',
  v.tupleWithRest(
    [string],
    fitting<string | number>(
      'a string or a number',
      (input) => typeof input === 'string' || Number.isFinite(input),
    ),
    ({ input }) => `is ${kindOf(input)}; it must be a list of names`,
  ),
)

export const scalar: Schema<string | number | boolean> = fitting(
  'a string, a number, true or false',
  (input) => ['string', 'boolean'].includes(typeof input) || Number.isFinite(input),
)

const jsonScalar: Schema<JsonValue> = fitting(
  'a JSON value',
  (input) =>
    input === null || ['string', 'boolean'].includes(typeof input) || Number.isFinite(input),
)

interface Found {
  readonly name?: string
  readonly message: string
  readonly code: string
}

const UNKNOWN = 'setting_unknown'
const MISSING = 'setting_missing'

/** What is wrong beside unknown, missing and wrong members. */
type Complain = (given: readonly string[], unknown: readonly string[]) => readonly Found[]

const membersSchema = <T>(
  members: Readonly<Record<string, AnyMember>>,
  {
    former = {},
    complain = () => [],
    ignoresOthers = false,
  }: {
    readonly former?: Former | undefined
    readonly complain?: Complain
    readonly ignoresOthers?: boolean
  },
): Schema<T> => {
  const known = Object.keys(members)
  const memberOf = (name: string): AnySchema | undefined => {
    const member = Object.hasOwn(members, name) ? members[name] : undefined
    return member && 'optional' in member ? member.optional : member
  }
  const unknownMember = (name: string, beside: Record<string, unknown>): Found => {
    const remedy = Object.hasOwn(former, name) ? former[name] : undefined
    if (remedy !== undefined) {
      const said = typeof remedy === 'string' ? remedy : remedy(beside[name], beside)
      return { name, message: `is no more: ${said}`, code: UNKNOWN }
    }
    const meant = nearest(name, known)
    const hint =
      meant === undefined ? `; known are ${known.join(', ')}` : `: did you mean \`${meant}\`?`
    return { name, message: `is unknown${hint}`, code: UNKNOWN }
  }
  const missing = Object.entries(members).flatMap(([name, member]) =>
    'optional' in member
      ? []
      : [{ name, message: `is missing; it must be ${member.wants}`, code: MISSING }],
  )
  return schema(
    'an object',
    v.lazy((input) => {
      if (!isObject(input)) return noObject
      const given = Object.keys(input)
      const lacking = known.filter((name) => !given.includes(name))
      const unknown = given.filter(
        (name) =>
          !Object.hasOwn(members, name) && (!ignoresOthers || nearest(name, lacking) !== undefined),
      )
      // What was meant by a misspelt member is not missing, too.
      const meant = unknown.map((name) => nearest(name, known))
      const found = [
        ...unknown.map((name) => unknownMember(name, input)),
        ...missing.filter(({ name }) => lacking.includes(name) && !meant.includes(name)),
        ...complain(given, unknown),
      ]
      return v.pipe(
        looseObject(input, memberOf),
        v.rawCheck(({ addIssue }) => {
          // An issue has no place for a code; what it expected is said in the message.
          for (const { name, message, code } of found) {
            addIssue({ message, expected: code, ...at(input, name) })
          }
        }),
      )
    }),
  )
}

/** valibot's own strict object stops at the first unknown member. */
const looseObject = (
  input: object,
  memberOf: (name: string) => AnySchema | undefined,
): v.GenericSchema<unknown, unknown> =>
  v.looseObject(
    Object.fromEntries(
      Object.keys(input).flatMap((name) => {
        const member = memberOf(name)
        return member === undefined ? [] : [[name, member]]
      }),
    ),
  )

const at = (input: Record<string, unknown>, key: string | undefined) =>
  key === undefined
    ? {}
    : {
        path: [{ type: 'object', origin: 'key', input, key, value: input[key] }] as [
          v.IssuePathItem,
        ],
      }

const noObject = fitting<never>('an object', () => false)

const orList = (names: readonly string[]): string =>
  new Intl.ListFormat('en', { type: 'disjunction' }).format(names)

/** A word of the settings themselves is shown, as far as a line holds it. */
const shown = (input: unknown): string =>
  typeof input === 'string' ? JSON.stringify(input.slice(0, 40)) : kindOf(input)

const kindOf = (input: unknown): string => {
  if (Array.isArray(input)) return 'a list'
  if (isObject(input)) return 'an object'
  if (input === null || input === undefined || typeof input === 'boolean') return String(input)
  if (typeof input === 'number') return Number.isFinite(input) ? 'a number' : String(input)
  return typeof input === 'object' ? 'no plain data' : `a ${typeof input}`
}
