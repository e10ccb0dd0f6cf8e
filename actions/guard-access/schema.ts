import {
  checkPatternSum,
  checkWhen,
  checkWitnesses,
  patternsIn,
  restsOn,
  when,
} from '../shared/check-when.ts'
import * as s from '../shared/schema.ts'
import { problemAt, type Problem } from '../shared/problem.ts'
import { boundsOf, type RestsOn, type When } from '../shared/when.ts'

export interface GuardAccessSettings {
  /**
   * Sign-ins that need a verified e-mail, whatever the application. It is asked of the connection
   * used now and of the primary identity's, whose address it is. The word of an enterprise or custom
   * connection verifies nothing: to name one here keeps its users out, but for those whose primary
   * identity is another one with a verified address. Default: none.
   */
  readonly verifiedEmailWhen?: When
  /** Why a word that is not yours may decide who needs none. */
  readonly restsOn?: RestsOn
  /**
   * Enterprise and custom connections, by name, whose users' e-mail addresses count as verified,
   * whatever `email_verified` says. Of any other such connection not even `true` counts, because
   * whoever runs the identity provider can claim any address.
   */
  readonly emailTrustedConnections: readonly string[]
}

const schema = s.object<GuardAccessSettings>(
  {
    verifiedEmailWhen: s.optional(when),
    restsOn: s.optional(restsOn),
    emailTrustedConnections: s.list(s.string),
  },
  {
    verifiedEmailStrategies:
      'require_verified_email holds for every strategy; remove this, and name connections whose word on an address counts in emailTrustedConnections',
    verifiedEmailConnections: (names) =>
      Array.isArray(names) && names.length > 0
        ? `write verifiedEmailWhen: ${s.written({ connection: { oneOf: names } })}`
        : 'take it out',
  },
)

const checkMeaning = (settings: GuardAccessSettings): Problem[] => {
  const { verifiedEmailWhen: condition = {}, restsOn = {}, emailTrustedConnections } = settings
  const unverified = boundsOf(condition, 'connection') ?? []
  return [
    ...checkWhen('verifiedEmailWhen', condition),
    ...checkPatternSum('verifiedEmailWhen', patternsIn(condition)),
    ...checkWitnesses('restsOn', condition, restsOn),
    ...emailTrustedConnections.flatMap((connection, index) =>
      problemAt(
        `emailTrustedConnections[${index}]`,
        connection.trim() === ''
          ? 'is empty; give the name of a connection'
          : unverified.includes(connection)
            ? `"${connection}" is in verifiedEmailWhen too, where its word must not count; keep it in one of the two`
            : undefined,
      ),
    ),
  ]
}

export const checkSettings = s.checkerOf(schema, checkMeaning)
