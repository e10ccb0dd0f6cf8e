import { beforeAll, describe, expect, test } from '@jest/globals'
import { MANIFESTS } from './arbitraries.ts'
import { CHAIN_LAWS } from './chain-laws.ts'
import { boundActions } from './law-tenant.ts'
import { LAW_RUNS, LAW_TIMEOUT_MS, sayRuns } from './runs.ts'
import { createWorldLoader, findBrokenLaws, signInTwice } from './sweep.ts'

describe('laws of the five bundles', () => {
  let broken = new Map<string, string>()

  beforeAll(async () => {
    sayRuns('Laws of the chain')
    const actions = boundActions()
    const load = createWorldLoader()
    broken = await findBrokenLaws(CHAIN_LAWS, LAW_RUNS, (drawn) =>
      signInTwice(drawn, actions, load),
    )
  }, LAW_TIMEOUT_MS)

  test.each([...CHAIN_LAWS.keys()])('%s', (name) => {
    expect(broken.get(name) ?? 'holds').toBe('holds')
  })

  test('every drawn sign-in ends', () => {
    expect([...broken.keys()].filter((name) => !CHAIN_LAWS.has(name))).toEqual([])
  })

  test('no key is in the manifests of two Actions', () => {
    const targets = Object.values(MANIFESTS).flatMap(({ writes }) => writes)
    expect(new Set(targets).size).toBe(targets.length)
  })
})
