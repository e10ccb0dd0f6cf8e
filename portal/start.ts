/**
 * The portal in production: configured by the environment (see `config.ts`), stopped by SIGTERM.
 * It does not start with a setting missing or a weak key; it says which and exits with 1.
 */
import { readFileSync } from 'node:fs'
import { parsePortalSettings, type PortalSettings } from './config.ts'
import { writeLogLine } from './log.ts'
import { startPortal } from './server.ts'

const fail = (messages: readonly string[]): never => {
  for (const message of messages) console.error(message)
  process.exit(1)
}

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : 'unknown error'

const start = async ({ config, host, port, tlsFiles }: PortalSettings): Promise<void> => {
  const tls = tlsFiles && {
    key: readFileSync(tlsFiles.key, 'utf8'),
    cert: readFileSync(tlsFiles.cert, 'utf8'),
  }
  const portal = await startPortal({ host, port, config, ...(tls && { tls }) })
  writeLogLine({ level: 'info', event: 'started', url: portal.url })
  const stop = () =>
    void portal.close().then(() => writeLogLine({ level: 'info', event: 'stopped' }))
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
}

const parsed = parsePortalSettings(process.env)
if ('problems' in parsed) fail(parsed.problems.map(({ name, message }) => `${name} ${message}`))
else
  await start(parsed.settings).catch((error: unknown) =>
    fail([`The portal cannot start: ${messageOf(error)}`]),
  )
