import { findOwn, findUser } from '../lookup.ts'
import { areStrings, isObject, isString, omit, unknownKey } from '../json.ts'
import { rolesOf } from '../membership.ts'
import type { Role, User } from '../store.ts'
import {
  finding,
  invalidBody,
  newId,
  noContent,
  ok,
  problem,
  type Answer,
  type Endpoints,
  type Handler,
  type ManagementRequest,
} from './answer.ts'
import { listAnswer } from './paging.ts'
import { NO_SUCH_USER } from './users.ts'

const NO_SUCH_ROLE = problem(404, 'The role does not exist.')

const withRole = finding((state, id) => findOwn(state.roles, id), NO_SUCH_ROLE)
const withUser = finding(findUser, NO_SUCH_USER)

export const roleView = (role: Role): Record<string, unknown> => omit(role, 'users')

/** How roles and organizations show a user. */
export const memberView = ({ user_id, email, picture, name }: User): Record<string, unknown> => ({
  user_id,
  ...(email !== undefined && { email }),
  picture,
  name,
})

const parseRole = (body: unknown): { name?: string; description?: string } | string => {
  if (!isObject(body)) return 'Expected type object'
  const unknown = unknownKey(body, ['name', 'description'])
  if (unknown !== undefined) return `Additional properties not allowed: ${unknown}`
  const wrong = Object.entries(body).find(([, value]) => !isString(value, 1, 255))
  return wrong === undefined ? body : `Unexpected value for ${wrong[0]}`
}

const listRoles: Handler = ({ context, query }) => {
  const { name_filter: filter } = query
  const roles = Object.values(context.store.state.roles).filter(
    ({ name }) => !isString(filter) || name.toLowerCase().includes(filter.toLowerCase()),
  )
  return listAnswer('roles', roles.map(roleView), query, ['name_filter'])
}

const isNameTaken = ({ context }: ManagementRequest, name: string | undefined, id?: string) =>
  Object.values(context.store.state.roles).some((role) => role.name === name && role.id !== id)

const NAME_TAKEN = problem(409, 'A role with the same name already exists.')

const createRole: Handler = (request) => {
  const { store } = request.context
  const sent = parseRole(request.body)
  if (typeof sent === 'string') return invalidBody(sent)
  const { name, description = '' } = sent
  if (name === undefined) return invalidBody('Missing required property: name')
  if (isNameTaken(request, name)) return NAME_TAKEN
  const role: Role = { id: newId('rol'), name, description, users: [] }
  store.state.roles[role.id] = role
  store.touch()
  return ok(roleView(role))
}

const updateRole = withRole((role, request) => {
  const sent = parseRole(request.body)
  if (typeof sent === 'string') return invalidBody(sent)
  if (isNameTaken(request, sent.name, role.id)) return NAME_TAKEN
  Object.assign(role, sent)
  request.context.store.touch()
  return ok(roleView(role))
})

const deleteRole = withRole((role, { context: { store } }) => {
  delete store.state.roles[role.id]
  for (const { members } of Object.values(store.state.organizations)) {
    for (const [userId, roles] of Object.entries(members)) {
      members[userId] = roles.filter((id) => id !== role.id)
    }
  }
  store.touch()
  return ok({})
})

const listUsersOfRole = withRole(({ users }, { context, query }) => {
  const found = users.flatMap((id) => findUser(context.store.state, id) ?? [])
  return listAnswer('users', found.map(memberView), query)
})

const addUsersToRole = withRole((role, { context: { store }, body }) => {
  const users = isObject(body) ? body['users'] : undefined
  if (!areStrings(users)) return invalidBody('Expected strings in users')
  if (users.some((id) => findUser(store.state, id) === undefined)) return NO_SUCH_USER
  role.users = [...new Set([...role.users, ...users])]
  store.touch()
  return ok({})
})

/** Lets `change` have the roles that the body names; answers why not when one is not there. */
export const changingRoles =
  (change: (request: ManagementRequest, roles: readonly Role[]) => Answer): Handler =>
  (request) => {
    const { store } = request.context
    const ids = isObject(request.body) ? request.body['roles'] : undefined
    if (!areStrings(ids) || ids.length === 0) return invalidBody('Expected strings in roles')
    const roles = ids.flatMap((id) => findOwn(store.state.roles, id) ?? [])
    if (roles.length < ids.length) return NO_SUCH_ROLE
    const answer = change(request, roles)
    store.touch()
    return answer
  }

const changeRolesOfUser = (change: (users: readonly string[], id: string) => string[]): Handler =>
  withUser((user, request) =>
    changingRoles((_request, roles) => {
      for (const role of roles) role.users = change(role.users, user.user_id)
      return noContent
    })(request),
  )

/** https://auth0.com/docs/api/management/v2/roles */
export const roleEndpoints: Endpoints = {
  'GET /roles': [['read:roles'], listRoles],
  'POST /roles': [['create:roles'], createRole],
  'GET /roles/:id': [['read:roles'], withRole((role) => ok(roleView(role)))],
  'PATCH /roles/:id': [['update:roles'], updateRole],
  'DELETE /roles/:id': [['delete:roles'], deleteRole],
  'GET /roles/:id/users': [['read:users', 'read:roles', 'read:role_members'], listUsersOfRole],
  'POST /roles/:id/users': [['update:roles', 'create:role_members'], addUsersToRole],
  'GET /users/:id/roles': [
    ['read:users', 'read:roles', 'read:role_members'],
    withUser((user, { context, query }) =>
      listAnswer(
        'roles',
        rolesOf(context.store.state, user.user_id, undefined).map(roleView),
        query,
      ),
    ),
  ],
  'POST /users/:id/roles': [
    ['update:users', 'create:role_members'],
    changeRolesOfUser((users, id) => [...new Set([...users, id])]),
  ],
  'DELETE /users/:id/roles': [
    ['update:users', 'delete:role_members'],
    changeRolesOfUser((users, id) => users.filter((other) => other !== id)),
  ],
}
