import type { Client } from '../store.ts'
import type { Parameters } from './parameters.ts'
import type { OidcAnswer, OidcRequest } from './answer.ts'

/** A token request whose client is known. */
export interface TokenRequest {
  context: OidcRequest['context']
  client: Client
  values: Parameters['values']
  request: OidcRequest
}

/** One `grant_type`. */
export type Grant = (asked: TokenRequest) => OidcAnswer | Promise<OidcAnswer>
