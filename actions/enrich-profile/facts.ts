import { readMetadata, type ActionEvent } from '../shared/event.ts'
import { parseLocales } from '../shared/locales.ts'
import type { StoredMetadata } from '../shared/metadata.ts'

export interface ProfileFacts {
  /** Name of the connection used now. */
  readonly connection: string
  /** Languages of the user in order, from the identity provider, the application, the browser. */
  readonly locales: readonly string[]
  readonly metadata: StoredMetadata
}

export const readProfileFacts = (event: ActionEvent<string>): ProfileFacts => ({
  connection: event.connection.name,
  locales: readUserLocales(event),
  metadata: readMetadata(event),
})

/** Protocols in which a browser of the user speaks, and not a server with a language of its own. */
const BROWSER_PROTOCOLS: readonly unknown[] = [
  'oidc-basic-profile',
  'oidc-hybrid-profile',
  'oidc-implicit-profile',
  'samlp',
  'wsfed',
]

/** Not `transaction.locale`: that may be no wish of the user but the tenant's default. */
const readUserLocales = ({ user, transaction, request }: ActionEvent<string>): string[] =>
  BROWSER_PROTOCOLS.includes(transaction?.protocol)
    ? parseLocales([user['locale'], transaction?.ui_locales, request.language])
    : []
