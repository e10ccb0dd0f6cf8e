import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Problem } from '../actions/shared/problem.ts'
import { isDocumentId, isLocale, isTermsVersion } from '../actions/shared/session-token.ts'

/** One text as it lies in the folder. */
export interface TermsFile {
  /** Below the folder, e.g. `terms-of-service/2026-11-01.en.md`. */
  readonly path: string
  readonly document: string
  readonly version: string
  /** BCP 47 tag, spelled as in the file's name. */
  readonly locale: string
  readonly markdown: string
  /** SHA-256 of `markdown` in UTF-8, in hex; its first 16 digits are the evidence of an answer. */
  readonly sha256: string
  /** Markdown: what changed since the version before, for users who accepted that version. */
  readonly changes?: string
}

export interface TermsFolder {
  /** By path. */
  readonly files: readonly TermsFile[]
  /** Their paths begin below the folder. */
  readonly problems: readonly Problem[]
}

/** The lock of the texts that users were asked about; beside their folders. */
export const PUBLISHED_FILE = 'published.json'

const NAMING = 'must be named <version>.<locale>.md or <version>.<locale>.changes.md'

/**
 * Reads `<document id>/<version>.<locale>.md` and, beside it, `….changes.md`. Line ends are read as
 * LF, so that a text has one hash on every computer. A file that is named otherwise, a text that
 * does not begin with its title and a note without its text are problems: each would only be
 * noticed by a user in the middle of a sign-in.
 */
export const readTermsFolder = (folder: string): TermsFolder => {
  const files: TermsFile[] = []
  const problems: Problem[] = []
  const refuse = (path: string, message: string) =>
    problems.push({ path, message, code: 'terms_file_invalid' })
  for (const entry of visibleEntries(folder)) {
    if (entry.name === PUBLISHED_FILE) continue
    if (!entry.isDirectory() || !isDocumentId(entry.name)) {
      refuse(entry.name, 'is no folder named like a document id')
      continue
    }
    const names = visibleEntries(join(folder, entry.name)).map(({ name }) => name)
    for (const name of names) {
      const file = `${entry.name}/${name}`
      const isNote = name.endsWith('.changes.md')
      const [, version, locale] =
        /^(.+)\.([^.]+)\.md$/.exec(isNote ? name.replace('.changes.md', '.md') : name) ?? []
      if (!isTermsVersion(version) || !isLocale(locale) || !isLanguage(locale)) {
        refuse(file, NAMING)
      } else if (isNote) {
        if (!names.includes(`${version}.${locale}.md`))
          refuse(file, 'has no text beside it whose changes it could tell')
      } else {
        const markdown = readText(join(folder, file))
        if (!/^\s*# \S/.test(markdown))
          refuse(file, 'must begin with its title, e.g. "# Terms of use"')
        const noteName = `${version}.${locale}.changes.md`
        files.push({
          path: file,
          document: entry.name,
          version,
          locale,
          markdown,
          sha256: createHash('sha256').update(markdown).digest('hex'),
          ...(names.includes(noteName) && {
            changes: readText(join(folder, entry.name, noteName)),
          }),
        })
      }
    }
  }
  return { files, problems }
}

/** `isLocale` lets `en-x` pass, which no browser takes for a language. */
const isLanguage = (locale: string): boolean => {
  try {
    return Intl.getCanonicalLocales(locale).length === 1
  } catch {
    return false
  }
}

const visibleEntries = (folder: string) =>
  readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => !name.startsWith('.'))
    .sort((one, other) => (one.name < other.name ? -1 : 1))

const readText = (path: string): string =>
  readFileSync(path, 'utf8')
    .replace(/^\uFEFF/, '')
    .replaceAll('\r\n', '\n')
