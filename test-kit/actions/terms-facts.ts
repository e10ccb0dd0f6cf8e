import type { TermsFacts } from '../../actions/enforce-terms/facts.ts'
import type {
  EnforceTermsSettings,
  TermsDocument,
  TermsVersion,
} from '../../actions/enforce-terms/schema.ts'
import type { StoredMetadata } from '../../actions/shared/metadata.ts'
import type { SignInFacts } from '../../actions/shared/sign-in.ts'
import { signInFacts, type SignInOverrides } from './sign-in-facts.ts'

export const NOW = new Date('2026-11-20T09:00:00Z')
export const NONCE = 'nonce-of-22-characters'
export const URL_OF_TERMS = 'https://portal.example.com/terms'
export const KEY = 'k3J9-vQ0s_Lw7ZxB2nT5yR8mD1cF4gHa'
export const HASH = 'n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is'

/** When the Terms page says that it answered, and until when the answer is good. */
export const lifeFrom = (at: Date, seconds = 120) => {
  const iat = Math.floor(at.getTime() / 1000)
  return { iat, exp: iat + seconds }
}

/** A version in force from midnight UTC of the day it is called after. */
export const version = (day: string, more: Partial<TermsVersion> = {}): TermsVersion => ({
  version: day,
  effectiveAt: `${day}T00:00:00Z`,
  mustReaccept: true,
  ...more,
})

export const TOS: TermsDocument = {
  id: 'tos',
  title: 'Terms',
  required: true,
  versions: [version('2025-01-15'), version('2026-11-01'), version('2027-06-01')],
}

export const PRIVACY: TermsDocument = {
  id: 'privacy',
  title: 'Privacy',
  required: true,
  versions: [version('2025-01-15')],
}

export const NEWS: TermsDocument = {
  id: 'news',
  title: 'News',
  required: false,
  versions: [version('2025-01-15'), version('2026-11-01')],
}

export const settingsOf = (
  documents: readonly [TermsDocument, ...TermsDocument[]] = [TOS],
): EnforceTermsSettings => ({ documents, refreshGraceDays: 14 })

/** What a test may say of a sign-in at which terms are asked for. */
export type TermsOverrides = SignInOverrides & Partial<Omit<TermsFacts, keyof SignInFacts>>

export const termsSignIn = (facts: SignInOverrides = {}): SignInFacts =>
  signInFacts({ client: 'web-shop', connection: 'Users', organization: [], ...facts })

export const termsFacts = (facts: TermsOverrides = {}): TermsFacts => ({
  isSilent: false,
  secrets: { TERMS_URL: URL_OF_TERMS, TERMS_TOKEN_SECRET: KEY },
  locales: ['pt-BR', 'en'],
  clientName: 'Web shop',
  ...facts,
  ...termsSignIn(facts),
})

/** A profile whose `app_metadata.terms` is this. */
export const holding = (terms: unknown): StoredMetadata => ({
  app_metadata: { terms },
  user_metadata: {},
})

/** A profile that holds the last answer to each document. */
export const answered = (documents: Record<string, unknown>): StoredMetadata =>
  holding({ documents })

export const acceptedOn = (day: string, at = `${day}T12:00:00.000Z`) => ({
  version: day,
  accepted_at: at,
  locale: 'en',
})

export const declinedOn = (day: string, at = `${day}T12:00:00.000Z`) => ({
  version: day,
  declined_at: at,
  locale: 'en',
})
