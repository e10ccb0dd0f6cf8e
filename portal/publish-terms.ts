/**
 * `npm run terms:publish`: puts the texts that are new into `terms/published.json`. From then on
 * the build refuses to have them changed. Entries that are there already stay.
 */
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { addNewTexts, checkPublished, readPublishedTerms } from './published-terms.ts'
import { PUBLISHED_FILE, readTermsFolder } from './terms-folder.ts'

const folder = process.argv[2] ?? join(import.meta.dirname, 'terms')
const file = join(folder, PUBLISHED_FILE)

const { files, problems } = readTermsFolder(folder)
const before = existsSync(file) ? readPublishedTerms(folder) : {}
const { published, added } = addNewTexts(files, before)
const all = [...problems, ...checkPublished(files, published)]
if (all.length > 0) {
  for (const { file: name, reason } of all) console.error(`${name}: ${reason}`)
  process.exitCode = 1
} else {
  writeFileSync(file, `${JSON.stringify(published, null, 2)}\n`)
  for (const path of added) console.log(`published ${path}`)
  if (added.length === 0) console.log('Nothing new: every text was published before.')
}
