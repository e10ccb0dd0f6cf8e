import { describe, expect, test } from '@jest/globals'
import { measureLaws } from '../../bench/law-speed.ts'
import { measureGroups, measureRules, renderMappingCost } from '../../bench/mapping-cost.ts'
import { countRepeats, VARIANTS, type Variant } from '../../bench/profile-writes.ts'
import { measureActions, measureFlows } from '../../bench/run-time.ts'
import { renderTable } from '../../bench/table.ts'
import { ACTION_NAMES } from '../../test-kit/fixture-project.ts'

const SIGN_INS = 30
const CHANGES = 3

describe('in many repeat sign-ins', () => {
  const expected: Record<Variant, { setCalls: number; profileWrites: number; missed: number }> = {
    ours: { setCalls: 0, profileWrites: 0, missed: 0 },
    naive: { setCalls: 3 * SIGN_INS, profileWrites: SIGN_INS, missed: 0 },
    // It takes `false` for nothing, each time.
    'exists-check': { setCalls: SIGN_INS, profileWrites: 0, missed: 0 },
  }
  test.each(VARIANTS)('%s: as many calls and writes as the README says', async (variant) => {
    expect(await countRepeats(variant, SIGN_INS, 0)).toMatchObject(expected[variant])
  })

  test.each([
    ['ours', CHANGES, 0],
    ['naive', SIGN_INS, 0],
    ['exists-check', 0, CHANGES],
  ] as const)(
    '%s: writes when the provider says something new %i times, and misses %i changes',
    async (variant, profileWrites, missed) => {
      expect(await countRepeats(variant, SIGN_INS, CHANGES)).toMatchObject({
        profileWrites,
        missed,
      })
    },
  )
})

describe('the bench', () => {
  const effort = { calls: 2, rounds: 1 }

  test('measures each Action and whole flows', async () => {
    const actions = await measureActions(1, effort)
    expect(actions.rows.map(([name]) => name)).toEqual([...ACTION_NAMES])
    expect(JSON.stringify(actions.rows)).not.toContain('NaN')
    expect((await measureFlows(effort)).rows).toHaveLength(2)
  })

  test('measures what rules and groups cost, in sign-ins that set nothing', async () => {
    const table = renderMappingCost('rules', await measureRules([1, 10], 10))
    expect(table.rows.map(([size]) => size)).toEqual(['1', '10'])
    expect(table.notes).toEqual([expect.stringContaining('linear')])
    expect(await measureGroups([10, 100], 10)).toHaveLength(2)
  })

  test('counts the runs of laws', async () => {
    expect((await measureLaws(3, 1)).rows[0]?.[1]).toMatch(/^[\d,]+$/)
  })

  test('prints Markdown', () => {
    expect(renderTable({ title: 'T', columns: ['a', 'b'], rows: [['x', '1']], notes: ['n'] })).toBe(
      '### T\n\n| a | b |\n| --- | ---: |\n| x | 1 |\n\n- n',
    )
  })
})
