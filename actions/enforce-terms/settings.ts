import type { Manifest } from '../shared/manifest.ts'
import { isTermsVersion } from '../shared/session-token.ts'
import { problemAt, type SettingsProblem } from '../shared/settings-problem.ts'

export interface EnforceTermsSettings {
  /**
   * Every version that is or will be in force, oldest first. The newest whose time has come is the
   * one that users must have accepted; the Terms page needs its text.
   */
  readonly versions: readonly [TermsVersion, ...TermsVersion[]]
  /**
   * Days after a version came into force in which an application may still exchange refresh tokens
   * for users who have not accepted it. 0 ends every such session at once.
   */
  readonly refreshGraceDays: number
}

export interface TermsVersion {
  /** Up to 32 letters, digits, `.`, `_` or `-`, e.g. the date of the text. */
  readonly version: string
  /** ISO 8601 in UTC. */
  readonly effectiveAt: string
}

export const settings: EnforceTermsSettings = {
  versions: [
    { version: '2025-01-15', effectiveAt: '2025-01-15T00:00:00Z' },
    { version: '2026-11-01', effectiveAt: '2026-11-01T00:00:00Z' },
  ],
  refreshGraceDays: 14,
}

export const manifest = {
  writes: ['app_metadata.terms'],
  secrets: ['TERMS_URL', 'TERMS_TOKEN_SECRET', 'TERMS_TOKEN_SECRET_PREVIOUS'],
  fails: 'closed',
} as const satisfies Manifest

export type SecretName = (typeof manifest.secrets)[number]

export const checkSettings = (checked: EnforceTermsSettings = settings): SettingsProblem[] => [
  ...checked.versions.flatMap(({ version, effectiveAt }, index) => {
    const path = `versions[${index}]`
    const earlier = checked.versions.slice(0, index)
    const previous = earlier.at(-1)
    return [
      ...(isTermsVersion(version)
        ? []
        : [{ path: `${path}.version`, message: 'is not 1 to 32 of A-Z a-z 0-9 . _ -' }]),
      ...problemAt(
        `${path}.version`,
        earlier.some((other) => other.version === version)
          ? `"${version}" stands twice; a text that changes needs a version of its own`
          : undefined,
      ),
      ...problemAt(
        `${path}.effectiveAt`,
        /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(effectiveAt) && !Number.isNaN(Date.parse(effectiveAt))
          ? undefined
          : `"${effectiveAt}" is not a time like 2026-11-01T00:00:00Z`,
      ),
      ...problemAt(
        `${path}.effectiveAt`,
        previous !== undefined && Date.parse(effectiveAt) <= Date.parse(previous.effectiveAt)
          ? 'is not after that of the version before; put the oldest first'
          : undefined,
      ),
    ]
  }),
  ...problemAt(
    'refreshGraceDays',
    Number.isFinite(checked.refreshGraceDays) && checked.refreshGraceDays >= 0
      ? undefined
      : 'is not a number of days, 0 or more',
  ),
]
