import { argumentsWrong, readArguments, readChoice } from '../../cli/read-arguments.ts'

const TERMS_ANSWERS = ['accept', 'decline', 'ignore'] as const
export const PROTOCOLS = ['code', 'refresh', 'password', 'silent'] as const

export interface SignInOptions {
  user: string
  connection: string | undefined
  client: string | undefined
  organization: string | undefined
  audience: string | undefined
  terms: (typeof TERMS_ANSWERS)[number]
  protocol: (typeof PROTOCOLS)[number]
}

const USAGE = `npm run sign-in -- --user <email> [OPTIONS]
  --connection NAME  a connection of that person (default: the one they were
                     seeded with)
  --client NAME      an application by name or client_id (default: the one that
                     shows most)
  --organization X   an organization by name or id (default: the person's own)
  --audience URL     the API to ask a token for (default: the seeded one)
  --terms ANSWER     accept (the default), decline or ignore: what to do at the
                     Terms page
  --protocol NAME    code (the default), refresh, password or silent: how to ask
                     for tokens; refresh and silent follow a sign-in by code

The exit code is 0 when the application got tokens, else 1.`

export const parseSignInOptions = (args: readonly string[]): SignInOptions => {
  const values = readArguments(args, USAGE, {
    user: { type: 'string' },
    connection: { type: 'string' },
    client: { type: 'string' },
    organization: { type: 'string' },
    audience: { type: 'string' },
    terms: { type: 'string', default: 'accept' },
    protocol: { type: 'string', default: 'code' },
  })
  const { user, connection, client, organization, audience, terms, protocol } = values
  if (user === undefined) throw argumentsWrong('--user is missing.', USAGE)
  return {
    user,
    connection,
    client,
    organization,
    audience,
    terms: readChoice('--terms', terms, TERMS_ANSWERS, USAGE),
    protocol: readChoice('--protocol', protocol, PROTOCOLS, USAGE),
  }
}
