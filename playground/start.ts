/**
 * `npm start`: Auth0 on a laptop with our Actions in it, the portal and a demo application.
 */
import { join } from 'node:path'
import { buildActions } from '../build/build-actions.ts'
import { buildRefused } from '../build/render-report.ts'
import { startPortal } from '../portal/server.ts'
import { CommandFailure } from '../cli/failure.ts'
import { runHere, type ExitCode, type Terminal } from '../cli/run-command.ts'
import { loadCertificate } from '../local-tenant/certificate.ts'
import { customersUrlOn, startCustomerService } from './customer-service/customer-service.ts'
import { startDemo } from './demo/start-demo.ts'
import { deployToStore, planLocalDeployment } from './deploy-to-store.ts'
import { localFolder, resetLocalFolder } from './local-folder.ts'
import { readLocalSecrets } from './local-secrets.ts'
import { TenantFailure, type TenantFailureCode } from '../local-tenant/failure.ts'
import { renderWelcome } from './render-welcome.ts'
import { findRunning, writeRunning } from './running.ts'
import { seed } from './seed/seed.ts'
import { parseStartOptions } from './start-options.ts'
import { startTenant, type Tenant } from '../local-tenant/tenant.ts'

const root = join(import.meta.dirname, '..')

const start = async ({ args, print }: Terminal): Promise<ExitCode> => {
  const { reset, port } = parseStartOptions(args)
  const folder = localFolder(root)
  const running = await findRunning(folder)
  // Two tenants would write one state by turns, and a reset would take it from under the other.
  if (running !== undefined) {
    throw new CommandFailure(
      'already_running',
      `The local tenant runs already, at ${running.tenantUrl}. Stop it first.`,
    )
  }
  if (reset) resetLocalFolder(folder)

  const result = await buildActions(root)
  if (!result.ok) throw buildRefused(result.problems)
  print(`Built ${result.value.length} Actions.`)

  const certificate = await loadCertificate(folder.certificate, Date.now())
  if (certificate.isNew) print(`Made a certificate for localhost in ${folder.certificate}.`)

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
    throw new CommandFailure(
      'secret_missing',
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
  print(`Deployed to the local tenant: ${changed.join(', ') || 'nothing, all is as it was'}.`)
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
  // The note holds a client's secret, which the state must have when this process is killed.
  tenant.store.flush()
  writeRunning(folder, {
    tenantUrl: tenant.url,
    portalUrl,
    demoUrl,
    caFile: certificate.caFile,
    tools: credentialsOf(tenant, 'local-tools'),
  })
  print(renderWelcome({ tenantUrl: tenant.url, portalUrl, demoUrl }))
  isUp = true
  return 0
}

const credentialsOf = (
  tenant: Tenant,
  clientId: string,
): { clientId: string; clientSecret: string } => ({
  clientId,
  clientSecret: tenant.store.state.clients[clientId]?.client_secret ?? '',
})

const REMEDIES: Readonly<Record<TenantFailureCode, string>> = {
  certificate_unusable: '',
  port_in_use: 'Stop what uses it, or choose others: npm start -- --port 5401',
  state_unusable: 'Begin again with: npm start -- --reset',
}

/** With what to do about it. */
const explained = (error: unknown): unknown => {
  if (error instanceof TenantFailure) {
    return new CommandFailure(error.code, `${error.message} ${REMEDIES[error.code]}`.trim())
  }
  // Of the servers here only portal and customer service leave that to us.
  return error instanceof Error && 'port' in error && 'code' in error && error.code === 'EADDRINUSE'
    ? new CommandFailure(
        'port_in_use',
        `Port ${String(error.port)} is in use. ${REMEDIES.port_in_use}`,
      )
    : error
}

await runHere(async (terminal) => {
  try {
    return await start(terminal)
  } catch (error) {
    throw explained(error)
  }
})
// Whatever is still open must not keep a failed start alive.
if (process.exitCode !== 0) process.exit()
