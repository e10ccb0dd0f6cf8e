import { randomBytes } from 'node:crypto'
import type { TenantContext } from '../context.ts'
import { mergeMetadata } from '../metadata.ts'
import { findByEmail, passwordKey } from '../oidc/identities.ts'
import { findConnection, findUser } from '../lookup.ts'
import { hashPassword } from '../secrets.ts'
import { identityView } from '../profiles.ts'
import type { User } from '../store.ts'
import {
  created,
  finding,
  invalidBody,
  invalidQuery,
  noContent,
  ok,
  problem,
  type Answer,
  type Endpoint,
  type ManagementRequest,
} from './answer.ts'
import { selectFields } from './fields.ts'
import { textOf } from '../json.ts'
import { parseListQuery, withTotals } from './paging.ts'
import { attributesOfIdentityProvider, parseUser } from './parse-user.ts'
import { parseUserQuery, type UserFilter } from './user-query.ts'

/** https://auth0.com/docs/api/management/v2/users */
export const userEndpoints = (context: TenantContext): Endpoint[] => {
  const { store } = context
  const { state } = store
  const view = (user: User, query: Record<string, unknown>): Record<string, unknown> =>
    selectFields({ ...user, identities: user.identities.map(identityView) }, query)

  const withUser = finding((id) => findUser(state, id), NO_SUCH_USER)

  return [
    {
      method: 'get',
      path: '/users',
      scopes: ['read:users'],
      answer({ query }) {
        const paging = parseListQuery(query, ['q', 'search_engine', 'sort'])
        if ('status' in paging) return paging
        const { q = '', search_engine = 'v3', sort } = query
        if (search_engine !== 'v3') return invalidQuery('No enum match for search_engine: v3')
        const filter = q === '' ? everyone : parseUserQuery(textOf(q) ?? '')
        const order = parseSort(sort)
        if (filter === undefined || order === undefined) {
          return problem(
            400,
            'The search query is not one this tenant reads.',
            'invalid_query_string',
          )
        }
        const found = Object.values(state.users).filter(filter).sort(order)
        const views = found.map((user) => view(user, query))
        return ok(withTotals('users', views, paging))
      },
    },
    {
      method: 'get',
      path: '/users-by-email',
      scopes: ['read:users'],
      answer({ query }) {
        const { email } = query
        if (typeof email !== 'string') return invalidQuery('Missing required property: email')
        const found = Object.values(state.users).filter(
          (user) => user.email?.toLowerCase() === email.toLowerCase(),
        )
        return ok(found.map((user) => view(user, query)))
      },
    },
    {
      method: 'post',
      path: '/users',
      scopes: ['create:users'],
      answer: ({ body }) => createUser(context, body, (user) => view(user, {})),
    },
    {
      method: 'get',
      path: '/users/:id',
      scopes: ['read:users'],
      answer: withUser((user, { query }) => ok(view(user, query))),
    },
    {
      method: 'patch',
      path: '/users/:id',
      scopes: ['update:users', 'update:users_app_metadata'],
      answer: withUser((user, request) => {
        const refusal = updateUser(context, user, request)
        return refusal ?? ok(view(user, {}))
      }),
    },
    {
      method: 'delete',
      path: '/users/:id',
      scopes: ['delete:users'],
      answer({ params }) {
        const user = findUser(state, params['id'])
        if (user === undefined) return noContent
        delete state.users[user.user_id]
        for (const identity of user.identities) delete state.passwords[passwordKey(identity)]
        endLogins(context, user.user_id)
        store.touch()
        return noContent
      },
    },
  ]
}

const NO_SUCH_USER = problem(404, 'The user does not exist.', 'inexistent_user')
const USER_EXISTS = problem(409, 'The user already exists.', 'user_exists')

const everyone: UserFilter = () => true

/** `field:1` or `field:-1`; users come in the order of their creation otherwise. */
const parseSort = (sort: unknown): ((one: User, other: User) => number) | undefined => {
  if (sort === undefined) return () => 0
  const [, field = '', sign] = /^([\w.]+):(1|-1)$/.exec(textOf(sort) ?? '') ?? []
  if (sign === undefined) return undefined
  const key = (user: User): string => textOf(user[field]) ?? ''
  return (one, other) => Number(sign) * key(one).localeCompare(key(other))
}

const createUser = (
  { store, now }: TenantContext,
  body: unknown,
  view: (user: User) => unknown,
): Answer => {
  const { state } = store
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
  if (typeof email !== 'string' || sent.password === undefined) {
    return invalidBody(
      `Missing required property: ${typeof email !== 'string' ? 'email' : 'password'}`,
    )
  }
  const id = sent.userId ?? randomBytes(12).toString('hex')
  const userId = `auth0|${id}`
  if (
    findUser(state, userId) !== undefined ||
    findByEmail(state.users, connection.name, email) !== undefined
  ) {
    return USER_EXISTS
  }
  const at = new Date(now()).toISOString()
  const nickname = email.split('@')[0]
  const user: User = {
    name: email,
    nickname,
    ...withoutNulls(sent.attributes),
    user_id: userId,
    email_verified: sent.attributes['email_verified'] === true,
    identities: [{ connection: connection.name, provider: 'auth0', user_id: id, isSocial: false }],
    ...sent.metadata,
    created_at: at,
    updated_at: at,
    logins_count: 0,
  }
  state.users[userId] = user
  state.passwords[userId] = hashPassword(sent.password)
  store.touch()
  return created(view(user))
}

/** Applies a PATCH, or answers why not; nothing is changed then. */
const updateUser = (
  context: TenantContext,
  user: User,
  { body, scopes }: ManagementRequest,
): Answer | undefined => {
  const { store, now } = context
  const { state } = store
  const sent = parseUser(body, 'patch')
  if (typeof sent === 'string') return invalidBody(sent)
  const names = Object.keys(sent.attributes)
  const beyondMetadata = names.length > 0 || sent.password !== undefined
  if (beyondMetadata && !scopes.has('update:users')) {
    const message = 'Insufficient scope, expected any of: update:users'
    return problem(403, message, 'insufficient_scope')
  }
  const identity = user.identities[0]
  const connection = findConnection(state, identity?.connection ?? '')
  if (sent.connection !== undefined && sent.connection !== identity?.connection) {
    return problem(400, 'The user has no identity in this connection.', 'inexistent_connection')
  }
  const foreign = attributesOfIdentityProvider(
    [...names, ...(sent.password === undefined ? [] : ['password'])],
    user,
    connection,
  )
  if (foreign.length > 0) {
    return problem(
      400,
      `The following user attributes cannot be updated: ${foreign.join(', ')}. They belong to the identity provider of the connection (${connection?.name ?? identity?.connection ?? ''}).`,
      'operation_not_supported',
    )
  }
  const { email } = sent.attributes
  const newEmail = email !== undefined && email !== user.email
  const isTaken = (address: unknown): boolean =>
    typeof address === 'string' &&
    findByEmail(state.users, identity?.connection ?? '', address) !== undefined
  if (newEmail && isTaken(email)) {
    return problem(400, 'The specified new email already exists', 'auth0_idp_error')
  }
  if (newEmail) user.email_verified = false
  for (const [name, value] of Object.entries(sent.attributes)) {
    if (value === null) delete user[name]
    else user[name] = value
  }
  for (const name of ['app_metadata', 'user_metadata'] as const) {
    const patch = sent.metadata[name]
    if (patch !== undefined) user[name] = mergeMetadata(user[name], patch)
  }
  const at = new Date(now()).toISOString()
  if (sent.password !== undefined) {
    state.passwords[user.user_id] = hashPassword(sent.password)
    user['last_password_reset'] = at
  }
  user.updated_at = at
  store.touch()
  return undefined
}

const withoutNulls = (attributes: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== null))

/** No session and no refresh token outlives its user. */
const endLogins = ({ store }: TenantContext, userId: string): void => {
  const { sessions, refresh_tokens } = store.state
  for (const session of Object.values(sessions)) {
    if (session.user_id === userId) delete sessions[session.id]
  }
  for (const token of Object.values(refresh_tokens)) {
    if (token.user_id === userId) delete refresh_tokens[token.id]
  }
}
