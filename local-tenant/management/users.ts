import type { TenantContext } from '../context.ts'
import { addDatabaseUser } from '../database-users.ts'
import { forgetMember, organizationsOf } from '../membership.ts'
import { mergeMetadata } from '../metadata.ts'
import { findByEmail, passwordKey } from '../oidc/identities.ts'
import { findConnection, findUser } from '../lookup.ts'
import { hashPassword } from '../secrets.ts'
import { identityView } from '../profiles.ts'
import type { TenantState, User } from '../store.ts'
import {
  created,
  finding,
  invalidBody,
  invalidQuery,
  noContent,
  ok,
  problem,
  type Answer,
  type Endpoints,
  type Handler,
} from './answer.ts'
import { selectFields } from './fields.ts'
import { textOf } from '../json.ts'
import { parseListQuery, withTotals } from './paging.ts'
import { attributesOfIdentityProvider, parseUser, type SentUser } from './parse-user.ts'
import { parseUserQuery, type UserFilter } from './user-query.ts'

export const NO_SUCH_USER = problem(404, 'The user does not exist.', 'inexistent_user')
const USER_EXISTS = problem(409, 'The user already exists.', 'user_exists')

const withUser = finding(findUser, NO_SUCH_USER)

const userView = (user: User, query: Record<string, unknown> = {}): Record<string, unknown> =>
  selectFields({ ...user, identities: user.identities.map(identityView) }, query)

const listUsers: Handler = ({ context, query }) => {
  const paging = parseListQuery(query, ['q', 'search_engine', 'sort'])
  if ('status' in paging) return paging
  const { q = '', search_engine = 'v3', sort } = query
  if (search_engine !== 'v3') return invalidQuery('No enum match for search_engine: v3')
  const search = q === '' ? { filter: everyone } : parseUserQuery(textOf(q) ?? '')
  if ('reason' in search) {
    return problem(400, `Invalid search query. ${search.reason}`, 'invalid_query_string')
  }
  const order = parseSort(sort)
  if (order === undefined) return invalidQuery('Expected field:1 or field:-1 for sort')
  const { state } = context.store
  const matches = (user: User): boolean =>
    search.filter({
      ...user,
      organization_id: organizationsOf(state, user.user_id).map(({ id }) => id),
    })
  const found = Object.values(state.users).filter(matches).sort(order)
  const views = found.map((user) => userView(user, query))
  return ok(withTotals('users', views, paging))
}

const listUsersByEmail: Handler = ({ context, query }) => {
  const { email } = query
  if (typeof email !== 'string') return invalidQuery('Missing required property: email')
  const found = Object.values(context.store.state.users).filter(
    (user) => user.email?.toLowerCase() === email.toLowerCase(),
  )
  return ok(found.map((user) => userView(user, query)))
}

const deleteUser: Handler = ({ context: { store }, params }) => {
  const { state } = store
  const user = findUser(state, params['id'])
  if (user === undefined) return noContent
  delete state.users[user.user_id]
  for (const identity of user.identities) delete state.passwords[passwordKey(identity)]
  endLogins(state, user.user_id)
  forgetMember(state, user.user_id)
  store.touch()
  return noContent
}

const everyone: UserFilter = () => true

/** `field:1` or `field:-1`; without it users come in the order of their creation. */
const parseSort = (sort: unknown): ((one: User, other: User) => number) | undefined => {
  if (sort === undefined) return () => 0
  const [, field = '', sign] = /^([\w.]+):(1|-1)$/.exec(textOf(sort) ?? '') ?? []
  if (sign === undefined) return undefined
  const key = (user: User): string => textOf(user[field]) ?? ''
  return (one, other) => Number(sign) * key(one).localeCompare(key(other))
}

const createUser: Handler = ({ context, body }) => {
  const { state } = context.store
  const sent = parseUser(body, 'post')
  if (typeof sent === 'string') return invalidBody(sent)
  if (sent.connection === undefined) return invalidBody('Missing required property: connection')
  const connection = findConnection(state, sent.connection)
  if (connection === undefined) {
    return problem(400, 'The connection does not exist.', 'inexistent_connection')
  }
  if (connection.strategy !== 'auth0') {
    return problem(400, 'Users of this connection come into being when they sign in.')
  }
  const { email } = sent.attributes
  if (typeof email !== 'string') return invalidBody('Missing required property: email')
  const { password, attributes, metadata, userId } = sent
  if (password === undefined) return invalidBody('Missing required property: password')
  const made = { email, password, attributes, metadata, userId }
  const user = addDatabaseUser(context, connection, made)
  return user === undefined ? USER_EXISTS : created(userView(user))
}

/** Nothing is changed when something is refused. */
const updateUser = withUser((user, { context, body, scopes }) => {
  const sent = parseUser(body, 'patch')
  if (typeof sent === 'string') return invalidBody(sent)
  const refusal = refusalOf(context, user, sent, scopes)
  if (refusal !== undefined) return refusal
  applyUpdate(context, user, sent)
  return ok(userView(user))
})

const refusalOf = (
  { store: { state } }: TenantContext,
  user: User,
  sent: SentUser,
  scopes: ReadonlySet<string>,
): Answer | undefined => {
  const names = [
    ...Object.keys(sent.attributes),
    ...(sent.password === undefined ? [] : ['password']),
  ]
  if (names.length > 0 && !scopes.has('update:users')) {
    const message = 'Insufficient scope, expected any of: update:users'
    return problem(403, message, 'insufficient_scope')
  }
  const identity = user.identities[0]
  const connection = findConnection(state, identity?.connection ?? '')
  if (sent.connection !== undefined && sent.connection !== identity?.connection) {
    return problem(400, 'The user has no identity in this connection.', 'inexistent_connection')
  }
  const foreign = attributesOfIdentityProvider(names, user, connection)
  if (foreign.length > 0) {
    return problem(
      400,
      `The following user attributes cannot be updated: ${foreign.join(', ')}. They belong to the identity provider of the connection (${connection?.name ?? identity?.connection ?? ''}).`,
      'operation_not_supported',
    )
  }
  const { email } = sent.attributes
  return typeof email === 'string' &&
    email !== user.email &&
    findByEmail(state.users, identity?.connection ?? '', email) !== undefined
    ? problem(400, 'The specified new email already exists', 'auth0_idp_error')
    : undefined
}

const applyUpdate = ({ store, now }: TenantContext, user: User, sent: SentUser): void => {
  const { email } = sent.attributes
  if (email !== undefined && email !== user.email) user.email_verified = false
  for (const [name, value] of Object.entries(sent.attributes)) {
    if (value === null) delete user[name]
    else user[name] = value
  }
  for (const name of ['app_metadata', 'user_metadata'] as const) {
    const patch = sent.metadata[name]
    if (patch !== undefined) user[name] = mergeMetadata(user[name], patch)
  }
  user.updated_at = new Date(now()).toISOString()
  if (sent.password !== undefined) {
    store.state.passwords[user.user_id] = hashPassword(sent.password)
    user['last_password_reset'] = user.updated_at
  }
  store.touch()
}

/** No session and no refresh token outlives its user. */
export const endLogins = ({ sessions, refresh_tokens }: TenantState, userId: string): void => {
  for (const session of Object.values(sessions)) {
    if (session.user_id === userId) delete sessions[session.id]
  }
  for (const token of Object.values(refresh_tokens)) {
    if (token.user_id === userId) delete refresh_tokens[token.id]
  }
}

/** https://auth0.com/docs/api/management/v2/users */
export const userEndpoints: Endpoints = {
  'GET /users': [['read:users'], listUsers],
  'GET /users-by-email': [['read:users'], listUsersByEmail],
  'POST /users': [['create:users'], createUser],
  'GET /users/:id': [['read:users'], withUser((user, { query }) => ok(userView(user, query)))],
  'PATCH /users/:id': [['update:users', 'update:users_app_metadata'], updateUser],
  'DELETE /users/:id': [['delete:users'], deleteUser],
}
