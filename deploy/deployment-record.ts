/**
 * What this project made in one tenant, kept outside the tenant: whoever can change an Action there
 * cannot change this. Plain data; `record-file.ts` reads and writes it.
 */
import { createHash } from 'node:crypto'
import { readOrigin } from './read-origin.ts'
import type { DeployedVersion, Tenant, TenantAction, TenantBinding } from './tenant.ts'

export interface DeploymentRecord {
  schema: 1
  domain: string
  /** What was live when it was last read back, by name of the Action. */
  actions: Record<string, RecordedAction>
  lastRun?: RecordedRun
}

export interface VersionRef {
  id: string
  number: number
}

export interface RecordedAction {
  id: string
  version: VersionRef
  /** SHA-256 of the code without the header of the build. */
  hash: string
  trigger: { id: string; version: string }
  modules: string[]
  /**
   * When each secret was set, as read back. A rollback leaves the newest dates here, so that the
   * older values it brought back are noticed.
   */
  secretsSetAt: Record<string, string>
}

/** What the undo of a deploy or a rollback needs to know. */
export interface RecordedRun {
  kind: 'deploy' | 'rollback'
  /** ISO 8601. */
  at: string
  /** A user name. */
  by?: string
  commit?: string
  actions: RecordedChange[]
  bindings: RecordedBindings[]
}

export interface RecordedChange {
  name: string
  id: string
  /** Live before; absent when nothing was. */
  before?: VersionRef
  /** Made by the run; absent when the run deleted the Action. */
  after?: VersionRef
  created: boolean
  /** Secrets that a rollback set back to older values. */
  revived?: string[]
}

/** Our bindings of one trigger, in order. */
export interface RecordedBindings {
  trigger: string
  before: TenantBinding[]
  after: TenantBinding[]
}

/** The record after `run`, which left these Actions live. */
export const recordRun = (
  record: DeploymentRecord | undefined,
  domain: string,
  run: RecordedRun,
  live: readonly { name: string; action: RecordedAction }[],
): DeploymentRecord => {
  const actions = { ...record?.actions }
  for (const { name, after } of run.actions) if (after === undefined) delete actions[name]
  for (const { name, action } of live) {
    const older = run.kind === 'rollback' ? record?.actions[name]?.secretsSetAt : undefined
    actions[name] = {
      ...actions[name],
      ...action,
      secretsSetAt: newestDates(action.secretsSetAt, older),
    }
  }
  return { ...record, schema: 1, domain, actions, lastRun: run }
}

/** The record with those of `names` that it lacks, as they are live in `tenant`. */
export const adoptActions = (
  record: DeploymentRecord | undefined,
  tenant: Tenant,
  names: readonly string[],
): DeploymentRecord => {
  const actions = { ...record?.actions }
  for (const name of names) {
    const found = actionIn(tenant, name)
    if (found?.deployed !== undefined) actions[name] ??= recordAction(found, found.deployed)
  }
  return { ...record, schema: 1, domain: tenant.domain, actions }
}

/**
 * The record after an undo deployed a version again under a new number: what was said of the
 * version `from` holds for `to`.
 */
export const moveVersions = (
  record: DeploymentRecord,
  moves: readonly { from: VersionRef; to: VersionRef }[],
): DeploymentRecord => {
  const moved = (version: VersionRef): VersionRef =>
    moves.find(({ from }) => from.id === version.id)?.to ?? version
  const { lastRun } = record
  return {
    ...record,
    actions: Object.fromEntries(
      Object.entries(record.actions).map(([name, action]) => [
        name,
        { ...action, version: moved(action.version) },
      ]),
    ),
    ...(lastRun !== undefined && {
      lastRun: {
        ...lastRun,
        actions: lastRun.actions.map((change) => ({
          ...change,
          ...(change.after !== undefined && { after: moved(change.after) }),
        })),
      },
    }),
  }
}

/**
 * One record of two that were written at the same time. The numbers of versions only go up, so the
 * higher one was live later.
 */
export const mergeRecords = (one: DeploymentRecord, other: DeploymentRecord): DeploymentRecord => {
  const [older, newer] =
    timeOf(one.lastRun?.at) <= timeOf(other.lastRun?.at) ? [one, other] : [other, one]
  const actions = { ...older.actions, ...newer.actions }
  for (const [name, action] of Object.entries(older.actions)) {
    const kept = newer.actions[name]
    if (kept?.id === action.id && action.version.number > kept.version.number) {
      actions[name] = action
    }
  }
  // The newer run deleted it, so what the older record says of it no longer holds.
  for (const { name, after } of newer.lastRun?.actions ?? []) {
    if (after === undefined) delete actions[name]
  }
  return { ...older, ...newer, actions }
}

export const refTo = ({ id, number }: VersionRef): VersionRef => ({ id, number })

export const timeOf = (at: string | undefined): number => {
  const time = Date.parse(at ?? '')
  return Number.isNaN(time) ? 0 : time
}

const actionIn = (tenant: Tenant, name: string): TenantAction | undefined =>
  tenant.actions.find((action) => action.name === name)

/** What goes on record of an Action that is live like this. */
export const recordAction = (
  { id, name, triggers }: TenantAction,
  live: DeployedVersion,
): RecordedAction => ({
  id,
  version: refTo(live),
  hash: hashOf(name, live.code),
  trigger: triggers[0] ?? { id: '', version: '' },
  modules: live.modules,
  secretsSetAt: live.secretsSetAt,
})

const hashOf = (name: string, code: string): string => {
  const origin = readOrigin(name, code)
  return origin.kind === 'build' ? origin.hash : createHash('sha256').update(code).digest('hex')
}

const newestDates = (
  live: Readonly<Record<string, string>>,
  known: Readonly<Record<string, string>> = {},
): Record<string, string> =>
  Object.fromEntries(
    Object.entries(live).map(([name, at]) => [
      name,
      timeOf(known[name]) > timeOf(at) ? (known[name] ?? at) : at,
    ]),
  )
