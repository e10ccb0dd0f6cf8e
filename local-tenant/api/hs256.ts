/** The one kind of token that Actions and pages exchange: a JWT signed with HS256 (RFC 7515). */
import { createHmac } from 'node:crypto'
import { isObject } from '../json.ts'
import { isSameString } from '../same-string.ts'

const HEADER = encode({ alg: 'HS256', typ: 'JWT' })

/** @throws When `secret` is no string or an empty one: anyone could sign with that. */
export const signHs256 = (payload: Record<string, unknown>, secret: string): string => {
  if (!isUsable(secret)) throw new Error('The secret to sign the session token with is missing.')
  const signed = `${HEADER}.${encode(payload)}`
  return `${signed}.${signatureOf(signed, secret).toString('base64url')}`
}

export type Verified = { payload: Record<string, unknown> } | { problem: string }

/** Checks form, algorithm and signature; not what the claims say. */
export const verifyHs256 = (token: unknown, secret: string): Verified => {
  const bad = { problem: 'Failed signature validation' }
  if (typeof token !== 'string' || !isUsable(secret)) return bad
  const [head, body, signature, ...more] = token.split('.')
  if (head === undefined || body === undefined || signature === undefined || more.length > 0) {
    return bad
  }
  const header = decode(head)
  if (!isObject(header) || header['alg'] !== 'HS256' || 'crit' in header) return bad
  if (!isSameString(signature, signatureOf(`${head}.${body}`, secret).toString('base64url')))
    return bad
  const payload = decode(body)
  if (header['typ'] !== 'JWT' || !isObject(payload)) {
    return { problem: 'Unexpected token payload type' }
  }
  return { payload }
}

const isUsable = (secret: unknown): boolean => typeof secret === 'string' && secret !== ''

const signatureOf = (text: string, secret: string): Buffer =>
  createHmac('sha256', secret).update(text).digest()

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

const decode = (part: string): unknown => {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString()) as unknown
  } catch {
    return undefined
  }
}
