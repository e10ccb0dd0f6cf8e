/**
 * `npm start`: Auth0 on a laptop with our Actions in it, the portal and a demo application.
 */
import { join } from 'node:path'
import { buildActions } from '../build/build-actions.ts'
import { renderBuildReport } from '../build/render-report.ts'
import { startPortal } from '../portal/server.ts'
import { loadCertificate } from '../local-tenant/certificate.ts'
import { customersUrlOn, startCustomerService } from './customer-service/customer-service.ts'
import { startDemo } from './demo/start-demo.ts'
import { deployToStore, planLocalDeployment } from './deploy-to-store.ts'
import { localFolder, resetLocalFolder } from './local-folder.ts'
import { readLocalSecrets } from './local-secrets.ts'
import { portInUse } from '../local-tenant/loopback-server.ts'
import { renderWelcome } from './render-welcome.ts'
import { findRunning, writeRunning } from './running.ts'
import { seed } from './seed/seed.ts'
import { parseStartOptions } from './start-options.ts'
import { startTenant, type Tenant } from '../local-tenant/tenant.ts'

const root = join(import.meta.dirname, '..')

const start = async (): Promise<void> => {
  const { reset, port } = parseStartOptions(process.argv.slice(2))
  const folder = localFolder(root)
  const running = await findRunning(folder)
  // Two tenants would write one state by turns, and a reset would take it from under the other.
  if (running !== undefined) {
    throw new Error(`The local tenant runs already, at ${running.tenantUrl}. Stop it first.`)
  }
  if (reset) resetLocalFolder(folder)

  const result = await buildActions(root)
  if (result.problems.length > 0) throw new Error(renderBuildReport(result))
  console.log(`Built ${result.bundles.length} Actions.`)

  const certificate = await loadCertificate(folder.certificate, Date.now())
  if (certificate.isNew) console.log(`Made a certificate for localhost in ${folder.certificate}.`)

  const secrets = readLocalSecrets(folder)
  const demoUrl = `https://localhost:${port + 1}`
  const portalUrl = `https://localhost:${port + 2}`
  const customersUrl = customersUrlOn(port + 3)
  const deployment = await planLocalDeployment(root, {
    ...secrets,
    TERMS_URL: `${portalUrl}/terms`,
    CUSTOMER_URL: customersUrl,
  })
  if (!deployment.ok) {
    throw new Error(
      `tenant.yaml asks for what npm start has no value for:\n  ${deployment.problems.join('\n  ')}`,
    )
  }
  let changed: string[] = []
  const tenant = await startTenant({
    port,
    certificate,
    stateFile: folder.state,
    // Before the first request is answered: no sign-in gets past the Actions.
    seed: (state, now) => {
      seed(state, now, demoUrl)
      changed = deployToStore(state, deployment.value, now)
    },
  })
  console.log(`Deployed to the local tenant: ${changed.join(', ') || 'nothing, all is as it was'}.`)
  let isUp = false
  const closers = [() => tenant.close()]
  const close = async (): Promise<void> => {
    await Promise.all(closers.splice(0).map((closeOne) => closeOne()))
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void close().finally(() => process.exit(isUp ? 0 : 1)))
  }
  try {
    const customers = await startCustomerService({
      port: port + 3,
      certificate,
      token: secrets.CUSTOMER_TOKEN,
    })
    closers.push(() => customers.close())
    const portal = await startPortal({
      host: '127.0.0.1',
      port: port + 2,
      tls: certificate,
      config: { signingKey: secrets.TERMS_TOKEN_SECRET, loginHosts: [`localhost:${port}`] },
    })
    closers.push(() => portal.close())
    const demo = await startDemo({
      port: port + 1,
      certificate,
      tenantUrl: tenant.url,
      clients: tenant.store.state.clients,
    })
    closers.push(() => demo.close())
  } catch (error) {
    await close()
    throw error
  }
  writeRunning(folder, {
    tenantUrl: tenant.url,
    portalUrl,
    demoUrl,
    caFile: certificate.caFile,
    tools: credentialsOf(tenant, 'local-tools'),
  })
  console.log(renderWelcome({ tenantUrl: tenant.url, portalUrl, demoUrl }))
  isUp = true
}

const credentialsOf = (
  tenant: Tenant,
  clientId: string,
): { clientId: string; clientSecret: string } => ({
  clientId,
  clientSecret: tenant.store.state.clients[clientId]?.client_secret ?? '',
})

const explain = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error)
  // Of the servers here only the portal knows nothing of npm start.
  return 'code' in error && error.code === 'EADDRINUSE' && 'port' in error
    ? portInUse(Number(error.port))
    : error.message
}

try {
  await start()
} catch (error) {
  console.error(explain(error))
  // Whatever is still open must not keep a failed start alive.
  process.exit(1)
}
