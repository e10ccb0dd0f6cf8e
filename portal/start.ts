/**
 * The portal in production: configured by the environment (see `config.ts`), stopped by SIGTERM.
 * It does not start with a setting missing or a weak key; it says which and exits with 1.
 */
import { readFileSync } from 'node:fs'
import { CommandFailure, messageOf, requireValue } from '../cli/failure.ts'
import { runHere } from '../cli/run-command.ts'
import { requireBrand } from './brand.ts'
import { parsePortalSettings, type PortalSettings } from './config.ts'
import { writeLogLine } from './log.ts'
import { startPortal } from './server.ts'

const start = async ({
  config,
  host,
  port,
  tlsFiles,
  brandFile,
}: PortalSettings): Promise<void> => {
  const tls = tlsFiles && {
    key: readFileSync(tlsFiles.key, 'utf8'),
    cert: readFileSync(tlsFiles.cert, 'utf8'),
  }
  const app = brandFile === undefined ? {} : { app: { brand: requireBrand(brandFile) } }
  const portal = await startPortal({ host, port, config, ...(tls && { tls }), ...app })
  const stop = () =>
    void portal.close().then(() => writeLogLine({ level: 'info', event: 'stopped' }))
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
  // Last, because whoever reads it may end the portal at once.
  writeLogLine({ level: 'info', event: 'started', url: portal.url })
}

await runHere(async ({ args }) => {
  if (args.length > 0) {
    throw new CommandFailure(
      'arguments_wrong',
      'The portal takes no arguments. Variables configure it: see "Running it" in README.md.',
    )
  }
  const settings = requireValue(
    parsePortalSettings(process.env),
    'environment_incomplete',
    'The portal cannot start. Set these variables:',
  )
  try {
    await start(settings)
  } catch (error) {
    if (error instanceof CommandFailure) throw error
    throw new CommandFailure('start_failed', `The portal cannot start: ${messageOf(error)}.`)
  }
  return 0
})
