import { generateKeyPairSync } from 'node:crypto'
import type { JWK } from 'jose'
import { randomToken } from '../secrets.ts'

/** A new RSA key for RS256, private parts included, as the state keeps it. */
export const makeSigningKey = (): JWK => ({
  ...(generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({
    format: 'jwk',
  }) as JWK),
  kid: randomToken().slice(0, 21),
  alg: 'RS256',
  use: 'sig',
})
