/**
 * The user notices nothing. Sign-up fields become what they mean, a new user gets a customer id
 * once, what another system knows of the customer is at hand, and the profile tells on which days
 * the user was first and last here.
 */
import type { PostLoginAPI } from '@auth0/actions-types/post-login/v3'
import { applyAllow, failOpen } from '../shared/apply-allow.ts'
import { isRefreshExchange, readMetadata, type ActionEvent, type Handler } from '../shared/event.ts'
import { isObject } from '../shared/json.ts'
import { decideProfile, type ProfileFindings } from './decide.ts'
import { readProfileFacts } from './facts.ts'
import { runLookups } from './run-look-ups.ts'
import { settings } from './settings.ts'
import { dueTasks, runTasks } from './tasks.ts'

export const onExecutePostLogin: Handler<string> = async (event, api) => {
  try {
    const now = new Date()
    const findings = await gatherFindings(event, api, now)
    applyAllow(decideProfile(readProfileFacts(event), settings, findings, now), event, api)
  } catch (error) {
    failOpen(error, event)
  }
}

/**
 * Tasks first, then look-ups, which may need what a task leaves. Neither in a refresh-token
 * exchange: Auth0 does not say that what they bring would be kept there, so they could be repeated
 * each time; nor where `app_metadata` cannot be written.
 */
const gatherFindings = async (
  event: ActionEvent<string>,
  api: PostLoginAPI,
  now: Date,
): Promise<ProfileFindings> => {
  const { user, secrets } = event
  const metadata = readMetadata(event)
  const stored = metadata.app_metadata === undefined ? {} : metadata.app_metadata
  if (isRefreshExchange(event) || !isObject(stored)) return { done: [], records: {}, notes: [] }
  const signal = AbortSignal.timeout(settings.budgetMs)
  const facts = { userId: user.user_id, metadata }
  const tasks = await runTasks(dueTasks(settings.tasks, facts), facts, signal)
  const current = tasks.done.reduce<object>((left, { values }) => ({ ...left, ...values }), stored)
  const lookups = await runLookups(settings.lookups, current, {
    fetch,
    secrets,
    signal,
    now,
    pausedUntil: (name) => Number(api.cache.get(cacheKey(name))?.value ?? 0),
    pause: (name, until) => {
      api.cache.set(cacheKey(name), String(until), { expires_at: until })
    },
  })
  return {
    done: tasks.done,
    records: lookups.records,
    notes: [...tasks.notes, ...lookups.notes],
  }
}

const cacheKey = (name: string): string => `enrich-profile:${name}`
