import type { PostLoginAPI } from '@auth0/actions-types/post-login/v3'
import { setOwn, toJson } from '../json.ts'
import { LEFT_OUT } from './redact.ts'
import type { ApiRun } from './run.ts'

type SAMLResponseAPI = PostLoginAPI['samlResponse']
type AttributeValue = Parameters<SAMLResponseAPI['setAttribute']>[1]

const MAX_ATTRIBUTE_CHANGES = 100
const MAX_NAME_BYTES = 1024
const MAX_VALUE_LENGTH = 2048
const MAX_TOTAL_BYTES = 102_400
const MAX_PROBES = 10

const UNSPECIFIED = 'urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified'

/** There is no SAML application here: the calls are checked and recorded. */
export class SAMLResponse implements SAMLResponseAPI {
  readonly #run: ApiRun

  constructor(run: ApiRun) {
    this.#run = run
  }

  setAttribute(attribute: string, value: AttributeValue): void {
    const stored = (value as AttributeValue | undefined) ?? null
    const changed = { ...this.#run.result.samlAttributes }
    setOwn(changed, attribute, toJson(stored))
    if (Buffer.byteLength(JSON.stringify(changed)) > MAX_TOTAL_BYTES) {
      throw new Error(
        `The total size of the SAML attributes exceeds the limit of ${MAX_TOTAL_BYTES} bytes.`,
      )
    }
    if (Object.keys(changed).length > MAX_ATTRIBUTE_CHANGES) {
      throw new Error(`No more than ${MAX_ATTRIBUTE_CHANGES} SAML attributes can be changed`)
    }
    if (Buffer.byteLength(attribute) > MAX_NAME_BYTES) {
      throw new Error(`attribute must NOT have more than ${MAX_NAME_BYTES} bytes`)
    }
    assertAttributeValue(stored)
    this.#run.record('samlResponse.setAttribute', attribute, stored)
    this.#run.result.samlAttributes = changed
  }

  setAudience(audience: string): void {
    this.#setText('audience', audience, 2048)
  }

  setAuthnContextClassRef(authnContextClassRef: string): void {
    this.#setText('authnContextClassRef', authnContextClassRef, 512)
  }

  setCert(cert: string): void {
    this.#setText('cert', cert, 4096)
  }

  setCreateUpnClaim(createUpnClaim: boolean): void {
    this.#setFlag('createUpnClaim', createUpnClaim)
  }

  setDestination(destination: string): void {
    this.#setText('destination', destination, 2048)
  }

  setDigestAlgorithm(digestAlgorithm: 'sha256' | 'sha1'): void {
    this.#setOneOf('digestAlgorithm', digestAlgorithm, ['sha256', 'sha1'])
  }

  setEncryptionAlgorithm(encryptionAlgorithm: 'aes256-gcm' | 'aes256-cbc'): void {
    this.#setOneOf('encryptionAlgorithm', encryptionAlgorithm, ['aes256-gcm', 'aes256-cbc'])
  }

  setEncryptionCert(encryptionCert: string): void {
    this.#setText('encryptionCert', encryptionCert, 4096)
  }

  setEncryptionPublicKey(encryptionPublicKey: string): void {
    this.#setText('encryptionPublicKey', encryptionPublicKey, 4096)
  }

  setIncludeAttributeNameFormat(includeAttributeNameFormat: boolean): void {
    this.#setFlag('includeAttributeNameFormat', includeAttributeNameFormat)
  }

  setIssuer(issuer: string): void {
    this.#setText('issuer', issuer, 512)
  }

  setKey(key: string): void {
    this.#setText('key', key, 4096, LEFT_OUT)
  }

  setLifetimeInSeconds(lifetimeInSeconds: number): void {
    this.#set('lifetimeInSeconds', lifetimeInSeconds, typeof lifetimeInSeconds === 'number')
  }

  setMapIdentities(mapIdentities: boolean): void {
    this.#setFlag('mapIdentities', mapIdentities)
  }

  setMapUnknownClaimsAsIs(mapUnknownClaimsAsIs: boolean): void {
    this.#setFlag('mapUnknownClaimsAsIs', mapUnknownClaimsAsIs)
  }

  setNameIdentifierFormat(nameIdentifierFormat: string = UNSPECIFIED): void {
    this.#setText('nameIdentifierFormat', nameIdentifierFormat, 512)
  }

  setNameIdentifierProbes(nameIdentifierProbes: string[]): void {
    const valid =
      Array.isArray(nameIdentifierProbes) &&
      nameIdentifierProbes.length <= MAX_PROBES &&
      nameIdentifierProbes.every((probe) => isText(probe, 512))
    this.#set('nameIdentifierProbes', nameIdentifierProbes, valid)
  }

  setPassthroughClaimsWithNoMapping(passthroughClaimsWithNoMapping: boolean): void {
    this.#setFlag('passthroughClaimsWithNoMapping', passthroughClaimsWithNoMapping)
  }

  setRecipient(recipient: string): void {
    this.#setText('recipient', recipient, 2048)
  }

  setRelayState(relayState: string): void {
    this.#setText('relayState', relayState, 512)
  }

  setSignatureAlgorithm(signatureAlgorithm: 'rsa-sha256' | 'rsa-sha1'): void {
    this.#setOneOf('signatureAlgorithm', signatureAlgorithm, ['rsa-sha256', 'rsa-sha1'])
  }

  setSigningCert(signingCert: string): void {
    this.#setText('signingCert', signingCert, 4096)
  }

  setSignResponse(signResponse: boolean): void {
    this.#setFlag('signResponse', signResponse)
  }

  setTypedAttributes(typedAttributes: boolean): void {
    this.#setFlag('typedAttributes', typedAttributes)
  }

  #setText(key: string, value: string, maxLength: number, shown = value): void {
    this.#set(key, value, isText(value, maxLength), shown)
  }

  #setFlag(key: string, value: boolean): void {
    this.#set(key, value, typeof value === 'boolean')
  }

  #setOneOf(key: string, value: string, values: string[]): void {
    this.#set(key, value, values.includes(value))
  }

  /** `shown` is what the trace may say. */
  #set(key: string, value: unknown, valid: boolean, shown = value): void {
    if (!valid) throw new Error(`${key} is of the wrong type or too long`)
    this.#run.record(`samlResponse.set${key.charAt(0).toUpperCase()}${key.slice(1)}`, shown)
    this.#run.result.samlConfiguration[key] = value
  }
}

const isText = (value: unknown, maxLength: number): boolean =>
  typeof value === 'string' && value.length <= maxLength

const assertAttributeValue = (value: unknown): void => {
  const values: unknown[] = Array.isArray(value) ? value : value === null ? [] : [value]
  for (const item of values) {
    if (!['string', 'number', 'boolean'].includes(typeof item)) {
      throw new Error('value must be string,number,boolean,null,array')
    }
    if (typeof item === 'string' && item.length > MAX_VALUE_LENGTH) {
      throw new Error(`value must NOT have more than ${MAX_VALUE_LENGTH} characters`)
    }
  }
}
