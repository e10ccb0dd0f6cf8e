import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { settings } from '../../../test-kit/fixture/actions/map-idp-attributes/settings.ts'
import { loadCertificate } from '../../../local-tenant/certificate.ts'
import { createLocalFetch, type LocalFetch } from '../../../playground/local-fetch.ts'
import { findPersonEvent } from '../../../playground/mapping-preview/find-person-event.ts'
import { renderPreview } from '../../../playground/mapping-preview/render-preview.ts'
import type { RunningTenant } from '../../../playground/running.ts'
import { seed } from '../../../playground/seed/seed.ts'
import { startTenant, type Tenant } from '../../../local-tenant/tenant.ts'

const folder = mkdtempSync(join(tmpdir(), 'mapping-preview-'))
let tenant: Tenant
let running: RunningTenant
let fetch: LocalFetch

beforeAll(async () => {
  const certificate = await loadCertificate(folder, Date.now())
  tenant = await startTenant({ port: 0, certificate, seed: (state, now) => seed(state, now) })
  running = {
    tenantUrl: tenant.url,
    portalUrl: '',
    demoUrl: '',
    caFile: certificate.caFile,
    tools: {
      clientId: 'local-tools',
      clientSecret: tenant.store.state.clients['local-tools']?.client_secret ?? '',
    },
  }
  fetch = createLocalFetch(certificate.caPem)
})

afterAll(async () => {
  await tenant.close()
  rmSync(folder, { recursive: true })
})

describe('the preview of the next sign-in of', () => {
  test('a person who never signed in shows what their company would say', async () => {
    const event = await findPersonEvent({ user: 'Edda.Enterprise@example.com' }, running, fetch)
    expect(event).toMatchObject({
      connection: { name: 'acme-saml', strategy: 'samlp' },
      client: { client_id: 'web-app' },
    })
    expect(renderPreview(event, settings)).toContain('written: "Research"')
    expect(Object.values(tenant.store.state.users).map(({ email }) => email)).not.toContain(
      'edda.enterprise@example.com',
    )
  })

  test('a database user shows that nothing is mapped', async () => {
    const event = await findPersonEvent(
      { user: 'cara.current@example.com', client: 'Partner App' },
      running,
      fetch,
    )
    expect(event.client.client_id).toBe('partner-app')
    expect(renderPreview(event, settings)).toContain('nothing would change')
  })

  test.each([
    [{ user: 'nobody@example.com' }, /knows nobody with the address nobody@example\.com/],
    [{ user: 'a@b.c', connection: 'x' }, /^There is no connection "x"\. There are: .*acme-saml/],
    [{ user: 'a@b.c', client: 'x' }, /^There is no application "x"\. There are: .*Web App/],
  ])('%j is refused with what there is instead', async (options, message) => {
    await expect(findPersonEvent(options, running, fetch)).rejects.toThrow(message)
  })
})
