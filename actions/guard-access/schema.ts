import * as s from '../shared/schema.ts'
import { problemAt, type SettingsProblem } from '../shared/settings-problem.ts'

export interface GuardAccessSettings {
  /** Connections, by name, whose users need a verified e-mail for every application. */
  readonly verifiedEmailConnections: readonly string[]
  /**
   * Connections, by name, whose word on an e-mail address counts as verification. Auth0 says
   * `email_verified: false` where an enterprise identity provider says nothing about it. Whoever runs
   * such an identity provider can claim any address.
   */
  readonly emailTrustedConnections: readonly string[]
}

const schema = s.object<GuardAccessSettings>(
  { verifiedEmailConnections: s.list(s.text), emailTrustedConnections: s.list(s.text) },
  {
    verifiedEmailStrategies:
      'require_verified_email holds for every strategy; remove this, and name connections whose word on an address counts in emailTrustedConnections',
  },
)

const checkMeaning = (settings: GuardAccessSettings): SettingsProblem[] => [
  ...checkNames('verifiedEmailConnections', settings.verifiedEmailConnections),
  ...checkNames('emailTrustedConnections', settings.emailTrustedConnections),
  ...settings.emailTrustedConnections.flatMap((connection, index) =>
    problemAt(
      `emailTrustedConnections[${index}]`,
      settings.verifiedEmailConnections.includes(connection)
        ? `"${connection}" is in verifiedEmailConnections too, where nothing but a verified e-mail counts; keep it in one of the two`
        : undefined,
    ),
  ),
]

const checkNames = (path: string, connections: readonly string[]): SettingsProblem[] =>
  connections.flatMap((connection, index) =>
    problemAt(
      `${path}[${index}]`,
      connection.trim() === '' ? 'is empty; give the name of a connection' : undefined,
    ),
  )

export const checkSettings = s.checkerOf(schema, checkMeaning)
