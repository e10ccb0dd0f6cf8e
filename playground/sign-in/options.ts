import { parseArgs } from 'node:util'

const TERMS_ANSWERS = ['accept', 'decline', 'ignore'] as const
export const PROTOCOLS = ['code', 'refresh', 'password', 'silent'] as const

export interface SignInOptions {
  user: string
  connection: string | undefined
  client: string | undefined
  terms: (typeof TERMS_ANSWERS)[number]
  protocol: (typeof PROTOCOLS)[number]
}

export const USAGE = `npm run sign-in -- --user <email>
  [--connection NAME]   a connection of that person (default: the one they were seeded with)
  [--client NAME]       an application by name or client_id (default: the one that shows most)
  [--terms accept|decline|ignore]            what to do at the Terms page (default: accept)
  [--protocol code|refresh|password|silent]  how to ask for tokens (default: code)
                        refresh and silent follow a sign-in by code

The exit code is 0 when the application got tokens, else 1.`

/** Reads the command line, or says in a sentence what is wrong with it. */
export const parseSignInOptions = (
  argv: readonly string[],
): { options: SignInOptions } | { help: true } | { problem: string } => {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        help: { type: 'boolean' },
        user: { type: 'string' },
        connection: { type: 'string' },
        client: { type: 'string' },
        terms: { type: 'string', default: 'accept' },
        protocol: { type: 'string', default: 'code' },
      },
    })
    if (values.help === true) return { help: true }
    const { user, connection, client } = values
    if (user === undefined) return { problem: '--user is missing' }
    const terms = TERMS_ANSWERS.find((answer) => answer === values.terms)
    if (terms === undefined) return { problem: `--terms is one of ${TERMS_ANSWERS.join(', ')}` }
    const protocol = PROTOCOLS.find((name) => name === values.protocol)
    if (protocol === undefined) return { problem: `--protocol is one of ${PROTOCOLS.join(', ')}` }
    return { options: { user, connection, client, terms, protocol } }
  } catch (error) {
    return { problem: error instanceof Error ? error.message : 'cannot be read' }
  }
}
