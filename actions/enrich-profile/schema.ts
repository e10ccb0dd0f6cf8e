import { checkRetired, retiredKeys } from '../shared/check-retired.ts'
import { parseLocales } from '../shared/locales.ts'
import type { RetiredKey } from '../shared/metadata.ts'
import * as s from '../shared/schema.ts'
import { memberPath, problemAt, type Problem } from '../shared/problem.ts'
import { checkMetadataKey } from '../shared/check-names.ts'
import { RECORD_TIMES, type LookupSetting } from './look-up.ts'
import type { DeclaredValue } from './declared-value.ts'
import { isDay } from '../shared/parse-value.ts'
import { TASKS } from './tasks.ts'

export interface EnrichProfileSettings {
  /**
   * Fields of the sign-up form, by their key in `user_metadata`, and what each has to be. Nothing
   * checks them before: Lock and `/dbconnections/signup` take any string.
   */
  readonly signUpFields: Readonly<Record<string, DeclaredValue>>
  /**
   * Keys of `user_metadata` that nobody may send and that are deleted: what reads like a consent is
   * none, because anybody can put it into the sign-up request. Consent is what enforce-terms keeps.
   */
  readonly refusedSignUpFields: readonly string[]
  /** What is done once for each user, from the table in `tasks.ts`. */
  readonly tasks: readonly TaskName[]
  /** By their key in `app_metadata.lookups`. */
  readonly lookups: Readonly<Record<string, LookupSetting>>
  /** Milliseconds that tasks and look-ups may take together. Auth0 gives all Actions 20 s. */
  readonly budgetMs: number
  /**
   * Where the user's language is kept in `user_metadata`, and the tags that applications know. It
   * is set once. Salutation, time zone and the like cannot be told from a sign-in: they are left to
   * the user.
   */
  readonly preferredLanguage: { readonly key: string; readonly supported: readonly string[] }
  /** What former fields, tasks and look-ups left, removed at the next sign-in of each user. */
  readonly retiredKeys?: readonly RetiredKey[]
}

export type TaskName = keyof typeof TASKS

type OfType<Value, Type extends DeclaredValue['type']> = Extract<Value, { readonly type: Type }>
type Picked = LookupSetting['pick'][string]

const ofString = {
  type: s.words('string'),
  maxLength: s.number,
  allowed: s.optional(s.list(s.string)),
}
const ofBoolean = { type: s.words('boolean') }
const ofNumber = {
  type: s.words('integer', 'number'),
  min: s.optional(s.number),
  max: s.optional(s.number),
}
const ofDate = { type: s.words('date'), min: s.optional(s.string), max: s.optional(s.string) }

const numberField = s.object<OfType<DeclaredValue, 'integer' | 'number'>>(ofNumber)
const declared = s.byWord<DeclaredValue>('type', {
  string: s.object<OfType<DeclaredValue, 'string'>>(ofString),
  boolean: s.object<OfType<DeclaredValue, 'boolean'>>(ofBoolean),
  integer: numberField,
  number: numberField,
  date: s.object<OfType<DeclaredValue, 'date'>>(ofDate),
})

const path = s.list(s.string)
const numberPicked = s.object<OfType<Picked, 'integer' | 'number'>>({ ...ofNumber, path })
const picked = s.byWord<Picked>('type', {
  string: s.object<OfType<Picked, 'string'>>({ ...ofString, path }),
  boolean: s.object<OfType<Picked, 'boolean'>>({ ...ofBoolean, path }),
  integer: numberPicked,
  number: numberPicked,
  date: s.object<OfType<Picked, 'date'>>({ ...ofDate, path }),
})

const lookup = s.object<LookupSetting>({
  urlSecret: s.string,
  tokenSecret: s.string,
  id: s.someOf(s.string),
  timeoutMs: s.number,
  freshForHours: s.number,
  pick: s.record(picked),
})

const schema = s.object<EnrichProfileSettings>({
  signUpFields: s.record(declared),
  refusedSignUpFields: s.list(s.string),
  tasks: s.list(s.words(...(Object.keys(TASKS) as TaskName[]))),
  lookups: s.record(lookup),
  budgetMs: s.number,
  preferredLanguage: s.object<EnrichProfileSettings['preferredLanguage']>({
    key: s.string,
    supported: s.list(s.string),
  }),
  retiredKeys: s.optional(retiredKeys),
})

/** What Auth0 lets a sign-up send as one value, in characters. */
const MAX_FIELD_CHARACTERS = 500

const checkMeaning = (settings: EnrichProfileSettings): Problem[] => {
  const { signUpFields, refusedSignUpFields, tasks, lookups, budgetMs, preferredLanguage } =
    settings
  return [
    ...checkRetired(settings.retiredKeys ?? []),
    ...Object.entries(signUpFields).flatMap(([key, declared]) => [
      ...checkUserKey(memberPath('signUpFields', key), key),
      ...checkDeclared(memberPath('signUpFields', key), declared),
    ]),
    ...refusedSignUpFields.flatMap((key, index) => [
      ...checkUserKey(`refusedSignUpFields[${index}]`, key),
      ...problemAt(
        `refusedSignUpFields[${index}]`,
        Object.hasOwn(signUpFields, key) || key === preferredLanguage.key
          ? `"${key}" is kept as well; take it out of one of the two`
          : undefined,
      ),
    ]),
    ...problemAt('tasks', new Set(tasks).size < tasks.length ? 'names one twice' : undefined),
    ...Object.entries(lookups).flatMap(([name, lookup]) =>
      checkLookup(memberPath('lookups', name), name, lookup),
    ),
    ...checkRange('budgetMs', budgetMs, 1, 5000),
    ...checkUserKey('preferredLanguage.key', preferredLanguage.key),
    ...problemAt(
      'preferredLanguage.supported',
      preferredLanguage.supported.every((tag) => parseLocales([tag])[0] === tag)
        ? undefined
        : 'holds what is no language tag',
    ),
  ]
}

const checkUserKey = (path: string, key: string): Problem[] =>
  checkMetadataKey(path, 'user_metadata', key)

const checkDeclared = (path: string, declared: DeclaredValue): Problem[] => {
  switch (declared.type) {
    case 'boolean':
      return []
    case 'string':
      return [
        ...checkRange(`${path}.maxLength`, declared.maxLength, 1, MAX_FIELD_CHARACTERS),
        ...problemAt(
          `${path}.allowed`,
          declared.allowed?.some((text) => text !== text.trim() || text.length > declared.maxLength)
            ? 'holds a string that no value can be: with spaces around it, or too long'
            : undefined,
        ),
      ]
    case 'integer':
    case 'number':
    case 'date': {
      const limits = [declared.min, declared.max].filter((limit) => limit !== undefined)
      const isLimit = declared.type === 'date' ? isDay : Number.isFinite
      const [min, max] = limits
      return problemAt(
        path,
        !limits.every((limit) => isLimit(limit))
          ? 'has a limit that is not of its type'
          : min !== undefined && max !== undefined && min > max
            ? 'has a min above its max'
            : undefined,
      )
    }
  }
}

const checkLookup = (path: string, name: string, lookup: LookupSetting): Problem[] => [
  ...problemAt(
    path,
    /^[a-z][a-z0-9_]{0,31}$/.test(name) ? undefined : 'is not 1 to 32 of a-z 0-9 _',
  ),
  ...checkRange(`${path}.timeoutMs`, lookup.timeoutMs, 1, 2000),
  ...checkRange(`${path}.freshForHours`, lookup.freshForHours, 1, 720),
  ...problemAt(`${path}.id`, lookup.id.includes('') ? 'holds an empty name' : undefined),
  ...problemAt(
    `${path}.pick`,
    Object.keys(lookup.pick).length === 0 ? 'is empty; say what to take' : undefined,
  ),
  ...Object.entries(lookup.pick).flatMap(([key, declared]) => [
    ...checkDeclared(memberPath(`${path}.pick`, key), declared),
    ...problemAt(
      memberPath(`${path}.pick`, key),
      RECORD_TIMES.includes(key) ? 'is a name of ours; choose another' : undefined,
    ),
    ...checkMetadataKey(memberPath(`${path}.pick`, key), 'user_metadata', key),
  ]),
]

const checkRange = (path: string, value: number, min: number, max: number): Problem[] =>
  problemAt(path, value >= min && value <= max ? undefined : `is not a number, ${min} to ${max}`)

export const checkSettings = s.checkerOf(schema, checkMeaning)
