import { createHash } from 'node:crypto'
import { allowPlan, type Decision, type Note } from '../shared/decision.ts'
import { isObject, own, type JsonObject, type JsonValue } from '../shared/json.ts'
import {
  METADATA_BUDGET_BYTES,
  planMetadata,
  type MetadataValues,
  type StoredMetadata,
} from '../shared/metadata.ts'
import type { EnrichProfileSettings, SignUpFieldType } from './settings.ts'

export interface ProfileFacts {
  readonly userId: string
  readonly metadata: StoredMetadata
}

/** Done once for each user; the flag is `app_metadata.tasks.<name>`, the time it was done. */
export const CUSTOMER_ID_TASK = 'assign_customer_id'

export const decideProfile = (
  facts: ProfileFacts,
  settings: EnrichProfileSettings,
  now: Date,
): Decision => {
  const { fields, notes } = normaliseSignUpFields(facts.metadata.user_metadata, settings)
  const planFor = (app_metadata: MetadataValues) =>
    planMetadata(facts.metadata, { user_metadata: fields, app_metadata }, METADATA_BUDGET_BYTES)

  const activity = noteActivity(now)
  const { customer_id, tasks } = assignCustomerId(facts, now)
  if (customer_id === undefined || tasks === undefined) return allowPlan(planFor(activity), notes)

  const plan = planFor({ customer_id, tasks, ...activity })
  // The flag of a task that found no room would keep it from ever being done.
  const isUndone = plan.refused.some(({ target }) => target === 'app_metadata.customer_id')
  return allowPlan(isUndone ? planFor({ customer_id, ...activity }) : plan, notes)
}

const normaliseSignUpFields = (
  userMetadata: unknown,
  settings: EnrichProfileSettings,
): { fields: MetadataValues; notes: Note[] } => {
  const fields: MetadataValues = {}
  const notes: Note[] = []
  for (const [key, type] of Object.entries(settings.signUpFields)) {
    const text = own(userMetadata, key)
    if (typeof text !== 'string') continue
    const value = parseField(text.trim(), type)
    if (value === undefined) {
      notes.push({ code: 'sign_up_field_unusable', target: `user_metadata.${key}` })
    } else {
      fields[key] = value
    }
  }
  return { fields, notes }
}

const parseField = (text: string, type: SignUpFieldType): JsonValue | undefined => {
  switch (type) {
    case 'string':
      return text
    case 'boolean':
      if (/^(?:true|yes|on|1)$/i.test(text)) return true
      return /^(?:false|no|off|0|)$/i.test(text) ? false : undefined
    case 'integer': {
      const number = /^[+-]?\d{1,16}$/.test(text) ? Number(text) : NaN
      return Number.isSafeInteger(number) ? number : undefined
    }
  }
}

/**
 * The profile points at the customer's record in another system instead of holding it. The id is
 * derived, so that two sign-ins at the same moment assign the same one.
 */
const assignCustomerId = ({ userId, metadata }: ProfileFacts, now: Date): MetadataValues => {
  const tasks = own(metadata.app_metadata, 'tasks')
  if (own(tasks, CUSTOMER_ID_TASK) !== undefined) return {}
  return {
    customer_id: `cus_${createHash('sha256').update(userId).digest('hex').slice(0, 24)}`,
    tasks: {
      ...(isObject(tasks) ? (tasks as JsonObject) : {}),
      [CUSTOMER_ID_TASK]: now.toISOString(),
    },
  }
}

/** The day of the last sign-in, in UTC: at most one write a day. */
const noteActivity = (now: Date): MetadataValues => ({
  activity: { last_seen: now.toISOString().slice(0, 10) },
})
