/** The sentence behind a denial, in the user's language where we have it. */
import { DENY_SENTENCES, type DenyCode } from './decision.ts'
import { languageOf } from './locales.ts'

/** By language. A code without a translation is told in English. */
export const TRANSLATED_DENY_SENTENCES: Readonly<
  Record<string, Readonly<Partial<Record<DenyCode, string>>>>
> = {
  de: {
    access_record_unreadable: 'Wir konnten nicht prüfen, ob Sie diese Anwendung benutzen dürfen.',
    action_failed: 'Bei uns ist etwas schiefgegangen. Bitte versuchen Sie es noch einmal.',
    client_blocked: 'Ihr Zugang zu dieser Anwendung wurde entzogen.',
    email_unverified:
      'Bitte öffnen Sie unsere Nachricht an Ihre E-Mail-Adresse, bestätigen Sie diese und melden Sie sich noch einmal an.',
    organization_not_allowed:
      'Bitte melden Sie sich mit einer Organisation an, die diese Anwendung benutzen darf.',
    role_not_allowed:
      'Ihnen fehlt die Rolle, die diese Anwendung verlangt. Ein Administrator kann helfen.',
    terms_answer_invalid:
      'Ihre Antwort zu den Bedingungen konnte nicht geprüft werden. Bitte melden Sie sich noch einmal an.',
    terms_declined: 'Sie haben die Bedingungen abgelehnt und können nicht angemeldet werden.',
    terms_interaction_required:
      'Bitte melden Sie sich mit einem Browser an, um den Bedingungen zuzustimmen.',
    terms_key_missing:
      'Die Bedingungen können gerade nicht gezeigt werden. Bitte versuchen Sie es später.',
    terms_key_weak:
      'Die Bedingungen können gerade nicht gezeigt werden. Bitte versuchen Sie es später.',
    terms_record_full:
      'Ihre Zustimmung konnte nicht gespeichert werden. Bitte wenden Sie sich an uns.',
    terms_record_unreadable: 'Wir konnten nicht prüfen, ob Sie den Bedingungen zugestimmt haben.',
    terms_url_invalid:
      'Die Bedingungen können gerade nicht gezeigt werden. Bitte versuchen Sie es später.',
    terms_version_changed:
      'Die Bedingungen haben sich beim Lesen geändert. Bitte melden Sie sich noch einmal an.',
  },
}

/** The sentence in the first of `locales` that we speak, otherwise in English. */
export const denySentence = (code: DenyCode, locales: readonly string[]): string => {
  for (const language of locales.map(languageOf)) {
    if (language === 'en') break
    const sentences = Object.hasOwn(TRANSLATED_DENY_SENTENCES, language)
      ? TRANSLATED_DENY_SENTENCES[language]
      : undefined
    if (sentences?.[code] !== undefined) return sentences[code]
  }
  return DENY_SENTENCES[code]
}
