import type { Request } from 'express'
import type { Client } from '../store.ts'
import type { OidcContext } from './oidc-context.ts'
import type { Parameters } from './parameters.ts'
import type { TokenAnswer } from './token-answer.ts'

/** A token request whose client is known. */
export interface TokenRequest {
  context: OidcContext
  client: Client
  values: Parameters['values']
  request: Request
}

/** One `grant_type`. */
export type Grant = (asked: TokenRequest) => TokenAnswer | Promise<TokenAnswer>
