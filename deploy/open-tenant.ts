import { requestAccessToken, scopesOf } from './access-token.ts'
import type { Connection, Variables } from './environment.ts'
import { DeployFailure } from './failure.ts'
import { fetchThrough, guardFetch, type GuardOptions } from './guarded-fetch.ts'
import { openManagementApi, type ManagementApi } from './management-api.ts'
import { proxyFor } from './proxy.ts'

export interface OpenTenant {
  domain: string
  accessToken: string
  api: ManagementApi
  /** Fails with `scope_missing` when the token lacks one, and names all that it lacks. */
  requireScopes(scopes: readonly string[]): void
}

/** Enough for a tenant that is busy for a minute; the Deploy CLI has its own. */
const RETRIES = 5

/** Gets a token for the tenant that the environment names. */
export const openTenant = async (
  connection: Connection,
  source: Variables,
  { fetch, tell }: Pick<GuardOptions, 'fetch' | 'tell'>,
): Promise<OpenTenant> => {
  const { domain } = connection
  const retries = Number(source['AUTH0_API_MAX_RETRIES'] ?? RETRIES)
  const proxy = proxyFor(source, domain)
  const send = guardFetch({
    domain,
    tell,
    fetch: proxy === undefined ? fetch : fetchThrough(proxy),
  })
  const isCount = Number.isInteger(retries) && retries >= 0
  const options = { fetch: send, retries: isCount ? retries : RETRIES }
  const accessToken = await requestAccessToken(connection, options)
  const held = scopesOf(accessToken)
  return {
    domain,
    accessToken,
    api: openManagementApi({ domain, accessToken, ...options }),
    requireScopes(scopes) {
      const missing = held === undefined ? [] : scopes.filter((scope) => !held.has(scope))
      if (missing.length > 0) {
        throw new DeployFailure(
          'scope_missing',
          `The client lacks ${missing.join(', ')} for ${domain}. Grant it under APIs > Auth0 Management API; nothing was changed.`,
        )
      }
    },
  }
}
