import type { Client, ResourceServer } from '../store.ts'

const OPENID_SCOPES = ['openid', 'profile', 'email', 'address', 'phone', 'offline_access']

/**
 * The requested scopes that are granted. As at Auth0, the others are left out without an error:
 * scopes that the API does not define, and `offline_access` where the client or the API does not
 * allow it.
 */
export const grantScopes = (
  requested: readonly string[],
  client: Client,
  resourceServer: ResourceServer | undefined,
): string[] => {
  const mayRefresh =
    client.grant_types.includes('refresh_token') && (resourceServer?.allow_offline_access ?? true)
  const ofApi = resourceServer?.scopes.map((scope) => scope.value) ?? []
  return requested.filter((scope) =>
    scope === 'offline_access'
      ? mayRefresh
      : OPENID_SCOPES.includes(scope) || ofApi.includes(scope),
  )
}

/** What `api.accessToken.addScope` and `removeScope` make of the granted scopes. */
export const changeScopes = (
  granted: readonly string[],
  changes: { addedScopes: readonly string[]; removedScopes: readonly string[] },
): string[] =>
  [...new Set([...granted, ...changes.addedScopes])].filter(
    (scope) => !changes.removedScopes.includes(scope),
  )
