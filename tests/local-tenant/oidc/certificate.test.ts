import { X509Certificate } from 'node:crypto'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { loadCertificate } from '../../../local-tenant/certificate.ts'
import { createLocalFetch } from '../../../playground/local-fetch.ts'

const NOW = Date.UTC(2026, 10, 20)
const DAY_MS = 86_400_000

let folder = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'certificate-'))
})

afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

describe('the local certificate', () => {
  test('is for this computer only, and signed by the local authority', async () => {
    const made = await loadCertificate(folder, NOW)
    const leaf = new X509Certificate(made.cert)
    expect(leaf.subjectAltName).toBe(
      'DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1',
    )
    expect(leaf.verify(new X509Certificate(made.caPem).publicKey)).toBe(true)
    expect(leaf.ca).toBe(false)
    expect(made.spkiHash).toMatch(/^[A-Za-z0-9+/]{43}=$/)
  })

  test('leaves files that only their owner may read, and no key of the authority', async () => {
    await loadCertificate(folder, NOW)
    const files = readdirSync(folder).sort()
    expect(files).toEqual(['ca.pem', 'localhost-key.pem', 'localhost.pem'])
    for (const file of files) expect(statSync(join(folder, file)).mode & 0o777).toBe(0o600)
  })

  test('is used again at the next start', async () => {
    const first = await loadCertificate(folder, NOW)
    const second = await loadCertificate(folder, NOW + DAY_MS)
    expect([first.isNew, second.isNew]).toEqual([true, false])
    expect(second.cert).toBe(first.cert)
  })

  test('is renewed two weeks before it ends', async () => {
    const first = await loadCertificate(folder, NOW)
    const kept = await loadCertificate(folder, NOW + 382 * DAY_MS)
    expect(kept.cert).toBe(first.cert)
    const renewed = await loadCertificate(folder, NOW + 384 * DAY_MS)
    expect(renewed.isNew).toBe(true)
    expect(renewed.cert).not.toBe(first.cert)
  })

  test('serves HTTPS that a client with the authority trusts, and others do not', async () => {
    const made = await loadCertificate(folder, Date.now())
    const server = createServer({ key: made.key, cert: made.cert }, (_request, response) =>
      response.end('trusted'),
    )
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    const url = `https://localhost:${(server.address() as AddressInfo).port}/`
    try {
      expect(await (await createLocalFetch(made.caPem)(url)).text()).toBe('trusted')
      await expect(createLocalFetch('')(url)).rejects.toThrow('fetch failed')
    } finally {
      server.closeAllConnections()
      server.close()
    }
  })

  test.each([
    ['ca.pem', 'is not a certificate'],
    ['localhost.pem', 'is not a certificate'],
    ['localhost-key.pem', 'is not a private key'],
  ])('a %s with other content is named, with the remedy', async (file, problem) => {
    await loadCertificate(folder, NOW)
    writeFileSync(join(folder, file), 'hello')
    await expect(loadCertificate(folder, NOW)).rejects.toThrow(
      `${join(folder, file)} ${problem}. Delete the folder it is in`,
    )
  })

  test('files of two authorities are told apart', async () => {
    await loadCertificate(folder, NOW)
    const other = await loadCertificate(join(folder, 'other'), NOW)
    writeFileSync(join(folder, 'ca.pem'), other.caPem)
    await expect(loadCertificate(folder, NOW)).rejects.toThrow('do not belong together')
  })

  test('a file that cannot be read is named, with the remedy', async () => {
    await loadCertificate(folder, NOW)
    rmSync(join(folder, 'localhost.pem'))
    // A folder in its place cannot be read by anyone, root included.
    mkdirSync(join(folder, 'localhost.pem'))
    await expect(loadCertificate(folder, NOW)).rejects.toThrow(
      'localhost.pem cannot be read (EISDIR). Delete the folder',
    )
  })

  test('a folder that cannot be written to is named', async () => {
    const file = join(folder, 'file')
    writeFileSync(file, '')
    await expect(loadCertificate(join(file, 'below'), NOW)).rejects.toThrow(
      `cannot be written to ${join(file, 'below')} (ENOTDIR)`,
    )
  })
})
