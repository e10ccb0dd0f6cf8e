import { argumentsWrong, readArguments } from '../../cli/read-arguments.ts'

export type PreviewOptions =
  | { readonly event: string }
  | { readonly user: string; readonly connection?: string; readonly client?: string }

const USAGE = `npm run mapping:preview -- --event FILE
npm run mapping:preview -- --user <email>
  --event FILE       an event as JSON, e.g. from a log; user and connection are
                     enough
  --user <email>     a person of the local tenant, which must run (npm start)
  --connection NAME  a connection of that person (default: the one they were
                     seeded with)
  --client NAME      an application by name or client_id`

export const parsePreviewOptions = (args: readonly string[]): PreviewOptions => {
  const { event, user, connection, client } = readArguments(args, USAGE, {
    event: { type: 'string' },
    user: { type: 'string' },
    connection: { type: 'string' },
    client: { type: 'string' },
  })
  const others = {
    ...(connection !== undefined && { connection }),
    ...(client !== undefined && { client }),
  }
  if (event !== undefined && user !== undefined) {
    throw argumentsWrong('Either --event or --user, not both.', USAGE)
  }
  if (user !== undefined) return { user, ...others }
  if (event === undefined) throw argumentsWrong('--event or --user is missing.', USAGE)
  const [surplus] = Object.keys(others)
  if (surplus === undefined) return { event }
  throw argumentsWrong(`--${surplus} goes with --user; an event says it itself.`, USAGE)
}
