import { parseArgs } from 'node:util'

export type PreviewOptions =
  | { readonly event: string }
  | { readonly user: string; readonly connection?: string; readonly client?: string }

export const USAGE = `npm run mapping:preview -- --event FILE
npm run mapping:preview -- --user <email>
  --event FILE          an event as JSON, e.g. from a log; user and connection are enough
  --user <email>        a person of the local tenant, which must run (npm start)
  [--connection NAME]   a connection of that person (default: the one they were seeded with)
  [--client NAME]       an application by name or client_id`

/** Reads the command line, or says in a sentence what is wrong with it. */
export const parsePreviewOptions = (
  argv: readonly string[],
): { options: PreviewOptions } | { problem: string } => {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        event: { type: 'string' },
        user: { type: 'string' },
        connection: { type: 'string' },
        client: { type: 'string' },
      },
    })
    const { event, user, ...others } = values
    if (event !== undefined && user !== undefined) {
      return { problem: 'either --event or --user, not both' }
    }
    if (user !== undefined) return { options: { user, ...others } }
    if (event === undefined) return { problem: '--event or --user is missing' }
    const [surplus] = Object.keys(others)
    return surplus === undefined
      ? { options: { event } }
      : { problem: `--${surplus} goes with --user; an event says it itself` }
  } catch (error) {
    return { problem: (error as Error).message }
  }
}
