import * as v from 'valibot'
import { describeIssue } from './describe-issue.ts'
import { DeployFailure } from './failure.ts'
import type {
  ActionContent,
  BuildStatus,
  DeployedVersion,
  TenantAction,
  TenantBinding,
} from './tenant.ts'

const filled = v.pipe(v.string(), v.nonEmpty())
const count = v.pipe(v.number(), v.integer(), v.minValue(0))

const Secret = v.object({ name: filled, updated_at: filled })
const Dependency = v.object({ name: filled, version: v.string() })
const BuildError = v.object({ id: v.nullish(v.string()), msg: v.nullish(v.string()) })

const Module = v.object({
  module_name: filled,
  module_version_number: v.nullish(v.number()),
})

const content = {
  code: v.string(),
  runtime: v.string(),
  dependencies: v.array(Dependency),
  secrets: v.array(Secret),
  // Early access: a tenant without it does not say the word.
  modules: v.nullish(v.array(Module)),
}

const Version = v.object({
  ...content,
  id: filled,
  number: v.pipe(v.number(), v.integer(), v.minValue(1)),
  status: filled,
  created_at: filled,
  errors: v.nullish(v.array(BuildError)),
})

const action = {
  id: filled,
  name: filled,
  supported_triggers: v.array(v.object({ id: filled, version: filled })),
  status: filled,
  all_changes_deployed: v.boolean(),
  errors: v.nullish(v.array(BuildError)),
}

const Action = v.object({ ...action, ...content, deployed_version: v.nullish(Version) })

/** An Action from the marketplace. Its code belongs to the integration, so it may show none. */
const InstalledAction = v.object({
  ...action,
  code: v.optional(v.string(), ''),
  runtime: v.optional(v.string(), ''),
  dependencies: v.optional(v.array(Dependency), []),
  secrets: v.optional(v.array(Secret), []),
  modules: v.nullish(v.array(Module)),
  status: v.optional(v.string(), 'built'),
  all_changes_deployed: v.optional(v.boolean(), true),
})

const AnyAction = v.lazy((value) => (isInstalled(value) ? Installed : Own))
const Own = v.pipe(
  Action,
  v.transform((shown) => toAction(shown, false)),
)
const Installed = v.pipe(
  InstalledAction,
  v.transform((shown) => toAction(shown, true)),
)

const Binding = v.pipe(
  v.object({ display_name: v.nullish(v.string()), action: v.object({ name: filled }) }),
  v.transform(({ action: { name }, display_name }): TenantBinding => ({
    actionName: name,
    displayName: display_name || name,
  })),
)

const MadeVersion = v.pipe(
  Version,
  v.transform((shown) => toVersion(shown)),
)

/** How many there are on all pages. Left out by the tenant when there are none. */
const total = v.optional(count)

/** What each request of `management-api.ts` answers. Members that are not named here may be there. */
export const ANSWERS = {
  actions: v.object({ total, actions: v.array(AnyAction) }),
  action: AnyAction,
  versions: v.object({ total, versions: v.array(MadeVersion) }),
  version: MadeVersion,
  bindings: v.object({ total, bindings: v.array(Binding) }),
  token: v.object({ access_token: filled }),
}

/**
 * Parses an answer of the tenant. Throws `answer_unreadable` when a member that we know is missing
 * or of another type. The message names the request, the member and the kind of thing that came,
 * never its value: that may be a secret.
 */
export const parseAnswer = <Value>(
  request: string,
  schema: v.GenericSchema<unknown, Value>,
  body: unknown,
): Value => {
  if (body === NO_JSON || isNoJson(body)) throw unreadable(request, 'the body is not JSON')
  const parsed = v.safeParse(schema, body, { abortEarly: true })
  if (parsed.success) return parsed.output
  const [issue] = parsed.issues
  const { path, message } = describeIssue(issue)
  throw unreadable(request, `${path || 'the body'} ${message}`)
}

export const unreadable = (request: string, problem: string): DeployFailure =>
  new DeployFailure(
    'answer_unreadable',
    `The answer to ${request} cannot be read: ${problem}. Is something between this computer and the tenant?`,
  )

/** For what a command reads before it writes: an unreadable answer then says that it wrote nothing. */
export const beforeWriting = async <Value>(read: Promise<Value>): Promise<Value> => {
  try {
    return await read
  } catch (error) {
    if (!(error instanceof DeployFailure) || error.code !== 'answer_unreadable') throw error
    throw new DeployFailure(error.code, `${error.message} Nothing was written.`, { cause: error })
  }
}

/** Stands for a body that is not JSON. */
export const NO_JSON = Symbol('no JSON')

/** The SDK answers this in place of a body that is not JSON. */
const isNoJson = (body: unknown): boolean => {
  const { ok, error } = (body ?? {}) as { ok?: unknown; error?: { reason?: unknown } | null }
  return ok === false && error?.reason === 'non-json'
}

const isInstalled = (value: unknown): boolean => {
  const { installed_integration_id: id, integration } = (value ?? {}) as Record<string, unknown>
  return typeof id === 'string' || (typeof integration === 'object' && integration !== null)
}

type ShownVersion = v.InferOutput<typeof Version>
type ShownAction = Omit<v.InferOutput<typeof Action>, 'deployed_version'> & {
  deployed_version?: ShownVersion | null | undefined
}

const toAction = (shown: ShownAction, installed: boolean): TenantAction => {
  const version = shown.deployed_version ?? undefined
  return {
    id: shown.id,
    name: shown.name,
    triggers: shown.supported_triggers,
    draft: toContent(shown),
    status: statusOf(shown.status),
    buildErrors: [shown, version].flatMap((built) => built?.errors ?? []).map(toReason),
    allChangesDeployed: shown.all_changes_deployed,
    secretsSetAt: secretDatesOf(shown),
    ...(version !== undefined && { deployed: toVersion(version) }),
    isInstalled: installed,
  }
}

const toVersion = (shown: ShownVersion): DeployedVersion => ({
  ...toContent(shown),
  id: shown.id,
  number: shown.number,
  createdAt: shown.created_at,
  secretsSetAt: secretDatesOf(shown),
  status: statusOf(shown.status),
})

type ShownContent = Pick<ShownVersion, keyof typeof content>

const toContent = ({
  code,
  runtime,
  dependencies,
  secrets,
  modules,
}: ShownContent): ActionContent => ({
  code,
  runtime,
  dependencies: dependencies.toSorted((one, other) => compareText(one.name, other.name)),
  secretNames: secrets.map(({ name }) => name).toSorted(compareText),
  modules: (modules ?? [])
    .map(({ module_name: name, module_version_number: number }) => `${name} ${number ?? 'draft'}`)
    .toSorted(compareText),
})

const secretDatesOf = ({ secrets }: Pick<ShownContent, 'secrets'>): Record<string, string> =>
  Object.fromEntries(secrets.map(({ name, updated_at }) => [name, updated_at]))

const statusOf = (shown: string): BuildStatus => {
  // Within an Action Auth0 writes the same word in upper case.
  const status = shown.toLowerCase()
  return status === 'failed' || status === 'built' ? status : 'building'
}

const toReason = ({ msg, id }: v.InferOutput<typeof BuildError>): string =>
  msg || id || 'no reason given'

/** By code unit, so that the order is the same on every computer. */
export const compareText = (one: string, other: string): number =>
  one < other ? -1 : one > other ? 1 : 0
