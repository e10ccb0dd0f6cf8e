import { createSecureContext, rootCertificates } from 'node:tls'
import { Agent, fetch as undiciFetch } from 'undici'

/** The part of `fetch` that the local tools and tests use, and what `openid-client` calls. */
export type LocalFetch = (url: string | URL, init?: LocalFetchInit) => Promise<Response>

export interface LocalFetchInit {
  method?: string | undefined
  headers?: Record<string, string> | undefined
  body?: unknown
  redirect?: 'follow' | 'manual' | 'error' | undefined
  signal?: AbortSignal | undefined
}

/**
 * `fetch` that trusts the local certificate authority beside the public ones, without
 * `NODE_EXTRA_CA_CERTS`, which Node reads only at its own start.
 */
export const createLocalFetch = (caPem: string): LocalFetch => {
  // Once: given `ca`, each connection reads all public certificates anew.
  const secureContext = createSecureContext({ ca: [...rootCertificates, caPem] })
  const dispatcher = new Agent({ connect: { secureContext } })
  return async (url, init = {}) => {
    const options = { ...init, dispatcher } as Parameters<typeof undiciFetch>[1]
    const answer: unknown = await undiciFetch(url, options)
    return answer as Response
  }
}
