/** `npm run mapping:preview`: what a sign-in would map, step by step, before anything is written. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { settings } from '../actions/map-idp-attributes/settings.ts'
import type { ActionEvent } from '../actions/shared/event.ts'
import { loadTenantFile } from '../build/tenant-file.ts'
import { CommandFailure } from '../cli/failure.ts'
import { runHere } from '../cli/run-command.ts'
import { findPersonEvent } from './mapping-preview/find-person-event.ts'
import { parsePreviewOptions, type PreviewOptions } from './mapping-preview/options.ts'
import { parseEvent } from './mapping-preview/parse-event.ts'
import { renderPreview } from './mapping-preview/render-preview.ts'
import { demandRunning } from './running.ts'

const readEvent = async (options: PreviewOptions): Promise<ActionEvent> => {
  if ('event' in options) return parseEvent(readText(options.event))
  const { running, fetch } = await demandRunning()
  return findPersonEvent(options, running, fetch)
}

const readText = (file: string): string => {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    throw new CommandFailure('file_failed', `${file} cannot be read.`)
  }
}

await runHere(async ({ args, print, tell }) => {
  const event = await readEvent(parsePreviewOptions(args))
  const { actions } = await loadTenantFile(join(import.meta.dirname, '..'))
  if (!actions.some(({ name }) => name === 'map-idp-attributes')) {
    tell('map-idp-attributes is not in tenant.yaml: no sign-in does any of this.\n')
  }
  print(renderPreview(event, settings))
  return 0
})
