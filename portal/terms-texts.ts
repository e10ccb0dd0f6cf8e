import { Marked, type Token, type Tokens } from 'marked'
import { HASH_CHARACTERS, type AskedDocument } from '../actions/shared/session-token.ts'
import { problemsFailure } from '../cli/failure.ts'
import { directionOf } from './locales.ts'
import { lookUpLocale } from './look-up-locale.ts'
import { readTermsFolder, type TermsFile } from './terms-folder.ts'

/** One text as a user reads it. */
export interface TermsText {
  readonly document: string
  readonly version: string
  /** BCP 47 tag, spelled as in the file's name. */
  readonly locale: string
  readonly direction: 'ltr' | 'rtl'
  /** The text's level-one heading, plain. */
  readonly title: string
  /** The `hash` of an answer about this text. */
  readonly hash: string
  /**
   * HTML of the text below its title, raw HTML of the source shown as text and never interpreted;
   * `nested` has every heading one level lower, for a page whose own title stands above.
   */
  readonly html: string
  readonly nestedHtml: string
  /** HTML of the change note. */
  readonly changesHtml?: string
}

/** The texts of one version of one document, by `<document id>/<version>`. */
export type TermsTexts = ReadonlyMap<string, readonly TermsText[]>

type DocumentVersion = Pick<AskedDocument, 'id' | 'version'>

/**
 * Reads and renders every text of a folder, once, at start. Fails for a folder that the build
 * would refuse, see `terms-folder.ts`.
 */
export const loadTermsTexts = (folder: string): TermsTexts => {
  const { files, problems } = readTermsFolder(folder)
  if (problems.length > 0) {
    throw problemsFailure('terms_invalid', 'The texts of the terms cannot be used:', problems)
  }
  const texts = new Map<string, TermsText[]>()
  for (const file of files) {
    const key = `${file.document}/${file.version}`
    texts.set(key, [...(texts.get(key) ?? []), renderTermsText(file)])
  }
  return texts
}

/**
 * The text of a version in the first of the user's languages that has one; then in the default
 * language; then whichever there is. `undefined` when the version has no text at all.
 */
export const findTermsText = (
  texts: TermsTexts,
  { id, version }: DocumentVersion,
  wishes: readonly string[],
  defaultLocale: string,
): TermsText | undefined => {
  const ofVersion = texts.get(`${id}/${version}`) ?? []
  const locales = ofVersion.map(({ locale }) => locale)
  const locale = lookUpLocale([...wishes, defaultLocale], locales)
  return ofVersion.find((text) => text.locale === locale) ?? ofVersion[0]
}

/** The text that a page showed before, whatever language it was in. */
export const findShownText = (
  texts: TermsTexts,
  { id, version }: DocumentVersion,
  hash: string,
): TermsText | undefined => texts.get(`${id}/${version}`)?.find((text) => text.hash === hash)

/** Every language that at least one of the documents can be read in, sorted. */
export const localesOf = (texts: TermsTexts, documents: readonly DocumentVersion[]): string[] => {
  const all = documents.flatMap(({ id, version }) => texts.get(`${id}/${version}`) ?? [])
  return [...new Set(all.map(({ locale }) => locale))].sort()
}

const HTML_ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => HTML_ENTITIES[character] ?? '')

/** What a link may lead to. Anything before or inside of the scheme makes it another one. */
const SAFE_ADDRESS = /^(?:https?:\/\/|mailto:|tel:|#)/i

/** `false` leaves a token to the library. A link that is not safe keeps its words, nothing else. */
const markdown = new Marked({
  renderer: {
    html: ({ text }: Tokens.HTML | Tokens.Tag) => escapeHtml(text),
    link({ href, tokens }) {
      return SAFE_ADDRESS.test(href) ? false : this.parser.parseInline(tokens)
    },
    image: ({ href, text }) => (SAFE_ADDRESS.test(href) ? false : escapeHtml(text)),
    // In a form of ours a box of the text would look like a question of the page.
    checkbox: ({ checked }) => (checked ? '☑ ' : '☐ '),
  },
})

const renderTermsText = (file: TermsFile): TermsText => {
  const { document, version, locale, sha256, changes } = file
  const tokens = markdown.lexer(file.markdown)
  const start = tokens.findIndex(({ type }) => type === 'heading')
  const body = tokens.slice(start + 1)
  return {
    document,
    version,
    locale,
    direction: directionOf(locale),
    title: (tokens[start] as Tokens.Heading).text,
    hash: Buffer.from(sha256, 'hex').toString('base64url').slice(0, HASH_CHARACTERS),
    html: markdown.parser(body),
    nestedHtml: markdown.parser(body.map(lowerHeading)),
    ...(changes !== undefined && { changesHtml: markdown.parser(markdown.lexer(changes)) }),
  }
}

const lowerHeading = (token: Token): Token =>
  token.type === 'heading'
    ? { ...token, depth: Math.min((token as Tokens.Heading).depth + 1, 6) }
    : token
