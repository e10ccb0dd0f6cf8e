/**
 * The local certificate authority and the certificate of `localhost` under it.
 *
 * The authority's private key signs one certificate and is thrown away. So nobody can make another
 * certificate that a browser which trusts the authority would accept.
 */
import { createHash, createPrivateKey, X509Certificate } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { generate } from 'selfsigned'
import { TenantFailure } from './failure.ts'
import { writePrivateFile } from './write-private-file.ts'

export interface LocalCertificate {
  /** PEM, for `https.createServer`. */
  key: string
  cert: string
  caPem: string
  /** For `NODE_EXTRA_CA_CERTS`, which Node reads once at its start. */
  caFile: string
  /** For Chromium's `--ignore-certificate-errors-spki-list`. */
  spkiHash: string
  /** Made now, not found in the folder. */
  isNew: boolean
}

const DAY_MS = 86_400_000
const VALID_DAYS = 397
const RENEW_BEFORE_DAYS = 14

/**
 * Reads the certificate in `folder`, or makes one when there is none, or when it ends within two
 * weeks. Throws an error that names the file and the remedy when a file cannot be read or written,
 * or holds something else.
 */
export const loadCertificate = async (folder: string, now: number): Promise<LocalCertificate> => {
  const files = {
    ca: join(folder, 'ca.pem'),
    cert: join(folder, 'localhost.pem'),
    key: join(folder, 'localhost-key.pem'),
  }
  if (Object.values(files).every((file) => existsSync(file))) {
    const found = {
      key: readText(files.key),
      cert: readText(files.cert),
      caPem: readText(files.ca),
    }
    const ends = checkPair(found, files)
    if (now < ends - RENEW_BEFORE_DAYS * DAY_MS) {
      return { ...found, caFile: files.ca, spkiHash: spkiHash(found.cert), isNew: false }
    }
  }
  const made = await makePair(now)
  writePrivate(folder, [
    [files.ca, made.caPem],
    [files.cert, made.cert],
    [files.key, made.key],
  ])
  return { ...made, caFile: files.ca, spkiHash: spkiHash(made.cert), isNew: true }
}

interface Pair {
  key: string
  cert: string
  caPem: string
}

/** Answers when the certificate ends, in milliseconds since the epoch. */
const checkPair = (pair: Pair, files: { ca: string; cert: string; key: string }): number => {
  const ca = readCertificate(pair.caPem, files.ca)
  const cert = readCertificate(pair.cert, files.cert)
  let belongs: boolean
  try {
    belongs = cert.checkPrivateKey(createPrivateKey(pair.key)) && cert.verify(ca.publicKey)
  } catch {
    throw unusable(`${files.key} is not a private key. ${REMEDY}`)
  }
  if (!belongs) {
    throw unusable(`${files.key}, ${files.cert} and ${files.ca} do not belong together. ${REMEDY}`)
  }
  return Math.min(Date.parse(cert.validTo), Date.parse(ca.validTo))
}

const REMEDY = 'Delete the folder it is in; the next start makes a new certificate.'

const unusable = (message: string): TenantFailure =>
  new TenantFailure('certificate_unusable', message)

const readText = (file: string): string => {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw unusable(`${file} cannot be read (${codeOf(error)}). ${REMEDY}`)
  }
}

const readCertificate = (pem: string, file: string): X509Certificate => {
  try {
    return new X509Certificate(pem)
  } catch {
    throw unusable(`${file} is not a certificate. ${REMEDY}`)
  }
}

const makePair = async (now: number): Promise<Pair> => {
  const life = {
    keyType: 'ec',
    algorithm: 'sha256',
    // A minute earlier, because the clock of a container may be behind that of its host.
    notBeforeDate: new Date(now - 60_000),
    notAfterDate: new Date(now + VALID_DAYS * DAY_MS),
  } as const
  const ca = await generate([{ name: 'commonName', value: 'Local tenant, this computer only' }], {
    ...life,
    extensions: [
      { name: 'basicConstraints', cA: true, pathLenConstraint: 0, critical: true },
      { name: 'keyUsage', keyCertSign: true, critical: true },
    ],
  })
  const leaf = await generate([{ name: 'commonName', value: 'localhost' }], {
    ...life,
    ca: { key: ca.private, cert: ca.cert },
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'localhost' },
          { type: 7, ip: '127.0.0.1' },
          { type: 7, ip: '::1' },
        ],
      },
    ],
  })
  return { key: leaf.private, cert: leaf.cert, caPem: ca.cert }
}

const writePrivate = (folder: string, contents: [file: string, text: string][]): void => {
  try {
    for (const [file, text] of contents) writePrivateFile(file, text)
  } catch (error) {
    throw unusable(
      `The certificate cannot be written to ${folder} (${codeOf(error)}). Give this user the right to write there.`,
    )
  }
}

const spkiHash = (pem: string): string =>
  createHash('sha256')
    .update(new X509Certificate(pem).publicKey.export({ type: 'spki', format: 'der' }))
    .digest('base64')

const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error
    ? String(error.code)
    : 'unknown reason'
