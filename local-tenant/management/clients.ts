import { randomBytes } from 'node:crypto'
import { findClient } from '../lookup.ts'
import { randomToken } from '../secrets.ts'
import type { Client } from '../store.ts'
import {
  created,
  finding,
  invalidBody,
  noContent,
  ok,
  problem,
  type Endpoints,
  type Handler,
} from './answer.ts'
import { selectFields } from './fields.ts'
import { areStrings, isObject, isString, omit, textOf, unknownKey } from '../json.ts'
import { parseFlag, parseListQuery, withTotals } from './paging.ts'

const NO_SUCH_CLIENT = problem(404, 'The client does not exist', 'inexistent_client')

const withClient = finding(findClient, NO_SUCH_CLIENT)

const listClients: Handler = ({ context, query, scopes }) => {
  const paging = parseListQuery(query, ['app_type', 'is_global', 'is_first_party'])
  if ('status' in paging) return paging
  const types = textOf(query['app_type'])
  const isGlobal = parseFlag(query['is_global'])
  const isFirstParty = parseFlag(query['is_first_party'])
  const found = Object.values(context.store.state.clients).filter(
    (client) =>
      (types === undefined || types.split(',').includes(client.app_type)) &&
      (isGlobal === undefined || !isGlobal) &&
      (isFirstParty === undefined || isFirstParty),
  )
  const views = found.map((client) => selectFields(clientView(client, scopes), query))
  return ok(withTotals('clients', views, paging))
}

const createClient: Handler = ({ context: { store }, body }) => {
  const sent = parseClient(body)
  if (typeof sent === 'string') return invalidBody(sent)
  if (sent.name === undefined) return invalidBody('Missing required property: name')
  const client: Client = {
    app_type: 'regular_web',
    callbacks: [],
    allowed_logout_urls: [],
    web_origins: [],
    grant_types: ['authorization_code', 'refresh_token'],
    token_endpoint_auth_method: 'client_secret_post',
    ...sent,
    name: sent.name,
    client_metadata: mergeClientMetadata({}, sent.client_metadata ?? {}),
    client_id: randomBytes(16).toString('hex'),
    client_secret: randomToken(),
  }
  store.state.clients[client.client_id] = client
  store.touch()
  return created(clientView(client, SHOW_KEYS))
}

const updateClient = withClient((client, { context: { store }, body, scopes }) => {
  const sent = parseClient(body)
  if (typeof sent === 'string') return invalidBody(sent)
  const { client_metadata, ...rest } = sent
  Object.assign(client, rest)
  if (client_metadata !== undefined) {
    client.client_metadata = mergeClientMetadata(client.client_metadata, client_metadata)
  }
  store.touch()
  return ok(clientView(client, scopes))
})

const deleteClient: Handler = ({ context: { store }, params }) => {
  const client = findClient(store.state, params['id'])
  if (client === undefined) return noContent
  delete store.state.clients[client.client_id]
  for (const connection of Object.values(store.state.connections)) {
    connection.enabled_clients = connection.enabled_clients.filter((id) => id !== client.client_id)
  }
  store.touch()
  return noContent
}

const READ = ['read:clients', 'read:client_keys']

/** https://auth0.com/docs/api/management/v2/clients */
export const clientEndpoints: Endpoints = {
  'GET /clients': [READ, listClients],
  'POST /clients': [['create:clients'], createClient],
  'GET /clients/:id': [
    READ,
    withClient((client, { query, scopes }) => ok(selectFields(clientView(client, scopes), query))),
  ],
  'PATCH /clients/:id': [['update:clients', 'update:client_keys'], updateClient],
  'DELETE /clients/:id': [['delete:clients'], deleteClient],
}

const SHOW_KEYS: ReadonlySet<string> = new Set(['read:client_keys'])

/** A client as callers see it: the secret with `read:client_keys` only, our own notes never. */
const clientView = (client: Client, scopes: ReadonlySet<string>): Record<string, unknown> => {
  const { client_secret } = client
  return {
    ...omit(client, 'client_secret', 'management_scopes'),
    global: false,
    is_first_party: true,
    ...(client_secret !== undefined && scopes.has('read:client_keys') && { client_secret }),
  }
}

/** An absolute address that a browser does not run as a script. */
const isAddress = (value: unknown): boolean =>
  typeof value === 'string' &&
  URL.canParse(value) &&
  !['javascript:', 'data:', 'vbscript:'].includes(new URL(value).protocol)
const areAddresses = (value: unknown): boolean => Array.isArray(value) && value.every(isAddress)
const isOneOf =
  (...values: string[]) =>
  (value: unknown): boolean =>
    typeof value === 'string' && values.includes(value)

/** Auth0's limit: ten entries, names and values of 255 characters at most; `null` removes one. */
const isClientMetadata = (value: unknown): boolean =>
  isObject(value) &&
  Object.keys(value).length <= 10 &&
  Object.entries(value).every(
    ([key, entry]) => key.length <= 255 && (entry === null || isString(entry, 0, 255)),
  )

const CHECKS: Record<string, (value: unknown) => boolean> = {
  name: (value) => isString(value, 1),
  description: (value) => isString(value),
  app_type: isOneOf('regular_web', 'spa', 'native', 'non_interactive'),
  callbacks: areAddresses,
  allowed_logout_urls: areAddresses,
  web_origins: areAddresses,
  grant_types: (value) => areStrings(value, 1),
  token_endpoint_auth_method: isOneOf('none', 'client_secret_post', 'client_secret_basic'),
  client_metadata: isClientMetadata,
  organization_usage: isOneOf('deny', 'allow', 'require'),
  skip_non_verifiable_callback_uri_confirmation_prompt: (value) =>
    value === null || typeof value === 'boolean',
}

/** A checked body. These attributes are not stored as they are. */
interface SentClient {
  name?: string
  client_metadata?: Record<string, string | null>
}

/** Takes the attributes that this tenant knows; any other is refused, not ignored. */
const parseClient = (body: unknown): SentClient | string => {
  if (!isObject(body)) return 'Expected type object'
  const unknown = unknownKey(body, Object.keys(CHECKS))
  if (unknown !== undefined) return `Additional properties not allowed: ${unknown}`
  const wrong = Object.entries(body).find(([key, value]) => CHECKS[key]?.(value) === false)
  return wrong === undefined ? body : `Unexpected value for ${wrong[0]}`
}

const mergeClientMetadata = (
  current: Record<string, string>,
  patch: Record<string, string | null>,
): Record<string, string> =>
  Object.fromEntries(
    Object.entries({ ...current, ...patch }).filter(
      (entry): entry is [string, string] => entry[1] !== null,
    ),
  )
