import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Problem } from '../actions/shared/problem.ts'
import { readBrand } from './brand.ts'
import { lookUpLocale } from './look-up-locale.ts'
import { checkPublished, readPublishedTerms } from './published-terms.ts'
import { readTermsFolder } from './terms-folder.ts'

/** A document that enforce-terms may ask for, in any of these versions. */
export interface WantedDocument {
  readonly id: string
  readonly versions: readonly { readonly version: string }[]
}

/**
 * What the build refuses about the portal in `root`: a brand that cannot be used, a text that is
 * named wrongly, was published and has changed, or was not published, and a version without a text
 * in the default language. Nothing for a project without a portal: its Terms page is elsewhere.
 */
export const checkPortal = (root: string, wanted: readonly WantedDocument[]): Problem[] => {
  const folder = join(root, 'portal', 'terms')
  if (!existsSync(folder)) return []
  const below = (found: readonly Problem[]): Problem[] =>
    found.map((problem) => ({ ...problem, path: `portal/terms/${problem.path}` }))
  const { files, problems } = readTermsFolder(folder)
  const found = [...problems]
  try {
    found.push(...checkPublished(files, readPublishedTerms(folder)))
  } catch (error) {
    found.push({
      path: 'published.json',
      message: `cannot be used: ${messageOf(error)}; npm run terms:publish makes it`,
      code: 'terms_unpublished',
    })
  }
  const brand = join('portal', 'brand.json')
  let defaultLocale: string
  try {
    ;({ defaultLocale } = readBrand(join(root, brand)))
  } catch (error) {
    const reasons = messageOf(error).split('\n')
    return [
      ...below(found),
      ...reasons.map((message) => ({ path: brand, message, code: 'brand_invalid' })),
    ]
  }
  for (const { id, versions } of wanted)
    for (const { version } of versions) {
      const locales = files
        .filter((file) => file.document === id && file.version === version)
        .map(({ locale }) => locale)
      if (lookUpLocale([defaultLocale], locales) === undefined)
        found.push({
          path: `${id}/${version}.${defaultLocale}.md`,
          message:
            'is missing; enforce-terms asks for this version, and brand.json names the language',
          code: 'file_missing',
        })
    }
  return below(found)
}

const messageOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'message' in error
    ? String(error.message)
    : 'unreadable'
