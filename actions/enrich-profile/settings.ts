import { parseLocales } from '../shared/locales.ts'
import type { Manifest } from '../shared/manifest.ts'
import { checkMetadataKey, problemAt, type SettingsProblem } from '../shared/settings-problem.ts'
import { RECORD_TIMES, type LookupSetting } from './look-up.ts'
import { isDay, type DeclaredValue } from './parse-value.ts'
import type { TASKS } from './tasks.ts'

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
  readonly lookups: Readonly<Record<string, LookupSetting<SecretName>>>
  /** Milliseconds that tasks and look-ups may take together. Auth0 gives all Actions 20 s. */
  readonly budgetMs: number
  /**
   * Where the user's language is kept in `user_metadata`, and the tags that applications know. It
   * is set once. Salutation, time zone and the like cannot be told from a sign-in: they are left to
   * the user.
   */
  readonly preferredLanguage: { readonly key: string; readonly supported: readonly string[] }
}

export type TaskName = keyof typeof TASKS

export const settings: EnrichProfileSettings = {
  signUpFields: {
    newsletter: { type: 'boolean' },
    birth_year: { type: 'integer', min: 1900, max: 2100 },
    company: { type: 'string', maxLength: 100 },
  },
  refusedSignUpFields: ['consentGiven', 'accepted_terms'],
  tasks: ['assign_customer_id'],
  // For a team without such a system: an empty object, and both secrets out of the manifest below
  // and out of tenant.yaml. The build names what is left over.
  lookups: {
    customer: {
      urlSecret: 'CUSTOMER_URL',
      tokenSecret: 'CUSTOMER_TOKEN',
      id: ['customer_id'],
      timeoutMs: 1500,
      freshForHours: 24,
      pick: {
        tier: {
          path: ['tier'],
          type: 'string',
          maxLength: 16,
          allowed: ['basic', 'silver', 'gold'],
        },
        account_manager: { path: ['account_manager'], type: 'string', maxLength: 80 },
      },
    },
  },
  budgetMs: 2500,
  preferredLanguage: { key: 'preferred_language', supported: ['en', 'de'] },
}

export const manifest = {
  writes: [
    'user_metadata.newsletter',
    'user_metadata.birth_year',
    'user_metadata.company',
    'user_metadata.consentGiven',
    'user_metadata.accepted_terms',
    'user_metadata.preferred_language',
    'app_metadata.customer_id',
    'app_metadata.tasks',
    'app_metadata.lookups',
    'app_metadata.activity',
  ],
  secrets: ['CUSTOMER_URL', 'CUSTOMER_TOKEN'],
  fails: 'open',
} as const satisfies Manifest

export type SecretName = (typeof manifest.secrets)[number]

/** What Auth0 lets a sign-up send as one value, in characters. */
const MAX_FIELD_CHARACTERS = 500

export const checkSettings = (checked: EnrichProfileSettings = settings): SettingsProblem[] => {
  const { signUpFields, refusedSignUpFields, tasks, lookups, budgetMs, preferredLanguage } = checked
  return [
    ...Object.entries(signUpFields).flatMap(([key, declared]) => [
      ...checkUserKey(`signUpFields.${key}`, key),
      ...checkDeclared(`signUpFields.${key}`, declared),
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
      checkLookup(`lookups.${name}`, name, lookup),
    ),
    ...leftOverSecrets(lookups),
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

const checkUserKey = (path: string, key: string): SettingsProblem[] => [
  ...checkMetadataKey(path, 'user_metadata', key),
  ...problemAt(
    path,
    (manifest.writes as readonly string[]).includes(`user_metadata.${key}`)
      ? undefined
      : `is not among manifest.writes; add "user_metadata.${key}"`,
  ),
]

const checkDeclared = (path: string, declared: DeclaredValue): SettingsProblem[] => {
  switch (declared.type) {
    case 'boolean':
      return []
    case 'string':
      return [
        ...checkRange(`${path}.maxLength`, declared.maxLength, 1, MAX_FIELD_CHARACTERS),
        ...problemAt(
          `${path}.allowed`,
          declared.allowed?.some((text) => text !== text.trim() || text.length > declared.maxLength)
            ? 'holds a text that no value can be: with spaces around it, or too long'
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

const checkLookup = (path: string, name: string, lookup: LookupSetting): SettingsProblem[] => [
  ...problemAt(
    path,
    /^[a-z][a-z0-9_]{0,31}$/.test(name) ? undefined : 'is not 1 to 32 of a-z 0-9 _',
  ),
  ...(['urlSecret', 'tokenSecret'] as const).flatMap((secret) =>
    problemAt(
      `${path}.${secret}`,
      (manifest.secrets as readonly string[]).includes(lookup[secret])
        ? undefined
        : `"${lookup[secret]}" is not among manifest.secrets`,
    ),
  ),
  ...checkRange(`${path}.timeoutMs`, lookup.timeoutMs, 1, 2000),
  ...checkRange(`${path}.freshForHours`, lookup.freshForHours, 1, 720),
  ...problemAt(`${path}.id`, lookup.id.includes('') ? 'holds an empty name' : undefined),
  ...problemAt(
    `${path}.pick`,
    Object.keys(lookup.pick).length === 0 ? 'is empty; say what to take' : undefined,
  ),
  ...Object.entries(lookup.pick).flatMap(([key, declared]) => [
    ...checkDeclared(`${path}.pick.${key}`, declared),
    ...problemAt(
      `${path}.pick.${key}`,
      RECORD_TIMES.includes(key) ? 'is a name of ours; choose another' : undefined,
    ),
    ...checkMetadataKey(`${path}.pick.${key}`, 'user_metadata', key),
  ]),
]

const leftOverSecrets = (lookups: EnrichProfileSettings['lookups']): SettingsProblem[] => {
  const used = Object.values(lookups).flatMap(({ urlSecret, tokenSecret }) => [
    urlSecret,
    tokenSecret,
  ])
  return manifest.secrets
    .filter((name) => !used.includes(name))
    .flatMap((name) =>
      problemAt('lookups', `do not use ${name}; take it out of manifest.secrets and tenant.yaml`),
    )
}

const checkRange = (path: string, value: number, min: number, max: number): SettingsProblem[] =>
  problemAt(path, value >= min && value <= max ? undefined : `is not a number, ${min} to ${max}`)
