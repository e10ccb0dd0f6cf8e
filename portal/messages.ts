import { lookUpLocale } from './terms-texts.ts'

/** Codes of the error pages: shown to the user, logged, and never changed once released. */
export type ErrorCode =
  | 'parameters_missing'
  | 'token_expired'
  | 'token_invalid'
  | 'terms_version_unknown'
  | 'answer_missing'
  | 'request_too_large'
  | 'request_invalid'
  | 'method_not_allowed'
  | 'page_not_found'
  | 'unexpected_error'

/** The words around a text, in one language. */
export interface Messages {
  readonly version: (version: string) => string
  readonly lead: (clientName: string) => string
  readonly note: (clientName: string) => string
  readonly answer: string
  readonly accept: string
  readonly decline: string
  readonly defer: string
  readonly submit: string
  readonly optional: string
  readonly continueTitle: string
  readonly continueText: string
  readonly continueButton: string
  readonly errorCode: string
  readonly reference: string
  readonly nextTitle: string
  readonly errors: Readonly<Record<ErrorCode, ErrorText>>
}

export interface ErrorText {
  readonly title: string
  readonly text: string
  readonly next: string
}

export type MessagesLocale = 'en' | 'de'

// Isolated (U+2068 … U+2069), so that a name written from right to left leaves the sentence alone.
const isolate = (name: string): string => `\u2068${name}\u2069`

const AGAIN_EN = 'Go back to the application and sign in again.'
const AGAIN_DE = 'Gehen Sie zurück zur Anwendung und melden Sie sich noch einmal an.'

export const MESSAGES: Readonly<Record<MessagesLocale, Messages>> = {
  en: {
    version: (version) => `Version ${version}`,
    lead: (clientName) =>
      clientName === ''
        ? 'Please read these terms before you continue.'
        : `Please read these terms before you continue to ${isolate(clientName)}.`,
    note: (clientName) =>
      clientName === ''
        ? 'If you decline, you will not be signed in.'
        : `If you decline, you will not be signed in to ${isolate(clientName)}.`,
    answer: 'Your answer',
    accept: 'Accept',
    decline: 'Decline',
    defer: 'Later',
    submit: 'Continue',
    optional: '(optional)',
    continueTitle: 'Back to your sign-in',
    continueText: 'We are passing on your answer. If nothing happens, press the button.',
    continueButton: 'Continue',
    errorCode: 'Code',
    reference: 'Reference',
    nextTitle: 'What you can do',
    errors: {
      parameters_missing: {
        title: 'This link is incomplete',
        text: 'Part of the address is missing, so we cannot tell which sign-in it belongs to.',
        next: AGAIN_EN,
      },
      token_expired: {
        title: 'This link has expired',
        text: 'For your protection the link is only valid for a short time. Your answer was not recorded.',
        next: AGAIN_EN,
      },
      token_invalid: {
        title: 'This link is not valid',
        text: 'The link was changed on the way, or it was not made for this page.',
        next: AGAIN_EN,
      },
      terms_version_unknown: {
        title: 'These terms cannot be shown',
        text: 'The version you were asked to read is not available here. This is our mistake, not yours.',
        next: 'Please try again later. If it happens again, tell the support of the application and give them the code below.',
      },
      answer_missing: {
        title: 'We did not get your answer',
        text: 'Your answer has to be either Accept or Decline.',
        next: 'Go back one page and choose one of the two buttons.',
      },
      request_too_large: {
        title: 'This request is too large',
        text: 'More was sent to this page than it can use. Your answer was not recorded.',
        next: AGAIN_EN,
      },
      request_invalid: {
        title: 'This request cannot be read',
        text: 'What was sent to this page is not in a form it understands.',
        next: AGAIN_EN,
      },
      method_not_allowed: {
        title: 'This page cannot be used like that',
        text: 'It was asked for in a way that it does not offer.',
        next: AGAIN_EN,
      },
      page_not_found: {
        title: 'There is no such page',
        text: 'You get here from an application, in the middle of a sign-in.',
        next: 'Go to the application and sign in there.',
      },
      unexpected_error: {
        title: 'Something went wrong',
        text: 'This is our mistake, not yours. Your answer was not recorded.',
        next: `${AGAIN_EN} If it happens again, tell the support of the application and give them the reference below.`,
      },
    },
  },
  de: {
    version: (version) => `Fassung ${version}`,
    lead: (clientName) =>
      clientName === ''
        ? 'Bitte lesen Sie diese Bedingungen, bevor es weitergeht.'
        : `Bitte lesen Sie diese Bedingungen, bevor es weitergeht zu ${isolate(clientName)}.`,
    note: (clientName) =>
      clientName === ''
        ? 'Wenn Sie ablehnen, werden Sie nicht angemeldet.'
        : `Wenn Sie ablehnen, werden Sie nicht bei ${isolate(clientName)} angemeldet.`,
    answer: 'Ihre Antwort',
    accept: 'Zustimmen',
    decline: 'Ablehnen',
    defer: 'Später',
    submit: 'Weiter',
    optional: '(freiwillig)',
    continueTitle: 'Zurück zur Anmeldung',
    continueText:
      'Wir geben Ihre Antwort weiter. Wenn nichts geschieht, drücken Sie bitte die Schaltfläche.',
    continueButton: 'Weiter',
    errorCode: 'Code',
    reference: 'Vorgang',
    nextTitle: 'Was Sie tun können',
    errors: {
      parameters_missing: {
        title: 'Dieser Link ist unvollständig',
        text: 'Ein Teil der Adresse fehlt. Wir können nicht erkennen, zu welcher Anmeldung sie gehört.',
        next: AGAIN_DE,
      },
      token_expired: {
        title: 'Dieser Link ist abgelaufen',
        text: 'Zu Ihrem Schutz gilt der Link nur kurze Zeit. Ihre Antwort wurde nicht gespeichert.',
        next: AGAIN_DE,
      },
      token_invalid: {
        title: 'Dieser Link ist ungültig',
        text: 'Der Link wurde unterwegs verändert oder ist nicht für diese Seite gemacht.',
        next: AGAIN_DE,
      },
      terms_version_unknown: {
        title: 'Diese Bedingungen können nicht gezeigt werden',
        text: 'Die Fassung, die Sie lesen sollen, liegt hier nicht vor. Das ist unser Fehler, nicht Ihrer.',
        next: 'Bitte versuchen Sie es später noch einmal. Wenn es wieder geschieht, nennen Sie der Hilfe der Anwendung den Code unten.',
      },
      answer_missing: {
        title: 'Ihre Antwort ist nicht angekommen',
        text: 'Die Antwort muss „Zustimmen“ oder „Ablehnen“ sein.',
        next: 'Gehen Sie eine Seite zurück und wählen Sie eine der beiden Schaltflächen.',
      },
      request_too_large: {
        title: 'Diese Anfrage ist zu groß',
        text: 'Es wurde mehr gesendet, als diese Seite verarbeitet. Ihre Antwort wurde nicht gespeichert.',
        next: AGAIN_DE,
      },
      request_invalid: {
        title: 'Diese Anfrage ist nicht lesbar',
        text: 'Was gesendet wurde, hat keine Form, die diese Seite versteht.',
        next: AGAIN_DE,
      },
      method_not_allowed: {
        title: 'So kann diese Seite nicht benutzt werden',
        text: 'Sie wurde auf eine Weise aufgerufen, die sie nicht anbietet.',
        next: AGAIN_DE,
      },
      page_not_found: {
        title: 'Diese Seite gibt es nicht',
        text: 'Hierher gelangen Sie aus einer Anwendung, mitten in der Anmeldung.',
        next: 'Gehen Sie zur Anwendung und melden Sie sich dort an.',
      },
      unexpected_error: {
        title: 'Etwas ist schiefgegangen',
        text: 'Das ist unser Fehler, nicht Ihrer. Ihre Antwort wurde nicht gespeichert.',
        next: `${AGAIN_DE} Wenn es wieder geschieht, nennen Sie der Hilfe der Anwendung den Vorgang unten.`,
      },
    },
  },
}

/** The first of the user's languages that the pages speak, else English. */
export const chooseMessagesLocale = (locales: readonly string[]): MessagesLocale =>
  lookUpLocale(locales, ['en', 'de']) ?? 'en'
