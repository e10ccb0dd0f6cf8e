import { isSameString } from '../same-string.ts'
import type { Client, TenantState } from '../store.ts'
import { findClient } from '../lookup.ts'
import type { Parameters } from './parameters.ts'
import { oauthError, type OidcAnswer } from './answer.ts'

export type ClientAuthentication =
  { kind: 'client'; client: Client } | { kind: 'refused'; answer: OidcAnswer }

/**
 * Finds out which client asks (RFC 6749 §2.3). As at Auth0, the secret may come in the body or in a
 * Basic header, however the client is set. A public client names itself and sends no secret.
 */
export const authenticateClient = (
  authorization: string | undefined,
  { values, malformed }: Parameters,
  state: TenantState,
): ClientAuthentication => {
  const unclear = malformed[0]
  if (unclear !== undefined) {
    return refuse(oauthError('invalid_request', `${unclear} must be sent once, as a string`))
  }
  const basic = readBasic(authorization)
  if (basic !== undefined && values['client_secret'] !== undefined) {
    return refuse(oauthError('invalid_request', 'a client authenticates in one way at a time'))
  }
  if (basic !== undefined && (values['client_id'] ?? basic.id) !== basic.id) {
    return refuse(oauthError('invalid_request', 'two different client ids'))
  }
  const id = basic?.id ?? values['client_id']
  const secret = basic?.secret ?? values['client_secret']
  if (id === undefined) return refuse(invalidClient(authorization))
  const client = findClient(state, id)
  return client !== undefined && isProven(client, secret)
    ? { kind: 'client', client }
    : refuse(invalidClient(authorization))
}

const isProven = (client: Client, secret: string | undefined): boolean =>
  client.token_endpoint_auth_method === 'none'
    ? secret === undefined
    : client.client_secret !== undefined &&
      secret !== undefined &&
      isSameString(secret, client.client_secret)

/** Id and secret are form-encoded each, then joined (RFC 6749 §2.3.1). */
const readBasic = (header: string | undefined): { id: string; secret: string } | undefined => {
  const encoded = /^Basic ([A-Za-z0-9+/=]+)$/i.exec(header ?? '')?.[1]
  if (encoded === undefined) return undefined
  const text = Buffer.from(encoded, 'base64').toString('utf8')
  const colon = text.indexOf(':')
  if (colon === -1) return undefined
  try {
    return { id: formDecode(text.slice(0, colon)), secret: formDecode(text.slice(colon + 1)) }
  } catch {
    return undefined
  }
}

const formDecode = (text: string): string => decodeURIComponent(text.replaceAll('+', ' '))

const invalidClient = (authorization: string | undefined): OidcAnswer => ({
  ...oauthError('invalid_client', 'the client is unknown or its secret is wrong'),
  status: 401,
  ...(authorization === undefined ? {} : { headers: { 'www-authenticate': 'Basic' } }),
})

const refuse = (answer: OidcAnswer): ClientAuthentication => ({ kind: 'refused', answer })
