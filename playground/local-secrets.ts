import { randomBytes } from 'node:crypto'
import { isObject } from '../local-tenant/json.ts'
import { readLocalJson, writeLocalJson, type LocalFolder } from './local-folder.ts'

const SECRET_NAMES = ['TERMS_TOKEN_SECRET', 'CUSTOMER_TOKEN'] as const

/** Secrets of the Actions that also the servers beside the tenant know. */
export type LocalSecrets = Record<(typeof SECRET_NAMES)[number], string>

/**
 * Reads the secrets from the folder and makes those that are not there or too short to be used.
 * They are kept, because with a new one every Action would be deployed again.
 */
export const readLocalSecrets = (folder: LocalFolder): LocalSecrets => {
  const found = readLocalJson(folder.secrets)
  const known = isObject(found) ? found : {}
  const secrets = Object.fromEntries(
    SECRET_NAMES.map((name) => {
      const secret = known[name]
      const isUsable = typeof secret === 'string' && secret.length >= MIN_LENGTH
      return [name, isUsable ? secret : randomBytes(48).toString('base64url')]
    }),
  ) as LocalSecrets
  if (SECRET_NAMES.some((name) => secrets[name] !== known[name])) {
    writeLocalJson(folder.secrets, secrets)
  }
  return secrets
}

/** What Actions and portal ask of a signing key. */
const MIN_LENGTH = 32
