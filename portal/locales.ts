import { ar } from './messages/ar.ts'
import { de } from './messages/de.ts'
import { en } from './messages/en.ts'
import { lookUpLocale } from './look-up-locale.ts'
import type { Messages } from './messages/messages.ts'

/** The languages of the pages around the texts. Each has a file in `messages/`. */
export const MESSAGES = { en, de, ar } as const satisfies Readonly<Record<string, Messages>>

export type MessagesLocale = keyof typeof MESSAGES

const MESSAGES_LOCALES = Object.keys(MESSAGES) as MessagesLocale[]

/** The first of the user's languages that the pages speak, else English. */
export const chooseMessagesLocale = (wishes: readonly string[]): MessagesLocale =>
  lookUpLocale(wishes, MESSAGES_LOCALES) ?? 'en'

/** Scripts that are written from right to left (Unicode Standard Annex 9). */
const RIGHT_TO_LEFT = ['Arab', 'Hebr', 'Thaa', 'Syrc', 'Nkoo', 'Adlm', 'Rohg']

export const directionOf = (locale: string): 'ltr' | 'rtl' =>
  RIGHT_TO_LEFT.includes(new Intl.Locale(locale).maximize().script ?? '') ? 'rtl' : 'ltr'

/** The name of a language in itself, e.g. `Deutsch`. */
export const nameOfLocale = (locale: string): string => {
  const name = new Intl.DisplayNames([locale], { type: 'language' }).of(locale) ?? locale
  return name.charAt(0).toLocaleUpperCase(locale) + name.slice(1)
}

/** Names of languages in one of them, as a list. */
export const listLocales = (locales: readonly string[], locale: string): string => {
  const names = new Intl.DisplayNames([locale], { type: 'language' })
  return formatList(
    locales.map((other) => names.of(other) ?? other),
    locale,
  )
}

/** Whether a reader of one reads the other: the region does not matter. */
export const speaksSame = (one: string, other: string): boolean =>
  new Intl.Locale(one).language === new Intl.Locale(other).language

/** The day of an ISO 8601 time, in UTC and in words. */
export const formatDay = (time: string, locale: string): string =>
  new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: 'UTC' }).format(new Date(time))

export const formatList = (items: readonly string[], locale: string): string =>
  new Intl.ListFormat(locale, { type: 'conjunction' }).format(items)

/**
 * Between U+2068 and U+2069: what is written the other way leaves the sentence around it alone.
 * Characters that could end that, reorder the rest or break the line are left out.
 */
export const isolate = (text: string): string => `\u2068${withoutControls(text)}\u2069`

/** The same for a name that may be missing: nothing then. */
export const isolateName = (name: string): string =>
  withoutControls(name).trim() === '' ? '' : isolate(name)

/** Bidirectional controls (UAX 9), line and paragraph separators, invisible and control characters. */
export const withoutControls = (text: string): string => text.replace(CONTROLS, '')

const CONTROLS =
  /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu
