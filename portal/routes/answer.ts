import type { IncomingHttpHeaders } from 'node:http'
import type { Brand } from '../brand.ts'
import type { PortalConfig } from '../config.ts'
import type { LogEntry } from '../log.ts'
import type { ErrorCode } from '../messages/messages.ts'
import type { Page } from '../pages.ts'
import type { TermsTexts } from '../terms-texts.ts'

/** What the routes work with. */
export interface Portal {
  readonly config: PortalConfig
  readonly brand: Brand
  readonly texts: TermsTexts
  /** Milliseconds since the epoch. */
  readonly now: () => number
}

/** A request as the routes read it. */
export interface PortalRequest {
  readonly method: string
  /** Of the address or, of a POST, of the form: whatever was sent. */
  readonly parameters: unknown
  readonly headers: IncomingHttpHeaders
}

export interface PageAnswer {
  readonly page: Page
  /** What its Content-Security-Policy allows; see `security-headers.ts`. */
  readonly policy: 'plain' | 'terms' | 'continue'
  /** Default 200. */
  readonly status?: number
  readonly cookie?: string
  readonly log?: LogEntry
}

export interface Refusal {
  readonly refusal: ErrorCode
  /** For the log: names and codes, never what the user sent. */
  readonly reason?: string
  /** Languages that the page with the error may speak, best first. */
  readonly locales?: readonly string[]
}

export type Answer = PageAnswer | { readonly redirect: string } | Refusal
