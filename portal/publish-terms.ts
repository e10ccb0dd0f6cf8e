/** `npm run terms:publish`: see `USAGE`. */
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { CommandFailure, problemsFailure, requireValue } from '../cli/failure.ts'
import { readArguments } from '../cli/read-arguments.ts'
import { runHere } from '../cli/run-command.ts'
import { addNewTexts, checkPublished, loadPublishedTerms } from './published-terms.ts'
import { PUBLISHED_FILE, readTermsFolder } from './terms-folder.ts'

const USAGE = `npm run terms:publish [-- FOLDER]
  FOLDER  the folder of the documents (default portal/terms)

Puts the texts that are new into published.json of that folder. From then on the
build refuses to have them changed. Entries that are there already stay.`

const NOTHING_PUBLISHED = 'Nothing was published. Correct this and run again:'

await runHere(async ({ args, print }) => {
  const { positionals } = readArguments(args, USAGE, {}, 1)
  const folder = positionals[0] ?? join(import.meta.dirname, 'terms')
  const file = join(folder, PUBLISHED_FILE)
  if (!existsSync(folder)) throw new CommandFailure('not_found', `There is no folder ${folder}.`)

  const { files, problems } = readTermsFolder(folder)
  const before = existsSync(file)
    ? requireValue(loadPublishedTerms(folder), 'terms_invalid', NOTHING_PUBLISHED)
    : {}
  const { published, added } = addNewTexts(files, before)
  const all = [...problems, ...checkPublished(files, published)]
  if (all.length > 0) {
    throw problemsFailure('terms_invalid', NOTHING_PUBLISHED, all)
  }
  writeFileSync(file, `${JSON.stringify(published, null, 2)}\n`)
  for (const path of added) print(`published ${path}`)
  if (added.length === 0) print('Nothing new: every text was published before.')
  return 0
})
