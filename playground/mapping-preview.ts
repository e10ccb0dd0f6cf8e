/** `npm run mapping:preview`: what a sign-in would map, step by step, before anything is written. */
import { readFileSync } from 'node:fs'
import { settings } from '../actions/map-idp-attributes/settings.ts'
import type { ActionEvent } from '../actions/shared/event.ts'
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

await runHere(async ({ args, print }) => {
  print(renderPreview(await readEvent(parsePreviewOptions(args)), settings))
  return 0
})
