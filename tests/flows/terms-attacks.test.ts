import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { answersTo, ATTACKS, documentsOf, signAnswer } from '../../test-kit/flows/terms-attacks.ts'
import {
  codeOf,
  createTermsFlow,
  SECRETS,
  type TermsFlow,
} from '../../test-kit/flows/terms-flow.ts'

let flow: TermsFlow
beforeAll(() => {
  flow = createTermsFlow()
})
afterAll(() => flow.engine.close())

const termsOf = (userId: string): { documents?: Record<string, object> } =>
  (flow.user(userId).app_metadata as { terms?: object }).terms ?? {}

const acceptedBy = (userId: string): string[] =>
  Object.entries(termsOf(userId).documents ?? {})
    .filter(([, state]) => 'accepted_at' in state)
    .map(([id]) => id)

describe('a user comes back from the Terms page with', () => {
  test.each(ATTACKS)('$name: $code, and nothing is accepted', async ({ code, make }) => {
    const userId = flow.addUser()
    const waiting = await flow.sendAway(userId)
    const other = await flow.sendAway(flow.addUser())
    const again = await flow.sendAway(userId)

    const result = await flow.comeBack(waiting, await make(waiting, other, again))
    expect(codeOf(result)).toBe(code)
    expect(acceptedBy(userId)).toEqual([])
    expect(termsOf(userId)).not.toHaveProperty('accepted_at')
    if (code !== 'terms_declined') expect(result.trace.profile_writes).toEqual([])
    expect((await flow.signIn(userId)).kind).toBe('redirected')
  })

  test('the right answer: signed in, and three acceptances on record', async () => {
    const userId = flow.addUser()
    const waiting = await flow.sendAway(userId)
    const result = await flow.comeBack(waiting, { body: await signAnswer(waiting) })
    expect(result.kind).toBe('completed')
    expect(acceptedBy(userId)).toEqual(['terms-of-service', 'privacy-policy', 'product-news'])
    const next = await flow.signIn(userId)
    expect(next).toMatchObject({ kind: 'completed', trace: { profile_writes: [] } })
  })

  test('the right answer in the query, which Auth0 also takes: signed in', async () => {
    const waiting = await flow.sendAway(flow.addUser())
    const result = await flow.comeBack(waiting, { query: await signAnswer(waiting) })
    expect(result.kind).toBe('completed')
  })

  test('the right answer, signed with the previous key: signed in', async () => {
    const waiting = await flow.sendAway(flow.addUser())
    const key = SECRETS.TERMS_TOKEN_SECRET_PREVIOUS
    const body = await signAnswer({ ...waiting, key })
    expect((await flow.comeBack(waiting, { body })).kind).toBe('completed')
  })

  test('a replay after success: terms_answer_invalid, and nothing is accepted', async () => {
    const userId = flow.addUser()
    const waiting = await flow.sendAway(userId)
    const body = await signAnswer(waiting)
    expect((await flow.comeBack(waiting, { body })).kind).toBe('completed')
    // The record is taken away, as by an administrator, so that the user owes everything again.
    delete (flow.user(userId).app_metadata as { terms?: object }).terms
    const again = { ...(await flow.sendAway(userId)), state: waiting.state }
    expect(codeOf(await flow.comeBack(again, { body }))).toBe('terms_answer_invalid')
    expect(acceptedBy(userId)).toEqual([])
  })

  test('a replay after success in the same transaction: terms_answer_invalid', async () => {
    const userId = flow.addUser()
    const waiting = await flow.sendAway(userId)
    const body = await signAnswer(waiting)
    const first = await flow.comeBack(waiting, { body })
    const [action] = first.trace.actions.slice(-1)
    expect(action?.commands).toEqual(
      expect.arrayContaining([
        { name: 'transaction.setMetadata', arguments: ['terms_nonce', null] },
        { name: 'transaction.setMetadata', arguments: ['terms_asked', null] },
      ]),
    )
    const { event } = waiting.suspended
    const after = {
      ...waiting.suspended,
      event: { ...event, transaction: { ...(event['transaction'] as object), metadata: {} } },
    }
    const replayed = await flow.comeBack({ ...waiting, suspended: after }, { body })
    expect(codeOf(replayed)).toBe('terms_answer_invalid')
    expect(replayed.trace.profile_writes).toEqual([])
  })

  test('a refusal of the optional document: signed in, and not asked again', async () => {
    const userId = flow.addUser()
    const waiting = await flow.sendAway(userId)
    const documents = documentsOf(waiting)
    const answers = [
      ...answersTo(documents.slice(0, 2)),
      ...answersTo(documents.slice(2), 'declined'),
    ]
    const body = await signAnswer(waiting, { answers })
    expect((await flow.comeBack(waiting, { body })).kind).toBe('completed')
    expect(termsOf(userId).documents).toMatchObject({
      'product-news': { declined_at: expect.any(String) },
    })
    const next = await flow.signIn(userId)
    expect(next).toMatchObject({ kind: 'completed', trace: { profile_writes: [] } })
  })

  test('two refusals of a required one: both are kept, and each sign-in asks', async () => {
    const userId = flow.addUser()
    for (const kept of [0, 1]) {
      const waiting = await flow.sendAway(userId)
      const [tos, ...rest] = documentsOf(waiting)
      const answers = [...answersTo(tos ? [tos] : [], 'declined'), ...answersTo(rest)]
      const result = await flow.comeBack(waiting, { body: await signAnswer(waiting, { answers }) })
      expect(codeOf(result)).toBe('terms_declined')
      expect(result.trace.profile_writes).toHaveLength(1)
      expect(termsOf(userId)).toMatchObject({
        documents: { 'terms-of-service': { declined_at: expect.any(String) } },
      })
      expect(termsOf(userId)).toEqual(
        kept === 0
          ? expect.not.objectContaining({ history: expect.anything() })
          : expect.objectContaining({
              history: [expect.objectContaining({ version: '2026-11-01' })],
            }),
      )
    }
    const left = await flow.signIn(userId)
    expect(left).toMatchObject({ kind: 'redirected', trace: { profile_writes: [] } })
  })

  test('two sign-ins in two tabs: each answer counts for its own', async () => {
    const userId = flow.addUser()
    const [one, two] = [await flow.sendAway(userId), await flow.sendAway(userId)]
    expect((await flow.comeBack(one, { body: await signAnswer(one) })).kind).toBe('completed')
    expect((await flow.comeBack(two, { body: await signAnswer(two) })).kind).toBe('completed')
    expect(acceptedBy(userId)).toHaveLength(3)
  })
})
