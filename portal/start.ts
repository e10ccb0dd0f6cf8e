/**
 * The portal in production: configured by the environment (see `config.ts`), stopped by SIGTERM.
 * It does not start with a setting missing or a weak key; it says which and exits with 1.
 */
import { readFileSync } from 'node:fs'
import { readBrand, type Brand } from './brand.ts'
import { parsePortalSettings, type PortalSettings } from './config.ts'
import { writeLogLine } from './log.ts'
import { startPortal } from './server.ts'

const fail = (messages: readonly string[]): never => {
  for (const message of messages) console.error(message)
  process.exit(1)
}

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : 'unknown error'

const readBrandFile = (file: string): Brand => {
  try {
    return readBrand(file)
  } catch (error) {
    return fail(
      messageOf(error)
        .split('\n')
        .map((problem) => `BRAND_FILE: ${problem}`),
    )
  }
}

const start = async (settings: PortalSettings): Promise<void> => {
  const { config, host, port, tlsFiles, brandFile } = settings
  const brand = brandFile === undefined ? undefined : readBrandFile(brandFile)
  const tls = tlsFiles && {
    key: readFileSync(tlsFiles.key, 'utf8'),
    cert: readFileSync(tlsFiles.cert, 'utf8'),
  }
  const app = brand && { app: { brand } }
  const portal = await startPortal({ host, port, config, ...(tls && { tls }), ...app })
  const stop = () =>
    void portal.close().then(() => writeLogLine({ level: 'info', event: 'stopped' }))
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
  // Last, because whoever reads it may end the portal at once.
  writeLogLine({ level: 'info', event: 'started', url: portal.url })
}

if (process.argv.length > 2) {
  fail(['The portal takes no arguments. Variables configure it: see "Running it" in README.md.'])
}
const parsed = parsePortalSettings(process.env)
if ('problems' in parsed) fail(parsed.problems.map(({ name, message }) => `${name} ${message}`))
else
  await start(parsed.settings).catch((error: unknown) =>
    fail([`The portal cannot start: ${messageOf(error)}`]),
  )
