/** `npm run mapping:preview`: what a sign-in would map, step by step, before anything is written. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { settings } from '../actions/map-idp-attributes/settings.ts'
import type { ActionEvent } from '../actions/shared/event.ts'
import { createLocalFetch } from './local-fetch.ts'
import { localFolder } from './local-folder.ts'
import { findPersonEvent } from './mapping-preview/find-person-event.ts'
import { parsePreviewOptions, USAGE, type PreviewOptions } from './mapping-preview/options.ts'
import { parseEvent } from './mapping-preview/parse-event.ts'
import { renderPreview } from './mapping-preview/render-preview.ts'
import { findRunning } from './running.ts'

const NOT_RUNNING = 'The local tenant does not run. Start it in another terminal: npm start'

const preview = async (): Promise<string> => {
  const parsed = parsePreviewOptions(process.argv.slice(2))
  if ('problem' in parsed) throw new Error(`${parsed.problem}\n\n${USAGE}`)
  return renderPreview(await readEvent(parsed.options), settings)
}

const readEvent = async (options: PreviewOptions): Promise<ActionEvent> => {
  if ('event' in options) return parseEvent(readText(options.event))
  const running = await findRunning(localFolder(join(import.meta.dirname, '..')))
  if (running === undefined) throw new Error(NOT_RUNNING)
  const fetch = createLocalFetch(readFileSync(running.caFile, 'utf8'))
  return findPersonEvent(options, running, fetch)
}

const readText = (file: string): string => {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    throw new Error(`${file} cannot be read.`)
  }
}

try {
  console.log(await preview())
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
