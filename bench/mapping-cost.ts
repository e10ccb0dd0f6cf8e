import type { Event } from '@auth0/actions-types/post-login/v3'
import type { MapIdpAttributesSettings, Mapping } from '../actions/map-idp-attributes/mapping.ts'
import { createPostLoginApi } from '../local-tenant/api/post-login-api.ts'
import { buildEvent } from '../test-kit/actions/event.ts'
import { loadAction } from '../test-kit/laws/load-action.ts'
import { bundleWithSettings, SETTINGS_MODULE } from '../test-kit/laws/bundle-variant.ts'
import { ENTERPRISE } from './enterprise-sign-in.ts'
import { measureMicroseconds } from './measure.ts'
import { formatNumber, type BenchTable } from './table.ts'

const settingsOf = (mappings: readonly Mapping[]): MapIdpAttributesSettings => ({
  defaults: { mode: 'force', missing: 'keep', unusable: 'delete' },
  limits: { length: 256, elements: 50, bytes: 2048 },
  mappings,
})

/** As many mappings, each of its own attribute to its own place. */
const settingsWithRules = (rules: number): MapIdpAttributesSettings =>
  settingsOf(
    Array.from({ length: rules }, (_, index): Mapping => ({
      when: { strategy: { equals: 'samlp' } },
      from: [{ currentIdentity: [`attribute-${index}`] }, { currentIdentity: [`other-${index}`] }],
      transforms: ['trim', 'lower'],
      as: 'string',
      to: { metadata: 'app_metadata', path: ['idp', `value-${index}`] },
    })),
  )

/** One mapping that turns the few groups of ours among many into roles. */
const SETTINGS_WITH_GROUPS = settingsOf([
  {
    when: { strategy: { equals: 'samlp' } },
    from: [{ currentIdentity: ['groups'] }],
    transforms: [
      { filter: { prefix: 'app-' } },
      { stripPrefix: 'app-' },
      { roles: { admins: ['admin', 'editor'], 'team-*': 'member' } },
    ],
    as: 'strings',
    unusable: 'delete',
    to: { metadata: 'app_metadata', path: ['idp', 'roles'] },
  },
])

const eventWith = (root: object, idp: object): Event => {
  const event = buildEvent(ENTERPRISE)
  return { ...event, user: { ...event.user, ...root, app_metadata: { idp } } }
}

const eventOfRules = (rules: number): Event =>
  eventWith(
    Object.fromEntries(
      Array.from({ length: rules }, (_, index) => [`attribute-${index}`, ` Value ${index} `]),
    ),
    Object.fromEntries(
      Array.from({ length: rules }, (_, index) => [`value-${index}`, `value ${index}`]),
    ),
  )

const eventOfGroups = (groups: number): Event =>
  eventWith(
    {
      groups: Array.from({ length: groups }, (_, index) =>
        index === 0 ? 'app-admins' : index === 1 ? 'app-team-1' : `CN=Group ${index},OU=Example`,
      ),
    },
    { roles: ['admin', 'editor', 'member'] },
  )

export interface MappingCost {
  size: number
  microseconds: number
}

/** What a repeat sign-in costs in the bundle, which finds that nothing has changed. */
const measureSizes = async (
  sizes: readonly number[],
  settingsFor: (size: number) => MapIdpAttributesSettings,
  eventFor: (size: number) => Event,
  budgetCalls: number,
): Promise<MappingCost[]> => {
  const code = await bundleWithSettings('map-idp-attributes')
  const costs: MappingCost[] = []
  for (const size of sizes) {
    const modules = { [SETTINGS_MODULE]: { settings: settingsFor(size) } }
    const handler = loadAction(code, { modules }).onExecutePostLogin
    const event = eventFor(size)
    const run = async (): Promise<void> => {
      const { api, result } = createPostLoginApi(event)
      await handler?.(event, api)
      if (result.commands.length > 0) throw new Error('a repeat sign-in must set nothing')
    }
    const calls = Math.max(5, Math.ceil(budgetCalls / size))
    costs.push({ size, microseconds: await measureMicroseconds(run, { calls, rounds: 7 }) })
  }
  return costs
}

export const measureRules = (sizes = [1, 10, 100, 1000], calls = 60_000): Promise<MappingCost[]> =>
  measureSizes(sizes, settingsWithRules, eventOfRules, calls)

export const measureGroups = (
  sizes = [10, 100, 1000, 10_000],
  calls = 200_000,
): Promise<MappingCost[]> => measureSizes(sizes, () => SETTINGS_WITH_GROUPS, eventOfGroups, calls)

export const renderMappingCost = (what: string, costs: readonly MappingCost[]): BenchTable => ({
  title: `Mapping cost by number of ${what}`,
  columns: [
    what,
    'µs of CPU for each sign-in',
    `ns for each of the ${what}`,
    'factor for ten times as many',
  ],
  rows: costs.map(({ size, microseconds }, index) => {
    const before = costs[index - 1]
    return [
      formatNumber(size),
      formatNumber(microseconds, 1),
      formatNumber((microseconds * 1000) / size),
      before === undefined ? '' : formatNumber(microseconds / before.microseconds, 1),
    ]
  }),
  notes: [describeGrowth(costs)],
})

/** Room for noise, and for the memory that more results take. */
const LINEAR_POWER = 1.2

const describeGrowth = (costs: readonly MappingCost[]): string => {
  const [first, last] = [costs.at(0), costs.at(-1)]
  if (first === undefined || last === undefined) return ''
  const power = Math.log(last.microseconds / first.microseconds) / Math.log(last.size / first.size)
  const verdict = power <= LINEAR_POWER ? 'no worse than about linear' : 'NOT linear'
  return `From ${formatNumber(first.size)} to ${formatNumber(last.size)}, the cost grows with the power ${formatNumber(power, 2)} of the size (1 is linear, 2 is quadratic): ${verdict}.`
}
