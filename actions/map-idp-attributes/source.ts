import { own } from '../shared/json.ts'
import type { Identity, IdpFacts } from './facts.ts'
import type { Path, Source } from './mapping.ts'

/** What a source holds at this sign-in, or why nobody can tell; the codes are logged. */
export interface Found {
  /** `undefined` or `null` when it is not there. */
  readonly value?: unknown
  readonly problem?: SourceProblem
}

/**
 * `identity_unclear`: no identity, or more than one, has the connection used now, or the primary
 * one cannot be told. `attribute_hidden`: `app_metadata` has a key of that name, which an Action
 * sees in its place.
 */
export type SourceProblem = 'identity_unclear' | 'attribute_hidden'

export const readSource = (source: Source, facts: IdpFacts): Found => {
  const { currentIdentity, attribute, identity, connectionMetadata, organizationMetadata } = source
  if (currentIdentity) return readCurrent(facts, currentIdentity)
  if (attribute) return readRoot(facts, attribute)
  if (identity) return readLast(facts, identity)
  if (connectionMetadata) return { value: own(facts.connectionMetadata, connectionMetadata) }
  if (organizationMetadata) return { value: own(facts.organizationMetadata, organizationMetadata) }
  return { value: source.constant }
}

/** What the provider of the identity used now says. */
export const readCurrent = (facts: IdpFacts, path: Path): Found =>
  readIdentity(facts, facts.currentIdentity, path)

/** Where Auth0 keeps what the provider of an identity says. */
const readIdentity = (facts: IdpFacts, identity: Identity | undefined, path: Path): Found => {
  if (identity?.isPrimary === undefined) return { problem: 'identity_unclear' }
  return identity.isPrimary
    ? readRoot(facts, path)
    : { value: readAttribute(identity.profileData, path) }
}

const readRoot = ({ profile, metadata }: IdpFacts, path: Path): Found =>
  own(metadata.app_metadata, path[0]) === undefined
    ? { value: readAttribute(profile, path) }
    : { problem: 'attribute_hidden' }

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

/** Follows a path. A value that is no list is its own first element: providers send either. */
const readAttribute = (holder: unknown, path: Path): unknown =>
  path.reduce((value: unknown, step: string | number): unknown => {
    if (typeof step === 'string') return own(value, step)
    return Array.isArray(value) ? value[step] : step === 0 ? value : undefined
  }, holder)
