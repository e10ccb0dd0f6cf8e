import { allowPlan, type Allow, type Note, type Reason } from '../shared/decision.ts'
import { isObject, own, type JsonObject } from '../shared/json.ts'
import { languageOf } from '../shared/locales.ts'
import {
  METADATA_BUDGET_BYTES,
  planSettled,
  settleRetired,
  withoutRoom,
  type MetadataPlan,
  type MetadataRefusal,
  type MetadataValues,
  type RetiredKey,
} from '../shared/metadata.ts'
import { isDay } from '../shared/parse-value.ts'
import { parseDeclared } from './declared-value.ts'
import type { ProfileFacts } from './facts.ts'
import type { EnrichProfileSettings } from './schema.ts'
import type { DoneTask } from './tasks.ts'

/** What was found out before the decision. */
export interface ProfileFindings {
  readonly done: readonly DoneTask[]
  /** Records of look-ups that changed, by name. */
  readonly records: JsonObject
  readonly notes: readonly Note[]
}

type Settings = Pick<
  EnrichProfileSettings,
  'signUpFields' | 'refusedSignUpFields' | 'preferredLanguage' | 'retiredKeys'
>

export const decideProfile = (
  facts: ProfileFacts,
  settings: Settings,
  findings: ProfileFindings,
  now: Date,
): Allow => decideWithout(facts, settings, findings, now, settings.retiredKeys ?? [])

const decideWithout = (
  { metadata: stored, ...others }: ProfileFacts,
  settings: Settings,
  findings: ProfileFindings,
  now: Date,
  retired: readonly RetiredKey[],
): Allow => {
  const metadata = settleRetired(stored, retired)
  const facts = { ...others, metadata }
  const { app_metadata, user_metadata } = metadata
  const { fields, notes } = readSignUpFields(user_metadata, settings)
  const planFor = (done: readonly DoneTask[]): MetadataPlan =>
    planSettled(
      stored,
      metadata,
      {
        app_metadata: {
          ...valuesOf(done, own(app_metadata, 'tasks'), now),
          ...recordActivity(facts, now),
          ...mergedRecords(findings.records, own(app_metadata, 'lookups')),
        },
        user_metadata: { ...fields, ...choosePreferredLanguage(facts, settings) },
      },
      METADATA_BUDGET_BYTES,
    )
  const plan = planWithTasks(planFor, findings.done)
  const stay = withoutRoom(plan, retired)
  return stay.length === 0
    ? allowPlan(plan, [...notes, ...findings.notes], reasonsOf(plan, Object.keys(fields)))
    : decideWithout(
        { ...others, metadata: stored },
        settings,
        findings,
        now,
        retired.filter((key) => !stay.includes(key)),
      )
}

/** What is written and what found no place, then the fields that are as they should be. */
const reasonsOf = ({ changes, refused }: MetadataPlan, fields: readonly string[]): Reason[] => {
  const reasons = [
    ...changes.map(({ metadata, key }) => ({ code: 'written', path: `${metadata}.${key}` })),
    ...refused.map(({ code, target }) => ({ code, path: target })),
  ]
  const equal = fields
    .map((key) => ({ code: 'equal', path: `user_metadata.${key}` }))
    .filter(({ path }) => !reasons.some((reason) => reason.path === path))
  return [...reasons, ...equal]
}

/**
 * Each declared field as what it is, or not at all: a value that cannot be used is deleted, once and
 * with a code, and so is a field that is refused. Other keys are other people's.
 */
const readSignUpFields = (
  userMetadata: unknown,
  { signUpFields, refusedSignUpFields }: Settings,
): { fields: MetadataValues; notes: Note[] } => {
  const fields: MetadataValues = {}
  const notes: Note[] = []
  for (const [key, declared] of Object.entries(signUpFields)) {
    const value = parseDeclared(own(userMetadata, key), declared)
    if (value === undefined) {
      notes.push({ code: 'sign_up_field_unusable', target: `user_metadata.${key}` })
    }
    fields[key] = value ?? null
  }
  for (const key of refusedSignUpFields) {
    fields[key] = null
    if ((own(userMetadata, key) ?? null) !== null) {
      notes.push({ code: 'sign_up_field_refused', target: `user_metadata.${key}` })
    }
  }
  return { fields: isObject(userMetadata) ? fields : {}, notes }
}

/** What tasks leave, and the flags that keep them from being done again. */
const valuesOf = (done: readonly DoneTask[], flags: unknown, now: Date): MetadataValues => {
  if (done.length === 0) return {}
  const values: MetadataValues = {}
  const tasks: JsonObject = isObject(flags) ? { ...(flags as JsonObject) } : {}
  for (const task of done) {
    Object.assign(values, task.values)
    tasks[task.name] = now.toISOString()
  }
  return { ...values, tasks }
}

/** A task whose values found no room keeps neither them nor the flag: it is done again. */
const planWithTasks = (
  planFor: (done: readonly DoneTask[]) => MetadataPlan,
  done: readonly DoneTask[],
): MetadataPlan => {
  const lost: MetadataRefusal[] = []
  for (let kept = done; ;) {
    const plan = planFor(kept)
    const without = kept.filter((task) => !isRefused(task, plan))
    if (without.length === kept.length) return { ...plan, refused: [...lost, ...plan.refused] }
    const dropped = kept.filter((task) => isRefused(task, plan)).flatMap(targetsOf)
    lost.push(...plan.refused.filter(({ target }) => dropped.includes(target)))
    kept = without
  }
}

const isRefused = (task: DoneTask, { refused }: MetadataPlan): boolean =>
  refused.some(({ target }) => targetsOf(task).includes(target))

const targetsOf = ({ values }: DoneTask): string[] =>
  ['tasks', ...Object.keys(values)].map((key) => `app_metadata.${key}`)

const mergedRecords = (records: JsonObject, stored: unknown): MetadataValues =>
  Object.keys(records).length === 0
    ? {}
    : { lookups: { ...(isObject(stored) ? (stored as JsonObject) : {}), ...records } }

/** Only for a user who has none: from then on it is theirs to change. */
const choosePreferredLanguage = (
  { locales, metadata }: ProfileFacts,
  { preferredLanguage }: Settings,
): MetadataValues => {
  const { key, supported } = preferredLanguage
  const stored = metadata.user_metadata
  if ((stored !== undefined && !isObject(stored)) || (own(stored, key) ?? null) !== null) return {}
  for (const locale of locales) {
    const exact = supported.find((tag) => tag.toLowerCase() === locale.toLowerCase())
    const found = exact ?? supported.find((tag) => tag === languageOf(locale))
    if (found !== undefined) return { [key]: found }
  }
  return {}
}

/**
 * The days, in UTC, of the first and the last sign-in, and the connection of the first sign-in of
 * the last day: one write a day at most, whatever else a user does on it.
 */
const recordActivity = ({ connection, metadata }: ProfileFacts, now: Date): MetadataValues => {
  const stored = own(metadata.app_metadata, 'activity')
  const [first, last] = [own(stored, 'first_seen'), own(stored, 'last_seen')]
  const today = dayOf(now)
  // At midnight, another instance of the Action may be a day ahead for a moment.
  const tomorrow = dayOf(new Date(now.getTime() + 86_400_000))
  if (last === today || last === tomorrow) return {}
  const known = [first, last].find((day) => isDay(day) && day <= today)
  return {
    activity: {
      first_seen: isDay(known) ? known : today,
      last_seen: today,
      last_connection: connection,
    },
  }
}

const dayOf = (time: Date): string => time.toISOString().slice(0, 10)
