import { allow, type Decision } from '../shared/decision.ts'
import { readPath, type JsonValue } from '../shared/json.ts'
import type { StoredMetadata } from '../shared/metadata.ts'
import type { AddClaimsSettings, ClaimSetting } from './settings.ts'

export interface ClaimFacts {
  readonly clientId: string
  /** Scopes the application asked for. */
  readonly scopes: readonly string[]
  readonly metadata: StoredMetadata
}

export const decideClaims = (facts: ClaimFacts, settings: AddClaimsSettings): Decision =>
  allow({
    claims: settings.claims
      .filter((setting) => isFor(setting, facts))
      .flatMap(({ claim, from, tokens }) => {
        const value = readPath(facts.metadata[from.metadata], from.path)
        if (value === undefined || value === null) return []
        return tokens.map((token) => ({ token, name: claim, value: value as JsonValue }))
      }),
  })

const isFor = ({ scope, clients }: ClaimSetting, facts: ClaimFacts): boolean =>
  (scope === undefined || facts.scopes.includes(scope)) &&
  (clients === undefined || clients.includes(facts.clientId))
