import { findOwn, findUser } from '../lookup.ts'
import { isObject, isString, omit } from '../json.ts'
import { forgetMember } from '../membership.ts'
import { generatedProfile } from '../generated-profile.ts'
import { identityView } from '../profiles.ts'
import type { Identity, User } from '../store.ts'
import { created, finding, invalidBody, ok, problem, type Endpoints } from './answer.ts'
import { endLogins, NO_SUCH_USER } from './users.ts'

const withUser = finding(findUser, NO_SUCH_USER)

/** Root members that belong to the user as a whole, not to an identity. */
const NOT_OF_IDENTITY = [
  'app_metadata',
  'blocked',
  'created_at',
  'identities',
  'last_ip',
  'last_login',
  'last_password_reset',
  'logins_count',
  'updated_at',
  'user_id',
  'user_metadata',
]

/** What `profileData` holds of a profile; a name that Auth0 made up is not among it (recorded). */
const profileDataOf = (user: User): Record<string, unknown> =>
  omit(user, ...NOT_OF_IDENTITY, ...(user['name'] === user.email ? ['name'] : []))

/** All identities, the primary one with the profile that it has on the root (recorded). */
const identityViews = (user: User): Identity[] =>
  user.identities.map((identity, at) =>
    identityView(at === 0 ? { ...identity, profileData: profileDataOf(user) } : identity),
  )

/** Metadata of the linked account are lost, as at Auth0. */
const linkIdentity = withUser((user, { context: { store }, body }) => {
  const { state } = store
  if (!isObject(body)) return invalidBody('Expected type object')
  if (body['link_with'] !== undefined) {
    return problem(501, 'The local tenant does not implement link_with.', 'not_implemented')
  }
  const { provider, user_id: id } = body
  if (!isString(provider, 1)) return invalidBody('Missing required property: provider')
  if (!isString(id, 1)) return invalidBody('Missing required property: user_id')
  const linked = findUser(state, id.includes('|') ? id : `${provider}|${id}`)
  if (linked === undefined) return NO_SUCH_USER
  if (linked === user) {
    return problem(400, 'Main account and specified linked account are the same.', 'invalid_body')
  }
  const [first, ...rest] = linked.identities
  if (first === undefined) return NO_SUCH_USER
  user.identities.push({ ...first, profileData: profileDataOf(linked) }, ...rest)
  delete state.users[linked.user_id]
  endLogins(state, linked.user_id)
  forgetMember(state, linked.user_id)
  store.touch()
  return created(identityViews(user))
})

/** The identity becomes a user of its own again, without metadata. */
const unlinkIdentity = withUser((user, { context: { store, now }, params }) => {
  const at = user.identities.findIndex(
    ({ provider, user_id }) => provider === params['provider'] && user_id === params['userId'],
  )
  const identity = user.identities[at]
  if (identity === undefined) {
    return problem(404, 'The identity does not exist.', 'inexistent_identity')
  }
  if (at === 0) return problem(400, 'Main identity cannot be unlinked.', 'operation_not_supported')
  user.identities.splice(at, 1)
  const { profileData = {}, ...bare } = identity
  const email = findOwn(profileData, 'email')
  const date = new Date(now()).toISOString()
  const user_id = `${bare.provider}|${bare.user_id}`
  store.state.users[user_id] = {
    ...generatedProfile(isString(email) ? email : undefined, bare.user_id),
    email_verified: false,
    ...profileData,
    user_id,
    identities: [bare],
    created_at: date,
    updated_at: date,
  }
  store.touch()
  return ok(identityViews(user))
})

/** https://auth0.com/docs/manage-users/user-accounts/user-account-linking */
export const identityEndpoints: Endpoints = {
  'POST /users/:id/identities': [['update:users'], linkIdentity],
  'DELETE /users/:id/identities/:provider/:userId': [['update:users'], unlinkIdentity],
}
