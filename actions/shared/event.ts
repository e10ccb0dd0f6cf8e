import type { Event, PostLoginAPI } from '@auth0/actions-types/post-login/v3'
import type { StoredMetadata } from './metadata.ts'

/**
 * The event of an Action that has these secrets. A secret can be missing at run time whatever
 * Auth0's types say, and a name that is not among them does not compile.
 */
export type ActionEvent<SecretName extends string = never> = Omit<Event, 'secrets'> & {
  readonly secrets: { readonly [name in SecretName]?: string }
}

/** What Auth0 calls when a user signs in, or returns from a redirect. It must be a native async function. */
export type Handler<SecretName extends string = never> = (
  event: ActionEvent<SecretName>,
  api: PostLoginAPI,
) => Promise<void>

/** Picks both metadata objects, unjudged: a custom database may have put anything there. */
export const readMetadata = (event: ActionEvent): StoredMetadata => ({
  app_metadata: event.user.app_metadata,
  user_metadata: event.user.user_metadata,
})

/** Whether an application exchanges a refresh token: no user, no browser, no identity provider. */
export const isRefreshExchange = (event: ActionEvent): boolean =>
  event.transaction?.protocol === 'oauth2-refresh-token'

/**
 * The identity that the root of the profile, its e-mail address included, is of. A sign-in by a
 * linked identity leaves the root as it is.
 */
export const findPrimaryIdentity = ({ user }: { readonly user: unknown }): unknown => {
  return identitiesOf(user).find((identity) => {
    const id = [memberOf(identity, 'provider'), memberOf(identity, 'user_id')]
    // A numeric user_id is of an older identity.
    return (
      id.every((part) => ['string', 'number'].includes(typeof part)) &&
      id.join('|') === memberOf(user, 'user_id')
    )
  })
}

/** A user has a few; nobody is told apart in a list of more than 1,000. */
export const identitiesOf = (user: unknown): readonly unknown[] => {
  const identities = memberOf(user, 'identities')
  return Array.isArray(identities) && identities.length <= 1000 ? identities : []
}

/** A member of anything: what is wrong with an event must not stop what is said about it. */
export const memberOf = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined
