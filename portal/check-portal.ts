import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { problemAt, type Problem } from '../actions/shared/problem.ts'
import { inFile } from '../cli/problems.ts'
import { loadBrand } from './brand.ts'
import { lookUpLocale } from './look-up-locale.ts'
import { checkPublished, loadPublishedTerms } from './published-terms.ts'
import { readTermsFolder, type TermsFile } from './terms-folder.ts'

const BRAND_FILE = 'portal/brand.json'

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
  const { files, problems } = readTermsFolder(folder)
  const published = loadPublishedTerms(folder)
  const brand = loadBrand(join(root, BRAND_FILE))
  const ofTerms = [
    ...problems,
    ...(published.ok ? checkPublished(files, published.value) : published.problems),
    ...(brand.ok ? missingTexts(files, wanted, brand.value.defaultLocale) : []),
  ]
  return [
    ...ofTerms.map((problem) => ({ ...problem, path: `portal/terms/${problem.path}` })),
    ...(brand.ok ? [] : inFile(BRAND_FILE, brand.problems)),
  ]
}

const missingTexts = (
  files: readonly TermsFile[],
  wanted: readonly WantedDocument[],
  defaultLocale: string,
): Problem[] =>
  wanted.flatMap(({ id, versions }) =>
    versions.flatMap(({ version }) => {
      const locales = files
        .filter((file) => file.document === id && file.version === version)
        .map(({ locale }) => locale)
      return problemAt(
        `${id}/${version}.${defaultLocale}.md`,
        lookUpLocale([defaultLocale], locales) === undefined
          ? 'is missing; enforce-terms asks for this version, and brand.json names the language'
          : undefined,
        'file_missing',
      )
    }),
  )
