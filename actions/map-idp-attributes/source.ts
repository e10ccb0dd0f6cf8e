import { own } from '../shared/json.ts'
import { readCurrent, readIdentity, readRoot, type Found } from '../shared/sign-in.ts'
import type { IdpFacts } from './facts.ts'
import type { Source } from './mapping.ts'

export const readSource = (source: Source, facts: IdpFacts): Found => {
  const { currentIdentity, attribute, identity, connectionMetadata, organizationMetadata } = source
  if (currentIdentity) return readCurrent(facts, currentIdentity)
  if (attribute) return readRoot(facts, attribute)
  if (identity) return readLast(facts, identity)
  if (connectionMetadata) return { value: own(facts.connectionMetadata, connectionMetadata) }
  if (organizationMetadata) return { value: own(facts.organizationMetadata, organizationMetadata) }
  return { value: source.constant }
}

const readLast = (
  facts: IdpFacts,
  { connection, provider, path }: NonNullable<Source['identity']>,
): Found => {
  const found = facts.identities
    .filter((identity) =>
      connection === undefined
        ? identity.provider === provider
        : identity.connection === connection,
    )
    .map((identity) => readIdentity(facts, identity, path))
  return found.find(({ value, problem }) => problem || (value ?? undefined) !== undefined) ?? {}
}
