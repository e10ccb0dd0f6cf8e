import * as s from '../shared/schema.ts'
import { isDocumentId, isTermsVersion, isUtcTime, MAX_DOCUMENTS } from '../shared/session-token.ts'
import { problemAt, type Problem } from '../shared/problem.ts'
import { parseCountry } from './country.ts'

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
  /** Only the sign-ins that fit one of these. Default: all. */
  readonly for?: readonly TermsTarget[]
  /** Not the sign-ins that fit one of these, e.g. those of a service account. */
  readonly exceptFor?: readonly TermsTarget[]
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

/** A sign-in fits when everything that is named here holds. */
export interface TermsTarget {
  /** Any of these `client_id`s. */
  readonly clients?: readonly string[]
  /** All of these entries of the client's metadata. */
  readonly clientMetadata?: Readonly<Record<string, string>>
  /** Any of these connections, by name. */
  readonly connections?: readonly string[]
  /** Any of these organizations, by id or name. */
  readonly organizations?: readonly string[]
  /**
   * Any of these countries (ISO 3166-1, two capitals), as the network says: a VPN changes it. A request
   * without a browser, such as a refresh, counts as from the country that the profile keeps. An unknown
   * country is one of them in `for` and none of them in `exceptFor`.
   */
  readonly countries?: readonly string[]
  /** The member of `app_metadata` at `path` (names joined by `.`) holds exactly this. */
  readonly appMetadata?: { readonly path: string; readonly equals: string | number | boolean }
}

type MetadataCondition = NonNullable<TermsTarget['appMetadata']>

const target = s.object<TermsTarget>({
  clients: s.optional(s.list(s.text)),
  clientMetadata: s.optional(s.record(s.text)),
  connections: s.optional(s.list(s.text)),
  organizations: s.optional(s.list(s.text)),
  countries: s.optional(s.list(s.text)),
  appMetadata: s.optional(
    s.object<MetadataCondition>({ path: s.text, equals: s.textNumberOrFlag }),
  ),
})

const version = s.object<TermsVersion>({
  version: s.text,
  effectiveAt: s.text,
  mustReaccept: s.flag,
  refreshGraceDays: s.optional(s.amount),
})

const document = s.object<TermsDocument>({
  id: s.text,
  title: s.text,
  required: s.flag,
  versions: s.someOf(version),
  reacceptAfterDays: s.optional(s.amount),
  announceDays: s.optional(s.amount),
  view: s.optional(s.words('open', 'scroll')),
  for: s.optional(s.list(target)),
  exceptFor: s.optional(s.list(target)),
})

const schema = s.object<EnforceTermsSettings>({
  documents: s.someOf(document),
  refreshGraceDays: s.amount,
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
    ...checkTargets(`${path}.for`, document.for),
    ...checkTargets(`${path}.exceptFor`, document.exceptFor),
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

const checkTargets = (path: string, targets: readonly TermsTarget[] | undefined): Problem[] => [
  ...problemAt(
    path,
    targets?.length === 0 ? 'is empty; leave it out, or name whom it is about' : undefined,
  ),
  ...(targets ?? []).flatMap((target, index) => checkTarget(`${path}[${index}]`, target)),
]

const checkTarget = (path: string, target: TermsTarget): Problem[] => {
  const { clients, connections, organizations, countries, clientMetadata, appMetadata } = target
  const lists = { clients, connections, organizations, countries }
  return [
    ...problemAt(
      path,
      Object.values(target).every((condition) => condition === undefined)
        ? 'names no condition, so every sign-in fits; name one'
        : undefined,
    ),
    ...Object.entries(lists).flatMap(([name, list]) =>
      problemAt(
        `${path}.${name}`,
        list?.length === 0 || list?.some((entry) => entry.trim() === '')
          ? 'is empty or holds an empty name, which nothing can fit'
          : undefined,
      ),
    ),
    ...(countries ?? []).flatMap((code, index) =>
      problemAt(
        `${path}.countries[${index}]`,
        parseCountry(code) === undefined
          ? `"${code}" is not a country of ISO 3166-1, e.g. "DE"`
          : undefined,
      ),
    ),
    ...problemAt(
      `${path}.clientMetadata`,
      clientMetadata !== undefined && Object.keys(clientMetadata).length === 0
        ? 'names no entry, so every client fits; name one'
        : undefined,
    ),
    ...problemAt(
      `${path}.appMetadata.path`,
      appMetadata?.path.split('.').includes('')
        ? 'has an empty part; write names joined by "."'
        : undefined,
    ),
  ]
}

export const checkSettings = s.checkerOf(schema, checkMeaning)
