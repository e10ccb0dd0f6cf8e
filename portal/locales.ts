import { ar } from './messages/ar.ts'
import { de } from './messages/de.ts'
import { en } from './messages/en.ts'
import { lookUpLocale } from './look-up-locale.ts'
import type { Messages } from './messages/messages.ts'

/** The languages that the pages speak around the texts; another one is a file more. */
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

/** The day of an ISO 8601 time, in UTC and in words. */
export const formatDay = (time: string, locale: string): string =>
  new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: 'UTC' }).format(new Date(time))

export const formatList = (items: readonly string[], locale: string): string =>
  new Intl.ListFormat(locale, { type: 'conjunction' }).format(items)

/** Between U+2068 and U+2069: what is written the other way leaves the sentence around it alone. */
export const isolate = (text: string): string => `\u2068${text}\u2069`
