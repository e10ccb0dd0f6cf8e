import { isDeepStrictEqual } from 'node:util'
import { createTwoFilesPatch } from 'diff'
import {
  compareWithRecord,
  describeDates,
  showDate,
  type Difference,
} from './compare-with-record.ts'
import { problemAt, type Problem } from '../actions/shared/problem.ts'
import type { DeploymentRecord, RecordedAction, RecordedRun } from './deployment-record.ts'
import { addBindings, mergeBindings } from './merge-bindings.ts'
import { readOrigin, type Origin } from './read-origin.ts'
import type { Repository, RepositoryAction } from './repository.ts'
import type {
  ActionContent,
  DeployedVersion,
  Tenant,
  TenantAction,
  TenantBinding,
} from './tenant.ts'

/** Auth0's limit for one trigger. https://auth0.com/docs/customize/actions/limitations */
const MAX_BINDINGS = 20

export interface PlanOptions {
  /** Deploy these Actions only; empty means all. */
  only?: readonly string[]
  /** Delete these, which `tenant.yaml` no longer lists. */
  prune?: readonly string[]
  /** Send the secrets of every Action again. */
  rotateSecrets?: boolean
  /** What earlier deploys made. Without it nobody can tell which live versions are ours. */
  record?: DeploymentRecord | undefined
}

/** Why an Action is deployed. */
export type Reason =
  | 'new'
  | 'never deployed'
  | 'code'
  | 'runtime'
  | 'dependencies'
  | 'secret names'
  | 'modules'
  | 'trigger version'
  | Difference['reason']
  | 'secrets set but not deployed'
  | 'build failed'
  | 'rotate secrets'

export interface PlannedSecret {
  name: string
  /** `set` also for a secret that the tenant has: its value is sent again. */
  change: 'set' | 'remove' | 'keep'
  /** When it was last set, ISO 8601; values cannot be read. */
  setAt?: string
}

export interface PlannedAction {
  name: string
  change: 'create' | 'update' | 'unchanged'
  reasons: Reason[]
  /** Of the bundle that is to be live. */
  hash: string
  /** The number of the version that is live now. */
  liveVersion?: number
  /** Where the live code comes from; absent when nothing is deployed. */
  origin?: Origin
  /** Unified diff from the live code; empty when it stays. */
  codeDiff: string
  runtime: { before?: string; after: string }
  /** Lines such as `lodash 4.17.20 -> 4.17.21`. */
  dependencies: string[]
  secrets: PlannedSecret[]
  /** How the live version differs from what was deployed: sentences that go on after the name. */
  differences: string[]
  /** The draft in the tenant is neither what is live nor what is to be live. */
  foreignDraft: boolean
}

export interface PlannedBindings {
  trigger: string
  changed: boolean
  before: (TenantBinding & { ours: boolean })[]
  after: (TenantBinding & { ours: boolean })[]
}

/** Something that a person should look at; a deploy changes nothing about it. */
export interface PlanNote {
  kind: 'drift' | 'draft' | 'taken_over' | 'left_over' | 'unrecorded'
  action: string
  text: string
}

export interface Plan {
  domain: string
  bundlesHash: string
  /** The last deploy or rollback that is on record. */
  lastRun?: Pick<RecordedRun, 'kind' | 'at' | 'by' | 'commit'>
  actions: PlannedAction[]
  bindings: PlannedBindings[]
  /** Actions of ours, and the triggers that each is unbound from first. */
  deletions: { name: string; id: string; unbinds: string[] }[]
  /** Live and in no record: nobody can tell who made it, or whose secrets it has. */
  unrecorded: PlanNote[]
  notes: PlanNote[]
  /** Why it cannot be deployed. */
  problems: Problem[]
}

/** What has to change so that the tenant is what the repository says. Reads nothing, writes nothing. */
export const planDeployment = (
  repository: Repository,
  tenant: Tenant,
  { only = [], prune = [], rotateSecrets = false, record }: PlanOptions = {},
): Plan => {
  const selected = repository.actions.filter(({ name }) => only.length === 0 || only.includes(name))
  const actions = selected.map((wanted) =>
    planAction(
      wanted,
      findAction(tenant, wanted.name),
      record?.actions[wanted.name],
      rotateSecrets,
    ),
  )
  const pruned = tenant.actions.filter(({ name }) => prune.includes(name))
  const bindings = Object.entries(repository.bindings).map(([trigger, ours]) =>
    planBindings(trigger, tenant.bindings[trigger] ?? [], ours, only, prune),
  )
  return {
    domain: tenant.domain,
    bundlesHash: repository.bundlesHash,
    ...(record?.lastRun !== undefined && { lastRun: describeRun(record.lastRun) }),
    actions,
    bindings,
    deletions: pruned.map(({ id, name }) => ({
      name,
      id,
      unbinds: Object.entries(tenant.bindings)
        .filter(([, list]) => list.some(({ actionName }) => actionName === name))
        .map(([trigger]) => trigger),
    })),
    unrecorded: actions
      .filter(({ name }) => record?.actions[name] === undefined)
      .flatMap((action) => noteUnrecorded(action, findAction(tenant, action.name))),
    notes: [
      ...actions.flatMap(noteAction),
      ...leftOvers(repository, tenant).map((name): PlanNote => ({
        kind: 'left_over',
        action: name,
        text: `was built by a repository like this one and is not in tenant.yaml. If it is yours: npm run deploy -- --prune ${name}`,
      })),
    ].filter((note) => !(note.kind === 'left_over' && prune.includes(note.action))),
    problems: [
      ...selected.flatMap((wanted) => actionProblems(wanted, findAction(tenant, wanted.name))),
      ...bindings.flatMap(bindingProblems),
      ...prune.flatMap((name) => pruneProblems(repository, findAction(tenant, name), name)),
    ],
  }
}

/** Whether a deploy of this plan would write anything. */
export const hasChanges = ({ actions, bindings, deletions }: Plan): boolean =>
  actions.some(({ change }) => change !== 'unchanged') ||
  bindings.some(({ changed }) => changed) ||
  deletions.length > 0

/**
 * The part of a plan that is about ours. Two plans that agree in it do the same to ours; what others
 * changed between them is in neither.
 */
export const aboutOurs = (plan: Plan): unknown => ({
  actions: plan.actions,
  bindings: plan.bindings.map((bindings) => ({ ...bindings, ...changeOfOurs(bindings) })),
  deletions: plan.deletions,
  problems: plan.problems,
})

/** Our bindings as they are and as they are to be, in order. */
export const changeOfOurs = ({
  before,
  after,
}: Pick<PlannedBindings, 'before' | 'after'>): {
  before: TenantBinding[]
  after: TenantBinding[]
} => {
  const isKept = (name: string): boolean => after.some(({ actionName }) => actionName === name)
  const plain = ({ actionName, displayName }: TenantBinding): TenantBinding => ({
    actionName,
    displayName,
  })
  return {
    before: before.filter(({ ours, actionName }) => ours || !isKept(actionName)).map(plain),
    after: after.filter(({ ours }) => ours).map(plain),
  }
}

/** Whether the tenant is not what the repository says, though a deploy may have nothing to write. */
export const hasDrift = (plan: Plan): boolean =>
  hasChanges(plan) ||
  plan.problems.length > 0 ||
  plan.unrecorded.length > 0 ||
  plan.notes.some(({ kind }) => kind === 'drift' || kind === 'draft')

export const sameContent = (one: ActionContent, other: ActionContent): boolean =>
  one.code === other.code &&
  one.runtime === other.runtime &&
  isDeepStrictEqual(one.dependencies, other.dependencies) &&
  isDeepStrictEqual(one.secretNames, other.secretNames) &&
  isDeepStrictEqual(one.modules, other.modules)

/** Whether one is the other deployed again: then their secrets were set at the same instants. */
export const sameVersion = (one: DeployedVersion, other: DeployedVersion): boolean =>
  sameContent(one, other) && isDeepStrictEqual(one.secretsSetAt, other.secretsSetAt)

export const sameBindings = (
  one: readonly TenantBinding[],
  other: readonly TenantBinding[],
): boolean =>
  one.length === other.length &&
  one.every(
    ({ actionName, displayName }, index) =>
      actionName === other[index]?.actionName && displayName === other[index].displayName,
  )

export const findAction = (tenant: Tenant, name: string): TenantAction | undefined =>
  tenant.actions.find((action) => action.name === name)

const planAction = (
  wanted: RepositoryAction,
  found: TenantAction | undefined,
  recorded: RecordedAction | undefined,
  rotateSecrets: boolean,
): PlannedAction => {
  const differences = found === undefined ? [] : compareWithRecord(found, recorded)
  const reasons = reasonsFor(wanted, found, differences, rotateSecrets)
  const live = found?.deployed
  const isWritten = reasons.length > 0
  return {
    name: wanted.name,
    change: !isWritten ? 'unchanged' : found === undefined ? 'create' : 'update',
    reasons,
    hash: wanted.hash,
    ...(live !== undefined && {
      liveVersion: live.number,
      origin: readOrigin(wanted.name, live.code),
    }),
    codeDiff: live?.code === wanted.code ? '' : diffCode(wanted, live?.code),
    runtime: { ...(live !== undefined && { before: live.runtime }), after: wanted.runtime },
    dependencies: diffDependencies(live?.dependencies ?? [], wanted.dependencies),
    secrets: planSecrets(wanted, found, isWritten),
    differences: [
      ...differences.map(({ text }) => text),
      ...(reasons.includes('modules')
        ? [
            `runs with modules of the tenant (${live?.modules.join(', ')}); this repository uses none`,
          ]
        : []),
      ...(reasons.includes('trigger version')
        ? [
            `is for ${describeTriggers(found?.triggers ?? [])}, not ${describeTriggers(wanted.triggers)}`,
          ]
        : []),
    ],
    foreignDraft:
      found !== undefined &&
      !found.allChangesDeployed &&
      !sameContent(found.draft, wanted) &&
      !(live !== undefined && sameContent(found.draft, live)),
  }
}

const reasonsFor = (
  wanted: RepositoryAction,
  found: TenantAction | undefined,
  differences: readonly Difference[],
  rotateSecrets: boolean,
): Reason[] => {
  if (found === undefined) return ['new']
  const live = found.deployed
  if (live === undefined) return ['never deployed']
  const reasons: Reason[] = []
  if (live.code !== wanted.code) reasons.push('code')
  if (live.runtime !== wanted.runtime) reasons.push('runtime')
  if (!isDeepStrictEqual(live.dependencies, wanted.dependencies)) reasons.push('dependencies')
  if (!isDeepStrictEqual(live.secretNames, wanted.secretNames)) reasons.push('secret names')
  if (!isDeepStrictEqual(live.modules, wanted.modules)) reasons.push('modules')
  if (describeTriggers(found.triggers) !== describeTriggers(wanted.triggers)) {
    reasons.push('trigger version')
  }
  reasons.push(...new Set(differences.map(({ reason }) => reason)))
  if (reasons.length === 0 && [found.status, live.status].includes('failed')) {
    reasons.push('build failed')
  }
  // The draft is ours and not deployed: a run was killed before it deployed.
  if (reasons.length === 0 && !found.allChangesDeployed && sameContent(found.draft, wanted)) {
    reasons.push('secrets set but not deployed')
  }
  if (rotateSecrets && wanted.secretNames.length > 0) reasons.push('rotate secrets')
  return reasons
}

const describeTriggers = (triggers: RepositoryAction['triggers']): string =>
  triggers.map(({ id, version }) => `${id} ${version}`).join(', ')

const diffCode = ({ name, code }: RepositoryAction, live = ''): string =>
  createTwoFilesPatch(`live/${name}.js`, `dist/actions/${name}.js`, live, code, '', '', {
    context: 3,
  })

const diffDependencies = (
  before: ActionContent['dependencies'],
  after: ActionContent['dependencies'],
): string[] => {
  const names = new Set([...before, ...after].map(({ name }) => name))
  return Array.from(names).flatMap((name) => {
    const old = before.find((dependency) => dependency.name === name)?.version
    const wanted = after.find((dependency) => dependency.name === name)?.version
    return old === wanted ? [] : [`${name} ${old ?? 'none'} -> ${wanted ?? 'none'}`]
  })
}

const planSecrets = (
  wanted: RepositoryAction,
  found: TenantAction | undefined,
  isWritten: boolean,
): PlannedSecret[] => {
  const setAt = (name: string): { setAt?: string } => {
    const at = found?.secretsSetAt[name]
    return at === undefined || at === '' ? {} : { setAt: at }
  }
  const held = Object.keys(found?.secretsSetAt ?? {})
  return [
    ...wanted.secretNames.map((name): PlannedSecret => ({
      name,
      change: isWritten ? 'set' : 'keep',
      ...setAt(name),
    })),
    ...held
      .filter((name) => isWritten && !wanted.secretNames.includes(name))
      .map((name): PlannedSecret => ({ name, change: 'remove', ...setAt(name) })),
  ]
}

const planBindings = (
  trigger: string,
  current: readonly TenantBinding[],
  ours: readonly TenantBinding[],
  only: readonly string[],
  prune: readonly string[],
): PlannedBindings => {
  const kept = current.filter(({ actionName }) => !prune.includes(actionName))
  const after =
    only.length > 0 ? addBindings(kept, ours, only) : mergeBindings(current, ours, prune)
  const named = (list: readonly TenantBinding[]): PlannedBindings['before'] =>
    list.map((binding) => ({
      ...binding,
      ours: ours.some(({ actionName }) => actionName === binding.actionName),
    }))
  return {
    trigger,
    changed: !sameBindings(current, after),
    before: named(current),
    after: named(after),
  }
}

const describeRun = ({ kind, at, by, commit }: RecordedRun): NonNullable<Plan['lastRun']> => ({
  kind,
  at,
  ...(by !== undefined && { by }),
  ...(commit !== undefined && { commit }),
})

const noteUnrecorded = (
  { name, change }: PlannedAction,
  found: TenantAction | undefined,
): PlanNote[] => {
  const live = found?.deployed
  if (live === undefined) return []
  const secrets =
    live.secretNames.length === 0 ? '' : `, secrets ${describeDates(live.secretsSetAt)}`
  const next = change === 'unchanged' ? 'a deploy records it as it is' : 'a deploy replaces it'
  return [
    {
      kind: 'unrecorded',
      action: name,
      text: `runs version ${live.number} of ${showDate(live.createdAt)}${secrets}; ${next}`,
    },
  ]
}

const noteAction = ({
  name,
  origin,
  reasons,
  differences,
  foreignDraft,
}: PlannedAction): PlanNote[] => [
  ...differences.map((text) => ({ kind: 'drift' as const, action: name, text })),
  ...(origin?.kind === 'edited'
    ? [
        {
          kind: 'drift' as const,
          action: name,
          text: `was edited in the tenant after our build sha256:${origin.hash.slice(0, 12)} was deployed`,
        },
      ]
    : []),
  ...(origin?.kind === 'unknown' && reasons.includes('code')
    ? [
        {
          kind: 'taken_over' as const,
          action: name,
          text: 'runs code that no build of this repository made; a deploy replaces it',
        },
      ]
    : []),
  ...(foreignDraft
    ? [
        {
          kind: 'draft' as const,
          action: name,
          text:
            reasons.length > 0
              ? 'holds an undeployed draft that this deploy overwrites'
              : 'holds an undeployed draft; what is live is right, so it is left alone',
        },
      ]
    : []),
]

/** Actions that carry the header of a build under their own name, of this team or of another. */
const leftOvers = (repository: Repository, tenant: Tenant): string[] =>
  tenant.actions
    .filter(({ name }) => !repository.actions.some((action) => action.name === name))
    .filter(isBuilt)
    .map(({ name }) => name)

const isBuilt = ({ name, draft, deployed }: TenantAction): boolean =>
  [draft.code, deployed?.code ?? ''].some((code) => readOrigin(name, code).kind !== 'unknown')

const actionProblems = (wanted: RepositoryAction, found: TenantAction | undefined): Problem[] => {
  if (found === undefined) return []
  const [trigger] = wanted.triggers
  const isOfTrigger = found.triggers.some(({ id }) => id === trigger?.id)
  const message = found.isInstalled
    ? 'is an Action from the marketplace in this tenant; choose another name'
    : `exists in this tenant for the trigger ${found.triggers[0]?.id ?? 'none'}, not ${trigger?.id ?? ''}; choose another name`
  return problemAt(
    wanted.name,
    isOfTrigger && !found.isInstalled ? undefined : message,
    'name_taken',
  )
}

const bindingProblems = ({ trigger, after }: PlannedBindings): Problem[] => {
  const foreign = after.filter(({ ours }) => !ours).map(({ actionName }) => actionName)
  return problemAt(
    trigger,
    after.length <= MAX_BINDINGS
      ? undefined
      : `would have ${after.length} bindings; Auth0 takes ${MAX_BINDINGS}. Others' Actions in it: ${foreign.join(', ')}`,
    'too_many_bindings',
  )
}

const pruneProblems = (
  repository: Repository,
  found: TenantAction | undefined,
  name: string,
): Problem[] => {
  const isListed = repository.actions.some((action) => action.name === name)
  const isOurs = found === undefined || isBuilt(found)
  const message = isListed
    ? 'is in tenant.yaml; take it out there first'
    : 'was made by no build of this repository, so it is not ours to delete'
  return problemAt(`--prune ${name}`, isListed || !isOurs ? message : undefined, 'prune_refused')
}
