import type { Manifest } from '../shared/manifest.ts'
import { checkStrategy, problemAt, type SettingsProblem } from '../shared/settings-problem.ts'

export interface GuardAccessSettings {
  /**
   * Strategies whose users are held to a verified e-mail where the application asks for it by
   * client metadata `require_verified_email`; elsewhere the identity provider answers for it.
   */
  readonly verifiedEmailStrategies: readonly string[]
  /** Connections, by name, whose users need a verified e-mail for every application. */
  readonly verifiedEmailConnections: readonly string[]
}

export const settings: GuardAccessSettings = {
  verifiedEmailStrategies: ['auth0'],
  verifiedEmailConnections: [],
}

export const manifest = {
  writes: [],
  secrets: [],
  fails: 'closed',
} as const satisfies Manifest

export const checkSettings = (checked: GuardAccessSettings = settings): SettingsProblem[] => [
  ...checked.verifiedEmailStrategies.flatMap((strategy, index) =>
    checkStrategy(`verifiedEmailStrategies[${index}]`, strategy),
  ),
  ...checked.verifiedEmailConnections.flatMap((connection, index) =>
    problemAt(
      `verifiedEmailConnections[${index}]`,
      connection.trim() === '' ? 'is empty; give the name of a connection' : undefined,
    ),
  ),
]
