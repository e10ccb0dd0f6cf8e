/** The only file that talks to the Management API itself; the writing of a deploy is the Deploy CLI's. */
import { ManagementClient } from 'auth0'
import { networkCode } from './explain-failure.ts'
import { explainFailure } from './explain-failure.ts'
import { parseAction, parseBinding, parseVersion } from './parse-tenant.ts'
import type { ActionContent, DeployedVersion, Tenant, TenantBinding } from './tenant.ts'

export interface ManagementApi {
  /** All Actions, and the bindings of `triggers`. */
  readTenant(triggers: readonly string[]): Promise<Tenant>
  /** Newest first. */
  readVersions(actionId: string): Promise<DeployedVersion[]>
  /** Deploys the content of an earlier version as a new version, and makes it the draft as well. */
  deployVersion(actionId: string, versionId: string): Promise<void>
  /** Puts code, runtime and dependencies into the draft; secrets stay. */
  updateDraft(actionId: string, draft: ActionContent): Promise<void>
  replaceBindings(trigger: string, bindings: readonly TenantBinding[]): Promise<void>
  /** Refused by the tenant while the Action is bound. */
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

export const openManagementApi = (options: ManagementApiOptions): ManagementApi => {
  const { domain, retries } = options
  const { actions } = new ManagementClient({
    domain,
    token: options.accessToken,
    maxRetries: retries,
    // `guardFetch` has the time limits. A timer of the SDK would outlive a request that failed, and
    // keep the process waiting.
    timeoutInSeconds: 0,
    fetch: readAgain(options.fetch, retries),
  })
  const explained = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    try {
      return await work()
    } catch (error) {
      throw explainFailure(error, domain)
    }
  }

  return {
    readTenant: (triggers) =>
      explained(async () => {
        const listed = await everyPage(await actions.list({ per_page: 100 }))
        const bindings: [string, TenantBinding[]][] = []
        for (const trigger of triggers) {
          const page = await actions.triggers.bindings.list(trigger as 'post-login', {
            per_page: 50,
          })
          bindings.push([trigger, (await everyPage(page)).map(parseBinding)])
        }
        return { domain, actions: listed.map(parseAction), bindings: Object.fromEntries(bindings) }
      }),
    readVersions: (actionId) =>
      explained(async () => {
        const page = await actions.versions.list(actionId, { per_page: 50 })
        return (await everyPage(page))
          .flatMap((version) => parseVersion(version) ?? [])
          .toSorted((one, other) => other.number - one.number)
      }),
    deployVersion: (actionId, versionId) =>
      explained(async () => {
        await actions.versions.deploy(actionId, versionId, { update_draft: true })
      }),
    updateDraft: (actionId, { code, runtime, dependencies }) =>
      explained(async () => {
        await actions.update(actionId, { code, runtime, dependencies })
      }),
    replaceBindings: (trigger, bindings) =>
      explained(async () => {
        await actions.triggers.bindings.updateMany(trigger as 'post-login', {
          bindings: bindings.map(({ actionName, displayName }) => ({
            ref: { type: 'action_name', value: actionName },
            display_name: displayName,
          })),
        })
      }),
    deleteAction: (actionId) =>
      explained(async () => {
        await actions.delete(actionId)
      }),
  }
}

interface Page {
  data: unknown[]
  hasNextPage(): boolean
  getNextPage(): Promise<Page>
}

const everyPage = async (first: Page): Promise<unknown[]> => {
  const all = [...first.data]
  let page = first
  while (page.hasNextPage()) {
    page = await page.getNextPage()
    all.push(...page.data)
  }
  return all
}

/** The SDK tries answers again; a connection that broke during a read is ours to try again. */
const readAgain =
  (send: typeof fetch, retries: number): typeof fetch =>
  async (input, init) => {
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await send(input, init)
      } catch (error) {
        const isRead = (init?.method ?? 'GET') === 'GET'
        const isBroken = ['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET'].includes(
          networkCode(error) ?? '',
        )
        if (!isRead || !isBroken || attempt >= retries) throw error
        await new Promise((done) => setTimeout(done, 500 * 2 ** attempt))
      }
    }
  }
