import { findOwn, findUser } from '../lookup.ts'
import { areStrings, isObject, isString, omit, unknownKey } from '../json.ts'
import { organizationsOf, rolesOf } from '../membership.ts'
import type { EnabledConnection, Organization, Role, TenantState } from '../store.ts'
import {
  created,
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
import { selectFields } from './fields.ts'
import { listAnswer } from './paging.ts'
import { changingRoles, memberView, roleView } from './roles.ts'
import { NO_SUCH_USER } from './users.ts'

const NO_SUCH_ORGANIZATION = problem(404, 'No organization found by that id or name')
const NO_SUCH_CONNECTION = problem(404, 'No connection found by that id')
const NAME_TAKEN = problem(409, 'An organization with this name already exists.')

const withOrganization = finding(
  (state, id) => findOwn(state.organizations, id),
  NO_SUCH_ORGANIZATION,
)
const withUser = finding(findUser, NO_SUCH_USER)

const view = (organization: Organization): Record<string, unknown> =>
  omit(organization, 'members', 'enabled_connections')

const isMetadata = (value: unknown): boolean =>
  isObject(value) &&
  Object.keys(value).length <= 25 &&
  Object.entries(value).every(([key, entry]) => key.length <= 255 && isString(entry, 0, 255))

const CHECKS: Record<string, (value: unknown) => boolean> = {
  name: (value) => isString(value, 1, 50) && /^(?!org_)[a-z0-9][a-z0-9_-]*$/.test(value),
  display_name: (value) => isString(value, 1, 255),
  branding: isObject,
  metadata: isMetadata,
  enabled_connections: (value) => Array.isArray(value) && value.every(isEnabling),
}

type SentOrganization = Partial<Omit<Organization, 'id' | 'members'>>

const parseOrganization = (body: unknown): SentOrganization | string => {
  if (!isObject(body)) return 'Expected type object'
  const unknown = unknownKey(body, Object.keys(CHECKS))
  if (unknown !== undefined) return `Additional properties not allowed: ${unknown}`
  const wrong = Object.entries(body).find(([key, value]) => CHECKS[key]?.(value) === false)
  return wrong === undefined ? body : `Unexpected value for ${wrong[0]}`
}

const isNameTaken = ({ organizations }: TenantState, name: string | undefined, id?: string) =>
  Object.values(organizations).some((other) => other.name === name && other.id !== id)

const listOrganizations: Handler = ({ context, query }) =>
  listAnswer('organizations', Object.values(context.store.state.organizations).map(view), query)

const createOrganization: Handler = ({ context: { store }, body }) => {
  const sent = parseOrganization(body)
  if (typeof sent === 'string') return invalidBody(sent)
  const { name } = sent
  if (name === undefined) return invalidBody('Missing required property: name')
  if (isNameTaken(store.state, name)) return NAME_TAKEN
  const id = newId('org')
  const organization = { enabled_connections: [], ...sent, id, name, members: {} }
  store.state.organizations[id] = organization
  store.touch()
  return created(view(organization))
}

const updateOrganization = withOrganization((organization, { context: { store }, body }) => {
  const sent = parseOrganization(body)
  if (typeof sent === 'string') return invalidBody(sent)
  if (isNameTaken(store.state, sent.name, organization.id)) return NAME_TAKEN
  Object.assign(organization, sent)
  store.touch()
  return ok(view(organization))
})

const deleteOrganization = withOrganization((organization, { context: { store } }) => {
  delete store.state.organizations[organization.id]
  store.touch()
  return noContent
})

const findByName: Handler = ({ context, params }) => {
  const found = Object.values(context.store.state.organizations).find(
    ({ name }) => name === params['name'],
  )
  return found === undefined ? NO_SUCH_ORGANIZATION : ok(view(found))
}

const FLAGS = ['assign_membership_on_login', 'show_as_button', 'is_signup_enabled'] as const

const isEnabling = (value: unknown): value is EnabledConnection =>
  isObject(value) &&
  isString(value['connection_id']) &&
  unknownKey(value, ['connection_id', ...FLAGS]) === undefined &&
  FLAGS.every((flag) => ['boolean', 'undefined'].includes(typeof value[flag]))

/** What Auth0 says of a connection that lets users sign up and does not make them members. */
const enablingProblem = (
  { connections }: TenantState,
  { connection_id, is_signup_enabled, assign_membership_on_login }: EnabledConnection,
): Answer | undefined => {
  const connection = findOwn(connections, connection_id)
  if (connection === undefined) return NO_SUCH_CONNECTION
  const mayAll = assign_membership_on_login && connection.strategy === 'auth0'
  return is_signup_enabled === true && !mayAll
    ? problem(
        400,
        'Only database connections with assign_membership_on_login = true support is_signup_enabled = true.',
        'invalid_body',
      )
    : undefined
}

const enablingView = ({ connections }: TenantState, enabled: EnabledConnection): unknown => {
  const { name, strategy } = findOwn(connections, enabled.connection_id) ?? {}
  return { ...enabled, connection: { name, strategy } }
}

const enableConnection = withOrganization((organization, { context: { store }, body }) => {
  const sent = isObject(body) ? { assign_membership_on_login: false, ...body } : body
  if (!isEnabling(sent)) return invalidBody('Expected connection_id and flags')
  const refused = enablingProblem(store.state, sent)
  if (refused !== undefined) return refused
  const { enabled_connections: enabled } = organization
  if (enabled.some(({ connection_id }) => connection_id === sent.connection_id)) {
    return problem(409, 'The connection is already enabled for the organization.')
  }
  enabled.push(sent)
  store.touch()
  return created(enablingView(store.state, sent))
})

const withEnabled = (
  answer: (
    enabled: EnabledConnection,
    organization: Organization,
    request: ManagementRequest,
  ) => Answer,
): Handler =>
  withOrganization((organization, request) => {
    const enabled = organization.enabled_connections.find(
      ({ connection_id }) => connection_id === request.params['connectionId'],
    )
    return enabled === undefined ? NO_SUCH_CONNECTION : answer(enabled, organization, request)
  })

const updateEnabled = withEnabled((enabled, _organization, { context: { store }, body }) => {
  const changed: unknown = isObject(body) ? { ...enabled, ...body } : body
  if (!isEnabling(changed)) return invalidBody('Expected flags')
  const refused = enablingProblem(store.state, changed)
  if (refused !== undefined) return refused
  Object.assign(enabled, changed)
  store.touch()
  return ok(enablingView(store.state, enabled))
})

const disableConnection = withEnabled((enabled, organization, { context: { store } }) => {
  organization.enabled_connections = organization.enabled_connections.filter(
    (other) => other !== enabled,
  )
  store.touch()
  return noContent
})

const listMembers = withOrganization((organization, { context, query }) => {
  const { state } = context.store
  const asksRoles = isString(query['fields']) && query['fields'].split(',').includes('roles')
  const members = Object.keys(organization.members).flatMap((userId) => {
    const user = findUser(state, userId)
    if (user === undefined) return []
    const roles = rolesOf(state, userId, organization).map(({ id, name }) => ({ id, name }))
    return selectFields({ ...memberView(user), ...(asksRoles && { roles }) }, query)
  })
  return listAnswer('members', members, query)
})

const changeMembers = (
  change: (members: Organization['members'], userId: string) => void,
): Handler =>
  withOrganization(({ members }, { context: { store }, body }) => {
    const ids = isObject(body) ? body['members'] : undefined
    if (!areStrings(ids) || ids.length === 0) return invalidBody('Expected strings in members')
    if (ids.some((id) => findUser(store.state, id) === undefined)) return NO_SUCH_USER
    for (const id of ids) change(members, id)
    store.touch()
    return noContent
  })

const withMember = (
  answer: (
    organization: Organization,
    userId: string,
    request: ManagementRequest,
  ) => Answer | Promise<Answer>,
): Handler =>
  withOrganization((organization, request) => {
    const { userId = '' } = request.params
    return Object.hasOwn(organization.members, userId)
      ? answer(organization, userId, request)
      : problem(404, 'The member does not exist.')
  })

const changeMemberRoles = (change: (ids: string[], roles: readonly Role[]) => string[]): Handler =>
  withMember(({ members }, userId, request) =>
    changingRoles((_request, roles) => {
      members[userId] = change(members[userId] ?? [], roles)
      return noContent
    })(request),
  )

const READ = ['read:organizations']
const CONNECTIONS = '/organizations/:id/enabled_connections'
const MEMBERS = '/organizations/:id/members'

/** https://auth0.com/docs/api/management/v2/organizations */
export const organizationEndpoints: Endpoints = {
  'GET /organizations': [READ, listOrganizations],
  'POST /organizations': [['create:organizations'], createOrganization],
  'GET /organizations/name/:name': [READ, findByName],
  'GET /organizations/:id': [READ, withOrganization((organization) => ok(view(organization)))],
  'PATCH /organizations/:id': [['update:organizations'], updateOrganization],
  'DELETE /organizations/:id': [['delete:organizations'], deleteOrganization],
  [`GET ${CONNECTIONS}`]: [
    ['read:organization_connections'],
    withOrganization(({ enabled_connections }, { context, query }) => {
      const views = enabled_connections.map((one) => enablingView(context.store.state, one))
      return listAnswer('enabled_connections', views, query)
    }),
  ],
  [`POST ${CONNECTIONS}`]: [['create:organization_connections'], enableConnection],
  [`GET ${CONNECTIONS}/:connectionId`]: [
    ['read:organization_connections'],
    withEnabled((enabled, _organization, { context }) =>
      ok(enablingView(context.store.state, enabled)),
    ),
  ],
  [`PATCH ${CONNECTIONS}/:connectionId`]: [['update:organization_connections'], updateEnabled],
  [`DELETE ${CONNECTIONS}/:connectionId`]: [['delete:organization_connections'], disableConnection],
  [`GET ${MEMBERS}`]: [['read:organization_members'], listMembers],
  [`POST ${MEMBERS}`]: [
    ['create:organization_members'],
    changeMembers((members, id) => (members[id] ??= [])),
  ],
  [`DELETE ${MEMBERS}`]: [
    ['delete:organization_members'],
    changeMembers((members, id) => delete members[id]),
  ],
  [`GET ${MEMBERS}/:userId/roles`]: [
    ['read:organization_member_roles'],
    withMember((organization, userId, { context, query }) => {
      const roles = rolesOf(context.store.state, userId, organization)
      return listAnswer('roles', roles.map(roleView), query)
    }),
  ],
  [`POST ${MEMBERS}/:userId/roles`]: [
    ['create:organization_member_roles'],
    changeMemberRoles((ids, roles) => [...new Set([...ids, ...roles.map(({ id }) => id)])]),
  ],
  [`DELETE ${MEMBERS}/:userId/roles`]: [
    ['delete:organization_member_roles'],
    changeMemberRoles((ids, roles) => ids.filter((id) => roles.every((role) => role.id !== id))),
  ],
  'GET /users/:id/organizations': [
    ['read:organizations'],
    withUser((user, { context, query }) => {
      const all = organizationsOf(context.store.state, user.user_id)
      return listAnswer('organizations', all.map(view), query)
    }),
  ],
}
