import type { Sentences } from '../shared/deny-sentence.ts'

/** What a user is told who is not let in, by language. A code never changes once it is released. */
export const SENTENCES = {
  en: {
    access_record_unreadable: 'We could not check whether you may use this application.',
    client_blocked: 'Your access to this application was withdrawn.',
    email_unverified:
      'Please open the message we sent to your e-mail address and confirm it, then sign in again.',
    organization_not_allowed: 'Please sign in with an organization that may use this application.',
    role_not_allowed:
      'You lack the role that this application asks for. An administrator can help.',
  },
  de: {
    access_record_unreadable: 'Wir konnten nicht prüfen, ob Sie diese Anwendung benutzen dürfen.',
    client_blocked: 'Ihr Zugang zu dieser Anwendung wurde entzogen.',
    email_unverified:
      'Bitte öffnen Sie unsere Nachricht an Ihre E-Mail-Adresse, bestätigen Sie diese und melden Sie sich noch einmal an.',
    organization_not_allowed:
      'Bitte melden Sie sich mit einer Organisation an, die diese Anwendung benutzen darf.',
    role_not_allowed:
      'Ihnen fehlt die Rolle, die diese Anwendung verlangt. Ein Administrator kann helfen.',
  },
} as const satisfies Sentences

export type DenyCode = keyof typeof SENTENCES.en
