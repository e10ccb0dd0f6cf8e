import type { BoundAction } from '../local-tenant/runtime/flow.ts'
import { buildEvent } from '../test-kit/actions/event.ts'
import { createBundleLoader, createInProcessEngine } from '../test-kit/laws/in-process-engine.ts'
import { boundActions, createLawTenant, metadataCalls } from '../test-kit/laws/law-tenant.ts'
import { bundleFile } from '../test-kit/laws/bundle-variant.ts'
import { ENTERPRISE } from './enterprise-sign-in.ts'
import { formatNumber, type BenchTable } from './table.ts'

/** What a chain did in many sign-ins of one user, after the first one. */
export interface RepeatCounts {
  signIns: number
  /** Calls of `setAppMetadata` and `setUserMetadata`. */
  setCalls: number
  profileWrites: number
  /** Changes at the provider, and how many of them the profile never showed. */
  changes: number
  missed: number
}

const DEPARTMENT = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/department'

export const VARIANTS = ['ours', 'naive', 'exists-check'] as const
export type Variant = (typeof VARIANTS)[number]

const actionsOf = async (variant: Variant): Promise<BoundAction[]> =>
  variant === 'ours'
    ? boundActions().map((action) =>
        // No customer service: nobody is asked over the network.
        action.name === 'enrich-profile' ? { ...action, secrets: {} } : action,
      )
    : [
        {
          versionId: variant,
          name: variant,
          code: await bundleFile(`test-kit/laws/variants/${variant}.ts`),
          secrets: {},
          dependencies: [],
        },
      ]

/**
 * A user of an enterprise connection who does not want the newsletter. The provider names the groups
 * in another order each time, as directories do, and changes them `changes` times.
 */
export const countRepeats = async (
  variant: Variant,
  signIns: number,
  changes: number,
): Promise<RepeatCounts> => {
  const { user, ...event } = buildEvent(ENTERPRISE)
  const tenant = createLawTenant({
    actions: await actionsOf(variant),
    user: { ...user, user_metadata: { newsletter: 'false' } },
    now: Date.now,
    engineFor: (profiles) =>
      createInProcessEngine({ profiles, now: Date.now, load: createBundleLoader() }),
  })
  const answers = { required: 'accepted', coming: 'accepted', optional: 'accepted' } as const
  const signIn = (at: number, team: number) =>
    tenant.signIn(
      { ...event },
      { [DEPARTMENT]: 'Sales', groups: rotated(['staff', 'sales', `team-${team}`], at) },
      answers,
    )
  const shown = (): string => JSON.stringify(tenant.metadata().app_metadata)

  await signIn(0, 0)
  const before = tenant.writes()
  const counts = { signIns, setCalls: 0, changes, missed: 0 }
  let team = 0
  for (let at = 1; at <= signIns; at += 1) {
    const next = Math.floor((at * changes) / signIns)
    const { last } = await signIn(at, next)
    counts.setCalls += metadataCalls(last.trace).length
    if (last.kind !== 'completed') throw new Error(`${variant}: ${last.kind}`)
    if (next !== team && !shown().includes(`"team-${next}"`)) counts.missed += 1
    team = next
  }
  return { ...counts, profileWrites: tenant.writes() - before }
}

const rotated = <Item>(items: readonly Item[], by: number): Item[] => {
  const at = by % items.length
  return [...items.slice(at), ...items.slice(0, at)]
}

export const measureProfileWrites = async (signIns = 1000): Promise<BenchTable> => {
  const changes = signIns / 100
  const rows: string[][] = []
  for (const variant of VARIANTS) {
    const same = await countRepeats(variant, signIns, 0)
    const changing = await countRepeats(variant, signIns, changes)
    rows.push([
      variant === 'ours' ? 'our five Actions' : `${variant} (\`test-kit/laws/variants/\`)`,
      formatNumber(same.setCalls),
      formatNumber(same.profileWrites),
      formatNumber(changing.profileWrites),
      formatNumber(changing.missed),
    ])
  }
  return {
    title: `Profile writes in ${formatNumber(signIns)} repeat sign-ins`,
    columns: [
      'variant',
      'set calls, nothing new',
      'profile writes, nothing new',
      `profile writes, ${changes} changes`,
      'changes missed',
    ],
    rows,
    notes: [
      'The provider names the groups in another order each time; the user declined the newsletter (`false`).',
      'A write is counted as Auth0 documents it: none for an equal value, always one for `null`.',
    ],
  }
}
