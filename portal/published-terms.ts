import { join } from 'node:path'
import { isObject } from '../actions/shared/json.ts'
import { problemAt, type Problem, type Result } from '../actions/shared/problem.ts'
import { inFile } from '../cli/problems.ts'
import { loadJson } from './load-json.ts'
import { PUBLISHED_FILE, type TermsFile } from './terms-folder.ts'

/** SHA-256 in hex of every text that users were asked about: by document, version and locale. */
export type PublishedTerms = Readonly<
  Record<string, Readonly<Record<string, Readonly<Record<string, string>>>>>
>

/** Reads the lock in a folder of texts. */
export const loadPublishedTerms = (folder: string): Result<PublishedTerms> => {
  const read = loadJson(join(folder, PUBLISHED_FILE))
  if (read.ok && isPublishedTerms(read.value)) return { ok: true, value: read.value }
  const problems = read.ok
    ? problemAt('', 'must hold document, version, locale and SHA-256', 'terms_file_invalid')
    : read.problems
  return {
    ok: false,
    problems: inFile(PUBLISHED_FILE, problems).map((problem) => ({
      ...problem,
      message: `${problem.message}; npm run terms:publish makes it`,
    })),
  }
}

/**
 * Whether each text is the one that was published. What users accepted is known by its hash: a text
 * that changes without a new version would have them accept what they never saw.
 */
export const checkPublished = (
  files: readonly TermsFile[],
  published: PublishedTerms,
): Problem[] => [
  ...files.flatMap((file) => {
    const known = hashOf(published, file)
    return known === undefined
      ? problemAt(
          file.path,
          'is not published; once it is final: npm run terms:publish',
          'terms_unpublished',
        )
      : problemAt(
          file.path,
          known === file.sha256
            ? undefined
            : 'was published and has changed; restore it and put the new text into a version of its own',
          'terms_changed',
        )
  }),
  ...entriesOf(published)
    .filter(({ path }) => !files.some((file) => file.path === path))
    .flatMap(({ path }) =>
      problemAt(
        path,
        'was published and is gone; restore it, it is the evidence of what users accepted (if it was never live, take its line out of published.json)',
        'terms_changed',
      ),
    ),
]

/** The lock with the texts it does not know yet; what it knows stays as it is. */
export const addNewTexts = (
  files: readonly TermsFile[],
  published: PublishedTerms,
): { readonly published: PublishedTerms; readonly added: readonly string[] } => {
  const added = files.filter((file) => hashOf(published, file) === undefined)
  const all = [
    ...entriesOf(published),
    ...added.map(({ document, version, locale, sha256 }) => ({
      document,
      version,
      locale,
      sha256,
    })),
  ].sort((one, other) => (sortKey(one) < sortKey(other) ? -1 : 1))
  const result = blank<Record<string, Record<string, string>>>()
  for (const { document, version, locale, sha256 } of all) {
    const versions = (result[document] ??= blank())
    const locales = (versions[version] ??= blank())
    locales[locale] = sha256
  }
  return { published: result, added: added.map(({ path }) => path) }
}

const hashOf = (published: PublishedTerms, file: TermsFile): string | undefined =>
  entriesOf(published).find(({ path }) => path === file.path)?.sha256

const entriesOf = (published: PublishedTerms) =>
  Object.entries(published).flatMap(([document, versions]) =>
    Object.entries(versions).flatMap(([version, locales]) =>
      Object.entries(locales).map(([locale, sha256]) => ({
        path: `${document}/${version}.${locale}.md`,
        document,
        version,
        locale,
        sha256,
      })),
    ),
  )

/** Without a prototype: a version may be called `constructor`. */
const blank = <Value>(): Record<string, Value> => Object.create(null) as Record<string, Value>

const sortKey = ({
  document,
  version,
  locale,
}: Pick<TermsFile, 'document' | 'version' | 'locale'>) => [document, version, locale].join('\n')

const isPublishedTerms = (value: unknown): value is PublishedTerms =>
  isObject(value) &&
  Object.values(value).every(
    (versions) =>
      isObject(versions) &&
      Object.values(versions).every(
        (locales) =>
          isObject(locales) &&
          Object.values(locales).every(
            (hash) => typeof hash === 'string' && /^[0-9a-f]{64}$/.test(hash),
          ),
      ),
  )
