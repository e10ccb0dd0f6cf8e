/**
 * The tenant's cookies. Cookies of `localhost` are shared by all its ports, hence names that no
 * application will use. `SameSite=None` as at Auth0: `/continue` is a POST from another site, and
 * silent sign-in happens in another site's frame.
 */
import { createHmac } from 'node:crypto'
import { isSameString } from '../same-string.ts'
import type { OidcRequest } from './answer.ts'

export const SESSION_COOKIE = '__Host-local-tenant-session'
export const BROWSER_COOKIE = '__Host-local-tenant-browser'

export const COOKIE_OPTIONS = { secure: true, httpOnly: true, sameSite: 'none', path: '/' } as const

export const readCookie = ({ headers }: OidcRequest, name: string): string | undefined => {
  for (const pair of (headers.cookie ?? '').split(';')) {
    const [key, value] = pair.trim().split('=', 2)
    if (key === name && value !== undefined && value !== '') return value
  }
  return undefined
}

/** `value` with a signature, because the id of a session is not secret by itself. */
export const signValue = (value: string, key: string): string =>
  `${value}.${createHmac('sha256', key).update(value).digest('base64url')}`

export const readSignedValue = (signed: string | undefined, key: string): string | undefined => {
  const value = signed?.slice(0, signed.lastIndexOf('.'))
  return signed !== undefined && value !== undefined && isSameString(signed, signValue(value, key))
    ? value
    : undefined
}
