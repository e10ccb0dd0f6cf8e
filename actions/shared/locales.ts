import { memberOf } from './event.ts'
import { isLocale } from './session-token.ts'

/** How many wishes are listened to. */
const MAX_LOCALES = 5

/** How many elements of one list are looked at. */
const MAX_TAGS = 50

/**
 * BCP 47 tags in the user's order of preference: what the application asked for (`ui_locales`), the
 * language of the login pages, the browser's. Takes any event, a broken one too.
 */
export const readLocales = (event: unknown): string[] => {
  const transaction = memberOf(event, 'transaction')
  return parseLocales([
    memberOf(transaction, 'ui_locales'),
    memberOf(transaction, 'locale'),
    memberOf(memberOf(event, 'request'), 'language'),
  ])
}

/**
 * Language tags from values that are a tag, a list of tags or the header `Accept-Language`
 * (RFC 9110 §12.5.4: `de-CH, en;q=0.8`), each once and in order.
 */
export const parseLocales = (wishes: readonly unknown[]): string[] => {
  const tags = wishes
    .flatMap((wish): unknown => (Array.isArray(wish) ? wish.slice(0, MAX_TAGS) : wish))
    .flatMap((wish) => (typeof wish === 'string' ? parseAcceptLanguage(wish) : []))
  return [...new Set(tags)].slice(0, MAX_LOCALES)
}

const parseAcceptLanguage = (header: string): string[] =>
  header
    .slice(0, 256)
    .split(',')
    .map((range) => {
      const [tag = '', quality] = range.split(';').map((part) => part.trim())
      return { tag: tag.replaceAll('_', '-'), weight: weightOf(quality) }
    })
    .filter(({ tag, weight }) => isLocale(tag) && weight > 0)
    .sort((left, right) => right.weight - left.weight)
    .map(({ tag }) => tag)

const weightOf = (quality: string | undefined): number => {
  const [, weight] = /^q=(\d(?:\.\d{1,3})?)$/i.exec(quality ?? 'q=1') ?? []
  return Number(weight ?? 0)
}

/** The language of a tag, e.g. `de` of `de-CH`. */
export const languageOf = (locale: string): string => locale.split('-')[0]?.toLowerCase() ?? ''
