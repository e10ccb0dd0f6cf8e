import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadCertificate, type LocalCertificate } from '../../local-tenant/certificate.ts'
import {
  startCustomerService,
  type CustomerService,
} from '../../playground/customer-service/customer-service.ts'
import { createLocalFetch, type LocalFetch } from '../../playground/local-fetch.ts'
import type { RunningTenant } from '../../playground/running.ts'
import { seed } from '../../playground/seed/seed.ts'
import { startTenant, type Tenant } from '../../local-tenant/tenant.ts'
import { startPortal } from '../../portal/server.ts'
import { FIXTURE_PAGES } from '../portal/fixture-pages.ts'

export const SIGNING_KEY = 'Zk3v9Qx7Lw2Tr8Yp5Nm1Bc6Hd4Jf0Gs-Aa'

export const CUSTOMER_TOKEN = 'VowLUc0Id3tQoDDE2WEjnO+5y8gVOFC9'

/** What `npm start` starts, but for the demo application, on free ports and in a folder of its own. */
export interface LocalWorld {
  tenant: Tenant
  running: RunningTenant
  certificate: LocalCertificate
  termsUrl: string
  customers: CustomerService
  fetch: LocalFetch
  close(): Promise<void>
}

export const startWorld = async (): Promise<LocalWorld> => {
  const folder = mkdtempSync(join(tmpdir(), 'local-world-'))
  const certificate = await loadCertificate(folder, Date.now())
  const demoUrl = 'https://localhost:4402'
  const tenant = await startTenant({
    port: 0,
    certificate,
    stateFile: join(folder, 'tenant.json'),
    seed: (state, now) => seed(state, now, demoUrl),
  })
  const portal = await startPortal({
    host: '127.0.0.1',
    port: 0,
    tls: certificate,
    config: { signingKey: SIGNING_KEY, loginHosts: [tenant.host] },
    app: { log: () => undefined, ...FIXTURE_PAGES },
  })
  const customers = await startCustomerService({ port: 0, certificate, token: CUSTOMER_TOKEN })
  const portalUrl = portal.url.replace('127.0.0.1', 'localhost')
  return {
    tenant,
    running: {
      tenantUrl: tenant.url,
      portalUrl,
      demoUrl,
      caFile: certificate.caFile,
      tools: {
        clientId: 'local-tools',
        clientSecret: tenant.store.state.clients['local-tools']?.client_secret ?? '',
      },
    },
    certificate,
    termsUrl: `${portalUrl}/terms`,
    customers,
    fetch: createLocalFetch(readFileSync(certificate.caFile, 'utf8')),
    async close() {
      await Promise.all([tenant.close(), portal.close(), customers.close()])
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
