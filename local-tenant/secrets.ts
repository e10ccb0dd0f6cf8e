import { createHash, randomBytes, scryptSync } from 'node:crypto'
import { isSameString } from './same-string.ts'

/** 256 random bits, base64url: for codes, states, cookies and opaque tokens. */
export const randomToken = (): string => randomBytes(32).toString('base64url')

/** SHA-256, base64url without padding: also the `S256` of RFC 7636 §4.2. */
export const sha256 = (text: string): string =>
  createHash('sha256').update(text).digest('base64url')

const SALT_BYTES = 16
const HASH_BYTES = 32
/** Low on purpose: these passwords protect nobody, and each sign-in has to wait for it. */
const COST = { N: 1024 }

/** As `state.passwords` keeps it: salt and scrypt hash, base64url, a colon between. */
export const hashPassword = (password: string, salt = randomBytes(SALT_BYTES)): string =>
  [salt, scryptSync(password, salt, HASH_BYTES, COST)]
    .map((bytes) => bytes.toString('base64url'))
    .join(':')

const NOBODY = hashPassword(randomToken())

/** Takes equally long without a stored hash, so that time does not tell an unknown address. */
export const verifyPassword = (password: string, stored: string | undefined): boolean => {
  const [salt = ''] = (stored ?? NOBODY).split(':')
  const matches = isSameString(
    hashPassword(password, Buffer.from(salt, 'base64url')),
    stored ?? NOBODY,
  )
  return matches && stored !== undefined
}
