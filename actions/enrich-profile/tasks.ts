import { createHash } from 'node:crypto'
import type { Note } from '../shared/decision.ts'
import { own } from '../shared/json.ts'
import type { MetadataValues, StoredMetadata } from '../shared/metadata.ts'
import { raceAbort } from './race-abort.ts'

export interface TaskFacts {
  readonly userId: string
  readonly metadata: StoredMetadata
}

/**
 * Something that is done once for each user. Answers the `app_metadata` it leaves, `{}` for nothing,
 * or `undefined` when it cannot be done yet; then, and when it throws, it is tried again at the next
 * sign-in. Should the write that records it be lost, it is done again: a task that acts on another
 * system has to bear that.
 */
export type Task = (
  facts: TaskFacts,
  signal: AbortSignal,
) => MetadataValues | undefined | Promise<MetadataValues | undefined>

/** By the name that `settings.tasks` and the flag `app_metadata.tasks.<name>` use. */
export const TASKS = {
  /**
   * The profile points at the customer's record in another system instead of holding it. The id is
   * derived, so that two sign-ins at the same moment assign the same one; an id that another system
   * set stays, of whatever form it is.
   */
  assign_customer_id: ({ userId, metadata }) => {
    const known = own(metadata.app_metadata, 'customer_id') ?? ''
    if (known !== '') return {}
    return {
      customer_id: `cus_${createHash('sha256').update(userId).digest('hex').slice(0, 24)}`,
    }
  },
} as const satisfies Record<string, Task>

/** Keys of `app_metadata` that each task leaves, and places there that it reads beside its own. */
export const TASK_KEYS: Readonly<
  Record<
    keyof typeof TASKS,
    { readonly writes: readonly string[]; readonly reads: readonly string[] }
  >
> = {
  assign_customer_id: { writes: ['customer_id'], reads: [] },
}

export interface DoneTask {
  readonly name: string
  readonly values: MetadataValues
}

/** Those of `names` that have no flag yet. */
export const dueTasks = (names: readonly string[], { metadata }: TaskFacts): string[] => {
  const flags = own(metadata.app_metadata, 'tasks')
  return names.filter((name) => own(flags, name) === undefined)
}

/** Does all tasks at the same time. One that fails or is late is logged and does not stop the rest. */
export const runTasks = async (
  names: readonly string[],
  facts: TaskFacts,
  signal: AbortSignal,
  tasks: Readonly<Record<string, Task>> = TASKS,
): Promise<{ done: DoneTask[]; notes: Note[] }> => {
  const done: DoneTask[] = []
  const notes: Note[] = []
  const run = async (name: string): Promise<void> => {
    try {
      const values = await raceAbort(async () => tasks[name]?.(facts, signal), signal)
      if (values !== undefined) done.push({ name, values })
    } catch {
      notes.push({ code: 'task_failed', target: name })
    }
  }
  await Promise.all(names.map(run))
  return { done, notes }
}
