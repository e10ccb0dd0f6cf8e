import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { decodeJwt } from 'jose'
import { Agent, fetch } from 'undici'
import { createHeadlessBrowser } from '../../playground/sign-in/headless-browser.ts'
import type { LocalFetch } from '../../playground/local-fetch.ts'
import { people } from '../../playground/seed/people.ts'
import { walkSignIn } from '../../playground/sign-in/walk-sign-in.ts'
import { NEWS, POLICY, SOON, TERMS } from '../../test-kit/portal/page-states.ts'
import { startPortalWorld, type PortalWorld } from '../../test-kit/portal/portal-world.ts'

let world: PortalWorld
const dispatcher = new Agent({ connect: { rejectUnauthorized: false } })
const fetchLocally: LocalFetch = async (url, init) => {
  const options = { ...init, dispatcher } as Parameters<typeof fetch>[1]
  const answer: unknown = await fetch(url, options)
  return answer as Response
}

beforeAll(async () => {
  world = await startPortalWorld()
})
afterAll(() => Promise.all([world.close(), dispatcher.close()]))

const LATER = { ...POLICY, effective_at: SOON }

test.each([
  ['accept', [TERMS], ['accepted']],
  ['decline', [TERMS], ['declined']],
  ['accept', [TERMS, LATER, NEWS], ['accepted', 'accepted', 'accepted']],
  ['decline', [TERMS, LATER, NEWS], ['declined', 'deferred', 'declined']],
  ['accept', [{ ...TERMS, view: 'scroll' }, NEWS], ['accepted', 'accepted']],
  ['decline', [{ ...TERMS, view: 'open' }], ['declined']],
] as const)('npm run sign-in -- --terms %s answers %j with %j', async (terms, documents, given) => {
  const browser = createHeadlessBrowser({
    fetch: fetchLocally,
    stopAt: [`https://${world.loginHost}/continue`],
  })
  const [person] = people
  if (person === undefined) throw new Error('nobody is seeded')
  const link = new URL(await world.linkTo({ documents }))
  const walk = await walkSignIn(browser, link, person, terms)
  expect(walk.stuck).toBeUndefined()
  const { answers } = decodeJwt<{ answers: { answer: string }[] }>(
    browser.page.posted?.['session_token'] ?? '',
  )
  expect(answers.map(({ answer }) => answer)).toEqual(given)
})
