/**
 * The sentence for the user behind each code of a denial. The application receives
 * `<code>: <sentence>` as `error_description`.
 */
import { languageOf } from './locales.ts'

/** By language, then by code; what is not there is told in English. */
export interface Sentences<Code extends string = string> {
  readonly en: Readonly<Record<Code, string>>
  readonly [language: string]: Readonly<Partial<Record<Code, string>>>
}

/** When an Action that decides access cannot decide. */
export const FAILURE_SENTENCES: Sentences<'action_failed'> = {
  en: { action_failed: 'Something went wrong on our side. Please try again.' },
  de: { action_failed: 'Bei uns ist etwas schiefgegangen. Bitte versuchen Sie es noch einmal.' },
}

/** The sentence in the first of `locales` that we speak, otherwise in English. */
export const denySentence = (
  sentences: Sentences,
  code: string,
  locales: readonly string[],
): string => {
  const spoken = locales.map(languageOf).find((language) => Object.hasOwn(sentences, language))
  return sentences[spoken ?? 'en']?.[code] ?? sentences.en[code] ?? code
}
