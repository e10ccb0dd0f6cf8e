import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { loadCertificate } from '../../local-tenant/certificate.ts'
import { localFolder, type LocalFolder } from '../../playground/local-folder.ts'
import { findRunning, readRunning, writeRunning } from '../../playground/running.ts'
import { startTenant, type Tenant } from '../../local-tenant/tenant.ts'

let root: string
let folder: LocalFolder
let tenant: Tenant

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'running-'))
  folder = localFolder(root)
  const certificate = await loadCertificate(folder.certificate, Date.now())
  tenant = await startTenant({ port: 0, certificate })
})

afterAll(async () => {
  await tenant.close()
  rmSync(root, { recursive: true, force: true })
})

const note = () => ({
  tenantUrl: tenant.url,
  portalUrl: '',
  demoUrl: '',
  caFile: join(folder.certificate, 'ca.pem'),
  tools: { clientId: 'local-tools', clientSecret: 'secret' },
})

describe('the note of npm start', () => {
  test('leads to the tenant that runs', async () => {
    writeRunning(folder, note())
    expect(await findRunning(folder)).toEqual(note())
  })

  test.each(['', 'nonsense', 'null', '[]', '{}', '{"tenantUrl":"https://localhost:4401"}'])(
    'is none when it holds %j',
    async (text) => {
      mkdirSync(folder.path, { recursive: true })
      writeFileSync(folder.running, text)
      expect(readRunning(folder)).toBeUndefined()
      expect(await findRunning(folder)).toBeUndefined()
    },
  )

  test.each([
    ['its certificate is gone', () => ({ caFile: join(root, 'gone.pem') })],
    ['nothing listens there', () => ({ tenantUrl: 'https://localhost:9' })],
    [
      'it names the tenant by another address',
      () => ({ tenantUrl: `https://127.0.0.1:${tenant.port}` }),
    ],
  ])('leads nowhere when %s', async (_name, change) => {
    writeRunning(folder, { ...note(), ...change() })
    expect(await findRunning(folder)).toBeUndefined()
  })
})
