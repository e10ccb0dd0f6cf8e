import { isLocale } from '../actions/shared/session-token.ts'

/**
 * The first wish, or shorter form of it, among the available tags (RFC 4647 §3.4: `de-AT`, then
 * `de`); the case of letters does not matter. A wish that is no language tag is passed over.
 */
export const lookUpLocale = <Available extends string>(
  wishes: readonly string[],
  available: readonly Available[],
): Available | undefined => {
  for (const wish of wishes.filter(isLocale)) {
    const subtags = wish.toLowerCase().split('-')
    for (let length = subtags.length; length > 0; length -= 1) {
      const shorter = subtags.slice(0, length).join('-')
      const found = available.find((locale) => locale.toLowerCase() === shorter)
      if (found !== undefined) return found
    }
  }
  return undefined
}
