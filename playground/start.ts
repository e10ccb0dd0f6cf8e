/**
 * `npm start`: Auth0 on a laptop with our Actions in it, the portal and a demo application.
 */
import { createServer } from 'node:net'
import { join } from 'node:path'
import { buildActions } from '../build/build-actions.ts'
import { buildRefused, tellWarnings } from '../build/render-report.ts'
import { startPortal } from '../portal/server.ts'
import { CommandFailure, problemsFailure } from '../cli/failure.ts'
import { runHere, type ExitCode, type Terminal } from '../cli/run-command.ts'
import { loadCertificate, type LocalCertificate } from '../local-tenant/certificate.ts'
import { closeServer, listenOnLoopback } from '../local-tenant/loopback-server.ts'
import { customersUrlOn, startCustomerService } from './customer-service/customer-service.ts'
import { startDemo } from './demo/start-demo.ts'
import { deployToStore, planLocalDeployment, type LocalDeployment } from './deploy-to-store.ts'
import { localFolder, resetLocalFolder, type LocalFolder } from './local-folder.ts'
import { readLocalSecrets, type LocalSecrets } from './local-secrets.ts'
import { TenantFailure, type TenantFailureCode } from '../local-tenant/failure.ts'
import { renderWelcome } from './render-welcome.ts'
import { findRunning, writeRunning } from './running.ts'
import { seed } from './seed/seed.ts'
import { parseStartOptions } from './start-options.ts'
import { startTenant, type Tenant } from '../local-tenant/tenant.ts'

const root = join(import.meta.dirname, '..')

const start = async ({ args, print, tell }: Terminal): Promise<ExitCode> => {
  const { reset, port } = parseStartOptions(args)
  const folder = localFolder(root)
  const addresses = addressesFrom(port)
  await requireRoom(folder, port)
  if (reset) resetLocalFolder(folder)
  const built = await buildActions(root)
  if (!built.ok) throw buildRefused(built.problems)
  print(`Built ${built.value.bundles.length} Actions.`)
  tellWarnings(built.value.warnings, tell)
  const certificate = await loadCertificate(folder.certificate, Date.now())
  if (certificate.isNew) print(`Made a certificate for localhost in ${folder.certificate}.`)
  const secrets = readLocalSecrets(folder)
  const deployment = await planDeployment(secrets, addresses)
  let changed: string[] = []
  const tenant = await startTenant({
    port,
    certificate,
    stateFile: folder.state,
    // Before the first request is answered: no sign-in gets past the Actions.
    seed: (state, now) => {
      seed(state, now, addresses.demoUrl)
      changed = deployToStore(state, deployment, now)
    },
  })
  print(`Deployed to the local tenant: ${changed.join(', ') || 'nothing, all is as it was'}.`)
  const closing = closeOnSignal(print, tenant)
  await startServersBeside(tenant, { port, certificate, secrets, closing })
  // The note holds a client's secret, which the state must have when this process is killed.
  tenant.store.flush()
  const { tenantUrl, portalUrl, demoUrl } = addresses
  writeRunning(folder, {
    tenantUrl,
    portalUrl,
    demoUrl,
    caFile: certificate.caFile,
    tools: credentialsOf(tenant, 'local-tools'),
  })
  print(renderWelcome({ tenantUrl, portalUrl, demoUrl }))
  closing.isUp = true
  return 0
}

const addressesFrom = (port: number) => ({
  tenantUrl: `https://localhost:${port}`,
  demoUrl: `https://localhost:${port + 1}`,
  portalUrl: `https://localhost:${port + 2}`,
  customersUrl: customersUrlOn(port + 3),
})

/** Before anything is changed: two tenants would write one state by turns. */
const requireRoom = async (folder: LocalFolder, port: number): Promise<void> => {
  const running = await findRunning(folder)
  if (running !== undefined) {
    throw new CommandFailure(
      'already_running',
      `The local tenant runs already, at ${running.tenantUrl}. Stop it first.`,
    )
  }
  for (const needed of [port, port + 1, port + 2, port + 3]) {
    const server = createServer()
    await listenOnLoopback(server, needed)
    await closeServer(server)
  }
}

const planDeployment = async (
  secrets: LocalSecrets,
  { portalUrl, customersUrl }: ReturnType<typeof addressesFrom>,
): Promise<LocalDeployment> => {
  const values = { ...secrets, TERMS_URL: `${portalUrl}/terms`, CUSTOMER_URL: customersUrl }
  const deployment = await planLocalDeployment(root, values)
  if (deployment.ok) return deployment.value
  throw problemsFailure(
    'secret_missing',
    'tenant.yaml asks for secrets that npm start has no value for:',
    deployment.problems,
  )
}

/** What runs and has to be closed; the exit code says whether all of it was up. */
interface Closing {
  servers: { close(): Promise<void> }[]
  isUp: boolean
}

const closeOnSignal = (print: Terminal['print'], tenant: Tenant): Closing => {
  const closing: Closing = { servers: [tenant], isUp: false }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      void closeAll(closing).finally(() => {
        // The terminal has printed `^C` on the line.
        print('\nStopped. All is kept for the next npm start.')
        process.exit(closing.isUp ? 0 : 1)
      })
    })
  }
  return closing
}

const closeAll = async ({ servers }: Closing): Promise<void> => {
  await Promise.all(servers.splice(0).map((server) => server.close()))
}

const startServersBeside = async (
  tenant: Tenant,
  {
    port,
    certificate,
    secrets,
    closing,
  }: { port: number; certificate: LocalCertificate; secrets: LocalSecrets; closing: Closing },
): Promise<void> => {
  const starts = [
    () => startCustomerService({ port: port + 3, certificate, token: secrets.CUSTOMER_TOKEN }),
    () =>
      startPortal({
        host: '127.0.0.1',
        port: port + 2,
        tls: certificate,
        config: { signingKey: secrets.TERMS_TOKEN_SECRET, loginHosts: [tenant.host] },
      }),
    () =>
      startDemo({
        port: port + 1,
        certificate,
        tenantUrl: tenant.url,
        clients: tenant.store.state.clients,
        organizations: tenant.store.state.organizations,
      }),
  ]
  try {
    for (const startOne of starts) closing.servers.push(await startOne())
  } catch (error) {
    await closeAll(closing)
    throw error
  }
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
