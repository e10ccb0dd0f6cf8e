import type { ActionContent, DeployedVersion, TenantBinding } from './tenant.ts'

/** What identifies a version among those of its Action. */
export type VersionFacts = Pick<DeployedVersion, 'id' | 'number' | 'createdAt' | 'secretsSetAt'>

/** What a run did to one Action. */
export interface DoneAction {
  name: string
  id: string
  /** This run created it. */
  created: boolean
  /** The draft that was overwritten; absent when there was no Action. */
  draftBefore?: ActionContent
  /** What was live before. */
  before?: VersionFacts
  /** What this run put live; absent as long as only the draft is written. */
  made?: VersionFacts & {
    /**
     * The answer to our deploy was lost, and a version like ours is live. It may also be one that
     * another run made of the same code at that moment.
     */
    maybeOthers: boolean
  }
}

/** A trigger's list as it was read and, one request later, replaced. */
export interface DoneBindings {
  trigger: string
  before: TenantBinding[]
  after: TenantBinding[]
}

/** All that a run wrote to the tenant so far. */
export interface Done {
  actions: DoneAction[]
  bindings: DoneBindings[]
  /** Names of the Actions that were deleted. */
  deleted: string[]
}

export const nothingDone = (): Done => ({ actions: [], bindings: [], deleted: [] })

export const factsOf = ({
  id,
  number,
  createdAt,
  secretsSetAt,
}: DeployedVersion): VersionFacts => ({
  id,
  number,
  createdAt,
  secretsSetAt,
})

/** What was written, a sentence each; for a run that ends in the middle. */
export const describeDone = ({ actions, bindings, deleted }: Done): string[] => [
  ...actions.map(({ name, created, made }) =>
    made !== undefined
      ? `${name}: version ${made.number} put live`
      : `${name}: ${created ? 'created, not deployed' : 'draft written, not deployed'}`,
  ),
  ...bindings.map(({ trigger }) => `${trigger} bound`),
  ...deleted.map((name) => `${name} deleted`),
]
