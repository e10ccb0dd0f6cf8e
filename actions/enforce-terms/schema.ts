import {
  checkPatternSum,
  checkWhen,
  checkWitnesses,
  patternsIn,
  restsOn,
  when,
} from '../shared/check-when.ts'
import * as s from '../shared/schema.ts'
import { isDocumentId, isTermsVersion, isUtcTime, MAX_DOCUMENTS } from '../shared/session-token.ts'
import { problemAt, type Problem } from '../shared/problem.ts'
import type { RestsOn, When } from '../shared/when.ts'

export interface EnforceTermsSettings {
  /**
   * What users are asked to accept, in the order of the Terms page. The first required document is
   * the one that a record of the older form, without `documents`, is about.
   */
  readonly documents: readonly [TermsDocument, ...TermsDocument[]]
  /** `refreshGraceDays` of every version that does not say its own. */
  readonly refreshGraceDays: number
}

export interface TermsDocument {
  /**
   * Up to 32 lower-case letters, digits and `-`. It names the folder of the texts and the entry in
   * the profile, so it must never change once somebody answered.
   */
  readonly id: string
  /** For reports, and where a text has no title of its own. */
  readonly title: string
  /** `true`: no answer, no tokens. `false`: a refusal is kept and the sign-in goes on. */
  readonly required: boolean
  /** Oldest first. The newest whose time has come is the one in force. */
  readonly versions: readonly [TermsVersion, ...TermsVersion[]]
  /** Days after which an acceptance has to be repeated. Default: it lasts. */
  readonly reacceptAfterDays?: number
  /**
   * Days before `effectiveAt` from which on a version that must be accepted again is shown once and
   * may be put off. Default 0. Required documents only.
   */
  readonly announceDays?: number
  /** What the page wants before the text can be accepted: opened, or scrolled to the end. */
  readonly view?: 'open' | 'scroll'
  /**
   * Which sign-ins it is for. Default: every one. Where nobody can tell, it is asked for. A request
   * without a browser, such as a refresh, counts as from the country that the profile keeps.
   */
  readonly when?: When
  /** Why a word that is not yours may decide who is not asked. */
  readonly restsOn?: RestsOn
}

export interface TermsVersion {
  /** Up to 32 letters, digits, `.`, `_` or `-`, e.g. the date of the text. */
  readonly version: string
  /** ISO 8601 in UTC. */
  readonly effectiveAt: string
  /**
   * `false`: whoever accepted the version before is not asked, e.g. after a typo was mended; others
   * are asked for this one. `true` for the first.
   */
  readonly mustReaccept: boolean
  /**
   * Days after this version came into force in which an application may still exchange refresh
   * tokens for users who have not accepted it. 0 ends every such session at once.
   */
  readonly refreshGraceDays?: number
}

/** Earlier settings named sign-ins in words of their own. */
const formerTargets = (targets: unknown): object => {
  const all = [targets].flat().map((target) => {
    const { clients, clientMetadata, connections, organizations, countries, appMetadata } = Object(
      target,
    ) as Record<string, unknown>
    const { path, equals } = Object(appMetadata) as Record<string, unknown>
    const entries = Object.entries(Object(clientMetadata) as object).map(([key, value]) => ({
      clientMetadata: { path: [key], equals: value as unknown },
    }))
    return {
      ...(clients !== undefined && { client: { oneOf: clients } }),
      ...(connections !== undefined && { connection: { oneOf: connections } }),
      ...(organizations !== undefined && { organization: { oneOf: organizations } }),
      ...(countries !== undefined && { country: { oneOf: countries } }),
      ...(entries.length === 1 ? entries[0] : entries.length > 1 && { all: entries }),
      ...(appMetadata !== undefined && { appMetadata: { path: String(path).split('.'), equals } }),
    }
  })
  return all.length === 1 ? (all[0] ?? {}) : { any: all }
}

const version = s.object<TermsVersion>({
  version: s.string,
  effectiveAt: s.string,
  mustReaccept: s.boolean,
  refreshGraceDays: s.optional(s.number),
})

const document = s.object<TermsDocument>(
  {
    id: s.string,
    title: s.string,
    required: s.boolean,
    versions: s.someOf(version),
    reacceptAfterDays: s.optional(s.number),
    announceDays: s.optional(s.number),
    view: s.optional(s.words('open', 'scroll')),
    when: s.optional(when),
    restsOn: s.optional(restsOn),
  },
  {
    for: (targets) => `write when: ${s.written(formerTargets(targets))}`,
    exceptFor: (targets) =>
      `write when: ${s.written({ not: formerTargets(targets) })}, or put this \`not\` into the when that is there`,
  },
)

const schema = s.object<EnforceTermsSettings>({
  documents: s.someOf(document),
  refreshGraceDays: s.number,
})

const checkMeaning = (settings: EnforceTermsSettings): Problem[] => [
  ...problemAt(
    'documents',
    settings.documents.length > MAX_DOCUMENTS
      ? `are more than ${MAX_DOCUMENTS}, too many for one page; put some together`
      : undefined,
  ),
  ...settings.documents.flatMap((document, index) => [
    ...problemAt(
      `documents[${index}].id`,
      settings.documents.slice(0, index).some(({ id }) => id === document.id)
        ? `"${document.id}" stands twice; each document needs an id of its own`
        : undefined,
    ),
    ...checkDocument(`documents[${index}]`, document),
  ]),
  ...checkPatternSum(
    'documents',
    settings.documents.flatMap((document) => patternsIn(document.when ?? {})),
  ),
  ...checkDays('refreshGraceDays', settings.refreshGraceDays, MAX_PERIOD_DAYS),
]

const checkDocument = (path: string, document: TermsDocument): Problem[] => {
  const { id, title, required, versions, reacceptAfterDays, announceDays } = document
  return [
    ...problemAt(
      `${path}.id`,
      isDocumentId(id) && !(id in {})
        ? undefined
        : `"${id}" is not 1 to 32 of a-z 0-9 - beginning with a letter, or a name JavaScript objects inherit`,
    ),
    ...problemAt(`${path}.title`, title.trim() === '' ? 'is empty; reports need one' : undefined),
    ...versions.flatMap((version, index) =>
      checkVersion(`${path}.versions[${index}]`, version, versions.slice(0, index)),
    ),
    ...(reacceptAfterDays === undefined || reacceptAfterDays >= 1
      ? checkDays(`${path}.reacceptAfterDays`, reacceptAfterDays)
      : problemAt(
          `${path}.reacceptAfterDays`,
          'is less than a day: users would be asked at each sign-in; leave it out for never',
        )),
    ...checkDays(`${path}.announceDays`, announceDays, MAX_PERIOD_DAYS),
    ...problemAt(
      `${path}.announceDays`,
      announceDays !== undefined && !required
        ? 'is for required documents; an optional one can be declined at any time'
        : undefined,
    ),
    ...checkWhen(`${path}.when`, document.when ?? {}),
    ...checkWitnesses(`${path}.restsOn`, document.when ?? {}, document.restsOn ?? {}),
  ]
}

const checkVersion = (
  path: string,
  entry: TermsVersion,
  earlier: readonly TermsVersion[],
): Problem[] => {
  const { version, effectiveAt, mustReaccept, refreshGraceDays } = entry
  const previous = earlier.at(-1)
  return [
    ...problemAt(
      `${path}.version`,
      isTermsVersion(version) ? undefined : 'is not 1 to 32 of A-Z a-z 0-9 . _ -',
    ),
    ...problemAt(
      `${path}.version`,
      earlier.some((other) => other.version === version)
        ? `"${version}" stands twice; a text that changes needs a version of its own`
        : undefined,
    ),
    ...problemAt(
      `${path}.effectiveAt`,
      isUtcTime(effectiveAt) ? undefined : 'is not a time like 2026-11-01T00:00:00Z',
    ),
    ...problemAt(
      `${path}.effectiveAt`,
      previous !== undefined && Date.parse(effectiveAt) <= Date.parse(previous.effectiveAt)
        ? 'is not after that of the version before; put the oldest first'
        : undefined,
    ),
    ...problemAt(
      `${path}.mustReaccept`,
      previous === undefined && !mustReaccept
        ? 'of the first version must be true: nobody accepted an earlier one'
        : undefined,
    ),
    ...checkDays(`${path}.refreshGraceDays`, refreshGraceDays, MAX_PERIOD_DAYS),
  ]
}

/** A longer grace would let sessions outlast every version. */
const MAX_PERIOD_DAYS = 366

const checkDays = (path: string, days: number | undefined, most = 36_525): Problem[] =>
  problemAt(
    path,
    days === undefined || (days >= 0 && days <= most)
      ? undefined
      : `is not a number of days from 0 to ${most}`,
  )

export const checkSettings = s.checkerOf(schema, checkMeaning)
