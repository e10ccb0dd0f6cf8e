/** The only file that talks to the Management API itself. Drafts of Actions are the Deploy CLI's. */
// The Actions alone: all of the SDK takes a command most of its start.
import { ActionsClient } from 'auth0/actions'
import { explainFailure, isDropped } from './explain-failure.ts'
import { DeployFailure } from './failure.ts'
import { ANSWERS, parseAnswer, unreadable } from './parse-tenant.ts'
import { tryAgain } from './patiently.ts'
import type {
  ActionContent,
  DeployedVersion,
  Tenant,
  TenantAction,
  TenantBinding,
} from './tenant.ts'

/** Every answer is parsed before it is believed: see `parse-tenant.ts`. */
export interface ManagementApi {
  /** All Actions, and the bindings of `triggers`. */
  fetchTenant(triggers: readonly string[]): Promise<Tenant>
  readBindings(trigger: string): Promise<TenantBinding[]>
  /** `undefined` when there is none. */
  readAction(actionId: string): Promise<TenantAction | undefined>
  /** Newest first. */
  readVersions(actionId: string): Promise<DeployedVersion[]>
  /** Makes the draft the next version and puts it live. Sent once: what it deploys may change. */
  deployDraft(actionId: string): Promise<DeployedVersion>
  /**
   * Deploys the content of an earlier version as a new version. Sent once.
   * `updateDraft` makes it the draft as well.
   */
  deployVersion(actionId: string, versionId: string, updateDraft: boolean): Promise<void>
  /** Puts code, runtime and dependencies into the draft; secrets stay. */
  updateDraft(actionId: string, draft: ActionContent): Promise<void>
  /** Replaces the whole list. Sent once: the list may be another by the time of a second try. */
  replaceBindings(trigger: string, bindings: readonly TenantBinding[]): Promise<void>
  /** The tenant refuses it while the Action is bound. An Action that is gone is no failure. */
  deleteAction(actionId: string): Promise<void>
}

export interface ManagementApiOptions {
  domain: string
  accessToken: string
  /** As `guardFetch` makes it: with a time limit, and waiting when the tenant asks for it. */
  fetch: typeof fetch
  /** For 408, 429 and 5xx. */
  retries: number
}

const ONCE = { maxRetries: 0 }

export const openManagementApi = (options: ManagementApiOptions): ManagementApi => {
  const { domain, retries } = options
  const actions = new ActionsClient({
    baseUrl: `https://${domain}${BASE}`,
    token: options.accessToken,
    maxRetries: retries,
    // `guardFetch` has the time limits. A timer of the SDK would outlive a request that failed, and
    // keep the process waiting.
    timeoutInSeconds: 0,
    fetch: readAgain(options),
  })
  const explained = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    try {
      return await work()
    } catch (error) {
      throw explainFailure(error, domain)
    }
  }

  const { listActions, listBindings, listVersions } = listsOf(actions)

  return {
    fetchTenant: (triggers) =>
      explained(async () => {
        const listed = await listActions()
        const bindings: Tenant['bindings'] = {}
        for (const trigger of triggers) bindings[trigger] = await listBindings(trigger)
        return { domain, actions: listed, bindings }
      }),
    readBindings: (trigger) => explained(() => listBindings(trigger)),
    readAction: (id) =>
      explained(async () => {
        const shown: unknown = await actions.get(id).catch(unlessGone)
        return shown === GONE
          ? undefined
          : parseAnswer(`GET ${BASE}/actions/actions/${id}`, ANSWERS.action, shown)
      }),
    readVersions: (id) =>
      explained(async () =>
        (await listVersions(id)).toSorted((one, other) => other.number - one.number),
      ),
    deployDraft: (id) =>
      explained(async () => {
        const made: unknown = await actions.deploy(id, ONCE)
        return parseAnswer(`POST ${BASE}/actions/actions/${id}/deploy`, ANSWERS.version, made)
      }),
    deployVersion: (id, versionId, updateDraft) =>
      explained(async () => {
        await actions.versions.deploy(id, versionId, { update_draft: updateDraft }, ONCE)
      }),
    updateDraft: (id, { code, runtime, dependencies }) =>
      explained(async () => {
        await actions.update(id, { code, runtime, dependencies })
      }),
    replaceBindings: (trigger, bindings) =>
      explained(async () => {
        await actions.triggers.bindings.updateMany(
          trigger as 'post-login',
          {
            bindings: bindings.map(({ actionName, displayName }) => ({
              ref: { type: 'action_name', value: actionName },
              display_name: displayName,
            })),
          },
          ONCE,
        )
      }),
    deleteAction: (id) =>
      explained(async () => {
        await actions.delete(id).catch(unlessGone)
      }),
  }
}

/** What comes in pages. */
const listsOf = (actions: ActionsClient) => ({
  listActions: (): Promise<TenantAction[]> =>
    readPages('/actions/actions', 100, async (request, paging) => {
      const { response } = await actions.list(paging)
      const { total, actions: items } = parseAnswer(request, ANSWERS.actions, response)
      return { total, items }
    }),

  listBindings: (trigger: string): Promise<TenantBinding[]> =>
    readPages(`/actions/triggers/${trigger}/bindings`, 50, async (request, paging) => {
      const { response } = await actions.triggers.bindings.list(trigger as 'post-login', paging)
      const { total, bindings: items } = parseAnswer(request, ANSWERS.bindings, response)
      return { total, items }
    }),

  listVersions: (id: string): Promise<DeployedVersion[]> =>
    readPages(`/actions/actions/${id}/versions`, 50, async (request, paging) => {
      const { response } = await actions.versions.list(id, paging)
      const { total, versions: items } = parseAnswer(request, ANSWERS.versions, response)
      return { total, items }
    }),
})

const BASE = '/api/v2'

const GONE = Symbol('gone')

const unlessGone = (error: unknown): typeof GONE => {
  if ((error as { statusCode?: unknown }).statusCode === 404) return GONE
  throw error
}

interface Page<Item> {
  /** Of all pages. Auth0 leaves it out when there are none. */
  total: number | undefined
  items: Item[]
}

/** How often a list is read anew when it changed between two of its pages. */
const LIST_RETRIES = 2

/** Reads all pages of a list, and again when the number of items is not the total it names. */
const readPages = async <Item>(
  path: string,
  size: number,
  readPage: (request: string, paging: { page: number; per_page: number }) => Promise<Page<Item>>,
): Promise<Item[]> => {
  const request = `GET ${BASE}${path}`
  const readAll = async (): Promise<Item[]> => {
    const all: Item[] = []
    let isMore = true
    let total: number | undefined
    for (let page = 0; isMore; page += 1) {
      const read = await readPage(request, { page, per_page: size })
      all.push(...read.items)
      total = read.total
      isMore = total === undefined ? read.items.length >= size : isShort(all, read)
    }
    if (total === undefined || all.length === total) return all
    throw new ListChanged(unreadable(request, `total is ${total}, and ${all.length} came`))
  }
  return tryAgain(readAll, {
    retries: LIST_RETRIES,
    firstPauseMs: 0,
    mayPass: (error) => error instanceof ListChanged,
  })
}

class ListChanged extends DeployFailure {
  constructor({ code, message }: DeployFailure) {
    super(code, message)
  }
}

const isShort = (all: readonly unknown[], { total = 0, items }: Page<unknown>): boolean =>
  items.length > 0 && all.length < total

/** The SDK tries answers again; a connection that broke during a read is ours to try again. */
const readAgain =
  ({ fetch: send, retries, domain }: ManagementApiOptions): typeof fetch =>
  (input, init) => {
    const isRead = (init?.method ?? 'GET') === 'GET'
    const attempt = async (): Promise<Response> => {
      try {
        return await send(input, init)
      } catch (error) {
        throw explainFailure(error, domain)
      }
    }
    return tryAgain(attempt, {
      retries: isRead ? retries : 0,
      firstPauseMs: 500,
      mayPass: isDropped,
    })
  }
