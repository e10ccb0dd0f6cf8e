import { beforeAll, describe, expect, test } from '@jest/globals'
import { bundleFile } from '../../test-kit/laws/bundle-variant.ts'
import { CHAIN_LAWS } from '../../test-kit/laws/chain-laws.ts'
import { FIXTURE_SUBJECT, MANIFESTS } from '../../test-kit/laws/fixture-subject.ts'
import { boundActions } from '../../test-kit/laws/law-tenant.ts'
import { LAW_RUNS, LAW_TIMEOUT_MS, sayRuns, SEED } from '../../test-kit/laws/runs.ts'
import { createWorldLoader, findBrokenLaws, signInTwice } from '../../test-kit/laws/sweep.ts'

describe('laws of the five bundles', () => {
  let broken = new Map<string, string>()

  beforeAll(async () => {
    sayRuns('Laws of the chain')
    const actions = boundActions()
    const load = createWorldLoader()
    broken = await findBrokenLaws(CHAIN_LAWS, FIXTURE_SUBJECT, LAW_RUNS, (drawn) =>
      signInTwice(drawn, actions, load),
    )
  }, LAW_TIMEOUT_MS)

  test.each([...CHAIN_LAWS.keys()])('%s', (name) => {
    expect(broken.get(name) ?? 'holds').toBe('holds')
  })

  test('every drawn sign-in ends', () => {
    expect([...broken.keys()].filter((name) => !CHAIN_LAWS.has(name))).toEqual([])
  })

  test.each(['naive', 'exists-check'])(
    'are broken by the usual alternative: a second sign-in sets something in the %s variant',
    async (variant) => {
      const code = await bundleFile(`test-kit/laws/variants/${variant}.ts`)
      const actions = boundActions({ 'map-idp-attributes': code })
      const load = createWorldLoader()
      const [name = '', law = () => undefined] = [...CHAIN_LAWS][0] ?? []
      const reports = await findBrokenLaws(
        new Map([[name, law]]),
        FIXTURE_SUBJECT,
        { numRuns: 100, seed: SEED },
        (drawn) => signInTwice(drawn, actions, load),
      )
      expect([...reports.keys()]).toEqual([name])
    },
    LAW_TIMEOUT_MS,
  )

  test('no key is in the manifests of two Actions', () => {
    const targets = Object.values(MANIFESTS).flatMap(({ writes }) => writes)
    expect(new Set(targets).size).toBe(targets.length)
  })
})
