import type { BrandLink } from '../brand.ts'

/** Codes of the error pages: shown to the user, logged, and never changed once released. */
export type ErrorCode =
  | 'parameters_missing'
  | 'token_expired'
  | 'token_invalid'
  | 'terms_version_unknown'
  | 'already_answered'
  | 'request_too_large'
  | 'request_invalid'
  | 'method_not_allowed'
  | 'page_not_found'
  | 'unexpected_error'

/** What the pages say, in one language. Names of clients, titles and versions come isolated. */
export interface Messages {
  readonly languages: string
  readonly links: Readonly<Record<BrandLink, string>>
  /** Read out only. */
  readonly newWindow: string

  readonly version: (version: string) => string
  readonly effectiveFrom: (date: string) => string
  readonly required: string
  readonly optional: string
  readonly changed: string
  readonly changedSince: (version: string) => string
  readonly fullText: string

  readonly lead: (clientName: string) => string
  /** Above an optional document alone. */
  readonly optionalLead: (clientName: string) => string
  /** Above a text that is not in the language of the user; names of languages, as a list. */
  readonly onlyIn: (languages: string) => string
  readonly manyTitle: string
  readonly manyLead: (clientName: string, count: number) => string
  readonly answer: string
  readonly answerTo: (title: string) => string
  readonly accept: string
  readonly decline: string
  readonly later: string
  /** The same as choices of a document among several. */
  readonly options: {
    readonly accept: string
    readonly decline: string
    readonly later: string
    readonly agree: string
    readonly disagree: string
  }
  readonly declineNote: (clientName: string) => string
  readonly optionalNote: string
  readonly laterNote: (date: string) => string
  readonly submit: string
  readonly submitNote: string
  readonly sending: string

  /** A tick that the script takes over; it stays where there is none. */
  readonly read: (title: string) => string
  readonly openFirst: string
  readonly scrollFirst: string
  readonly opened: (title: string) => string
  readonly scrolled: (title: string) => string

  readonly problemTitle: string
  readonly problems: {
    readonly answer: (title: string) => string
    readonly read: (title: string) => string
    readonly changed: (title: string) => string
  }

  readonly secondLook: {
    readonly title: string
    readonly consequence: (clientName: string, titles: string) => string
    readonly unchanged: string
    readonly back: string
    readonly decline: string
  }

  /** The page at `/`, where nobody is sent. */
  readonly home: ErrorText

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
