import type { Sentences } from '../shared/deny-sentence.ts'

/** What a user is told who does not get in, by language. A code never changes once it is released. */
export const SENTENCES = {
  en: {
    terms_answer_invalid: 'Your answer to the terms could not be verified. Please sign in again.',
    terms_declined: 'You declined the terms, so you cannot be signed in.',
    terms_interaction_required: 'Please sign in with a browser to accept the current terms.',
    terms_key_missing: 'The terms cannot be shown right now. Please try again later.',
    terms_key_weak: 'The terms cannot be shown right now. Please try again later.',
    terms_record_full: 'Your acceptance could not be recorded. Please contact support.',
    terms_record_unreadable: 'We could not check whether you accepted the terms.',
    terms_url_invalid: 'The terms cannot be shown right now. Please try again later.',
    terms_version_changed: 'The terms changed while you were reading. Please sign in again.',
  },
  de: {
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
} as const satisfies Sentences

export type DenyCode = keyof typeof SENTENCES.en
