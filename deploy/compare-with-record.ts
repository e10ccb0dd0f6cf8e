import { timeOf, type RecordedAction } from './deployment-record.ts'
import type { TenantAction } from './tenant.ts'

/** Where a live Action is not what was deployed, though its code may be. */
export interface Difference {
  reason: 'not our version' | 'secret dates'
  /** A sentence that goes on after the Action's name. */
  text: string
}

/**
 * Holds what is live of an Action to the record. Values of secrets cannot be read; Auth0 gives all
 * secrets of one request the same date, so a date of its own tells of a secret that was set alone.
 */
export const compareWithRecord = (
  { id, deployed: live }: TenantAction,
  recorded: RecordedAction | undefined,
): Difference[] => {
  if (live === undefined) return []
  if (recorded === undefined) return compareAmongThemselves(live.secretsSetAt)
  const isOurs = id === recorded.id && live.id === recorded.version.id
  return [
    ...(isOurs
      ? []
      : [
          {
            reason: 'not our version' as const,
            text: `runs version ${live.number} of ${showDate(live.createdAt)}; the record says version ${recorded.version.number}. Somebody deployed it another way, or this copy of the record is old`,
          },
        ]),
    ...Object.entries(live.secretsSetAt).flatMap(([name, at]): Difference[] => {
      const known = recorded.secretsSetAt[name]
      if (at === known) return []
      const said =
        known === undefined
          ? 'the record does not know it'
          : timeOf(at) < timeOf(known)
            ? `the record has a newer one of ${showDate(known)}`
            : `the record says ${showDate(known)}`
      return [
        {
          reason: 'secret dates',
          text: `runs with a secret ${name} that was set ${showDate(at)}; ${said}`,
        },
      ]
    }),
  ]
}

const compareAmongThemselves = (secretsSetAt: Readonly<Record<string, string>>): Difference[] =>
  new Set(Object.values(secretsSetAt)).size <= 1
    ? []
    : [
        {
          reason: 'secret dates',
          text: `runs with secrets that were not set together, as a deploy does: ${describeDates(secretsSetAt)}`,
        },
      ]

/** `TERMS_URL 2026-11-20T08:43:58Z, ...` */
export const describeDates = (secretsSetAt: Readonly<Record<string, string>>): string =>
  Object.entries(secretsSetAt)
    .map(([name, at]) => `${name} ${showDate(at)}`)
    .join(', ')

/** To the second; several secrets that one request sets have the same instant anyway. */
export const showDate = (at: string): string =>
  at === '' ? 'an unknown date' : `${at.slice(0, 19)}Z`
