import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { Marked, type Tokens } from 'marked'
import { isDocumentId, isLocale, isTermsVersion } from '../actions/shared/session-token.ts'

/** One text as a user reads it. */
export interface TermsText {
  readonly document: string
  readonly version: string
  /** BCP 47 tag, spelled as in the file's name. */
  readonly locale: string
  /** The text's level-one heading, plain. */
  readonly title: string
  /** Rendered from Markdown; raw HTML of the source is shown as text, never interpreted. */
  readonly html: string
  /** The first 16 hexadecimal digits of the SHA-256 of the Markdown: what an answer is about. */
  readonly hash: string
}

/** The texts of one version by lower-case locale, of all versions by `<document>/<version>`. */
export type TermsTexts = ReadonlyMap<string, ReadonlyMap<string, TermsText>>

/** Shown when the user's languages have no text. */
const DEFAULT_LOCALE = 'en'

/**
 * Reads and renders every `<document>/<version>.<locale>.md` of a folder, once, at start. Throws,
 * naming the file, for a name of another form and for a text that does not begin with a level-one
 * heading: both would only be noticed by a user in the middle of a sign-in.
 */
export const readTermsTexts = (folder: URL): TermsTexts => {
  const texts = new Map<string, Map<string, TermsText>>()
  for (const document of readdirSync(folder).sort())
    for (const name of readdirSync(new URL(document, folder)).sort()) {
      const [, version, locale] = /^(.+)\.([^.]+)\.md$/.exec(name) ?? []
      if (!isDocumentId(document) || !isTermsVersion(version) || !isLocale(locale))
        throw new Error(
          `${document}/${name}: name it <document>/<version>.<locale>.md, e.g. terms/2026-11-01.en.md`,
        )
      const source = readFileSync(new URL(`${document}/${name}`, folder), 'utf8')
      const text = renderTermsText({ document, version, locale }, source)
      if (!text)
        throw new Error(`${document}/${name}: begin the text with its title, as "# Terms of use"`)
      const ofVersion = texts.get(`${document}/${version}`) ?? new Map<string, TermsText>()
      texts.set(`${document}/${version}`, ofVersion.set(locale.toLowerCase(), text))
    }
  return texts
}

/**
 * The text of a version in the first of the user's languages that has one; then English; then
 * whichever there is. A tag without a text stands for its shorter forms (RFC 4647 §3.4: `de-AT`,
 * then `de`). `undefined` when the version has no text at all.
 */
export const findTermsText = (
  texts: TermsTexts,
  { id, version }: { readonly id: string; readonly version: string },
  locales: readonly string[],
): TermsText | undefined => {
  const ofVersion = texts.get(`${id}/${version}`)
  if (!ofVersion) return undefined
  const locale = lookUpLocale([...locales, DEFAULT_LOCALE], [...ofVersion.keys()])
  return locale === undefined ? [...ofVersion.values()][0] : ofVersion.get(locale)
}

/** The first wanted tag, or shorter form of it, among the lower-case `available` ones. */
export const lookUpLocale = <Available extends string>(
  wanted: readonly string[],
  available: readonly Available[],
): Available | undefined => {
  for (const tag of wanted) {
    const subtags = tag.toLowerCase().split('-')
    for (let length = subtags.length; length > 0; length -= 1) {
      const shorter = subtags.slice(0, length).join('-')
      const found = available.find((locale) => locale === shorter)
      if (found !== undefined) return found
    }
  }
  return undefined
}

const HTML_ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

const markdown = new Marked({
  renderer: {
    html: ({ text }: Tokens.HTML | Tokens.Tag) =>
      text.replace(/[&<>"']/g, (character) => HTML_ENTITIES[character] ?? ''),
  },
})

const renderTermsText = (
  about: Pick<TermsText, 'document' | 'version' | 'locale'>,
  source: string,
): TermsText | undefined => {
  const tokens = markdown.lexer(source)
  const first = tokens.find(({ type }) => type !== 'space')
  if (first?.type !== 'heading' || first['depth'] !== 1) return undefined
  const { text } = first as Tokens.Heading
  const hash = createHash('sha256').update(source).digest('hex').slice(0, 16)
  return { ...about, title: text, html: markdown.parser(tokens), hash }
}
