import { own } from '../shared/json.ts'
import type { IdpFacts } from './facts.ts'
import type { Path, Source } from './mapping.ts'

/** What a source holds at this sign-in; `undefined` or `null` when it is not there. */
export const readSource = (source: Source, facts: IdpFacts): unknown => {
  const { attribute, profileData, identity, connectionMetadata, organizationMetadata } = source
  if (attribute) return readAttribute(facts.profile, attribute)
  if (profileData) {
    return readLinked(facts, { connection: facts.connection, path: profileData })
  }
  if (identity) return readLinked(facts, identity)
  if (connectionMetadata) return own(facts.connectionMetadata, connectionMetadata)
  if (organizationMetadata) return own(facts.organizationMetadata, organizationMetadata)
  return source.constant
}

/** Follows a path. A value that is no list is its own first element: providers send either. */
export const readAttribute = (profile: unknown, path: Path): unknown =>
  path.reduce((value: unknown, step: string | number): unknown => {
    if (typeof step === 'string') return own(value, step)
    return Array.isArray(value) ? value[step] : step === 0 ? value : undefined
  }, profile)

const readLinked = (
  { profile }: IdpFacts,
  { path, ...wanted }: NonNullable<Source['identity']>,
): unknown => {
  const identities = own(profile, 'identities')
  return (Array.isArray(identities) ? identities : [])
    .filter((identity) => Object.entries(wanted).every(([name, is]) => own(identity, name) === is))
    .map((identity) => readAttribute(own(identity, 'profileData'), path))
    .find((value) => value !== undefined && value !== null)
}
