/**
 * One thing that happened. Only what is listed here may be logged: codes, versions and hosts,
 * never a token, a `state`, a user or an address with a query.
 */
export interface LogEntry {
  /** `error` is for what the team has to repair; users and attackers cause `info`. */
  readonly level: 'info' | 'error'
  readonly event:
    'terms_shown' | 'second_look' | 'terms_answered' | 'refused' | 'started' | 'stopped'
  readonly status?: number
  readonly code?: string
  /** More than the code says, e.g. which claim was wrong. */
  readonly reason?: string
  /** Also on the error page that the user saw. */
  readonly reference?: string
  readonly login_host?: string
  /** `<id>@<version>` each. */
  readonly documents?: readonly string[]
  readonly locale?: string
  /** In the order of `documents`. */
  readonly answers?: readonly string[]
  readonly url?: string
}

export type WriteLog = (entry: LogEntry) => void

/**
 * One line of JSON on standard output, in ASCII: no value can end the line, forge another member,
 * or move the cursor of a terminal.
 */
export const writeLogLine: WriteLog = (entry) => console.log(renderLogLine(entry, Date.now()))

export const renderLogLine = (entry: LogEntry, now: number): string =>
  JSON.stringify({ time: new Date(now).toISOString(), ...entry }).replace(
    /[^\x20-\x7e]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
