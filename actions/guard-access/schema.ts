import * as s from '../shared/schema.ts'
import { problemAt, type Problem } from '../shared/problem.ts'

export interface GuardAccessSettings {
  /**
   * Connections, by name, whose users need a verified e-mail for every application. The word of an
   * enterprise or custom connection verifies nothing: to name one here keeps its users out, but for
   * those whose primary identity is another one with a verified address.
   */
  readonly verifiedEmailConnections: readonly string[]
  /**
   * Enterprise and custom connections, by name, whose users' e-mail addresses count as verified,
   * whatever `email_verified` says. Of any other such connection not even `true` counts, because
   * whoever runs the identity provider can claim any address.
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

const checkMeaning = (settings: GuardAccessSettings): Problem[] => [
  ...checkNames('verifiedEmailConnections', settings.verifiedEmailConnections),
  ...checkNames('emailTrustedConnections', settings.emailTrustedConnections),
  ...settings.emailTrustedConnections.flatMap((connection, index) =>
    problemAt(
      `emailTrustedConnections[${index}]`,
      settings.verifiedEmailConnections.includes(connection)
        ? `"${connection}" is in verifiedEmailConnections too, where its word must not count; keep it in one of the two`
        : undefined,
    ),
  ),
]

const checkNames = (path: string, connections: readonly string[]): Problem[] =>
  connections.flatMap((connection, index) =>
    problemAt(
      `${path}[${index}]`,
      connection.trim() === '' ? 'is empty; give the name of a connection' : undefined,
    ),
  )

export const checkSettings = s.checkerOf(schema, checkMeaning)
