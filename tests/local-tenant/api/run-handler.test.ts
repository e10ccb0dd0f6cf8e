import { describe, expect, test } from '@jest/globals'
import type { Event, PostLoginAPI } from '@auth0/actions-types/post-login/v3'
import { runHandler } from '../../../local-tenant/api/run-handler.ts'
import { buildEvent } from '../../../test-kit/actions/event.ts'

type Handler = (event: Event, api: PostLoginAPI) => Promise<void>

describe('running one handler', () => {
  test('says what the user looks like afterwards, and leaves the given event alone', async () => {
    const event = buildEvent({ user: { app_metadata: { plan: 'gold', old: 1 } } })
    const run = await runHandler(async (_event, api) => {
      api.user.setAppMetadata('terms', { version: '2' }).user.setAppMetadata('old', null)
      api.user.setUserMetadata('lang', 'de')
    }, event)
    expect(run.outcome).toBe('completed')
    expect(run.state.user.app_metadata).toEqual({ plan: 'gold', terms: { version: '2' } })
    expect(run.state.user.user_metadata).toEqual({ lang: 'de' })
    expect(run.state.user['terms']).toEqual({ version: '2' })
    expect(run.profileWrite).toEqual({
      app_metadata: { terms: { version: '2' }, old: null },
      user_metadata: { lang: 'de' },
    })
    expect(event).toEqual(buildEvent({ user: { app_metadata: { plan: 'gold', old: 1 } } }))
  })

  const asking = (value: unknown): Handler => {
    return async (_event, api) => void api.user.setAppMetadata('plan', value as string)
  }

  test.each([
    ['the stored value', 'gold', undefined],
    ['another value', 'silver', { app_metadata: { plan: 'silver' } }],
    ['null', null, { app_metadata: { plan: null } }],
  ])('plans a profile write for %s: %j gives %j', async (_name, value, write) => {
    const run = await runHandler(
      asking(value),
      buildEvent({ user: { app_metadata: { plan: 'gold' } } }),
    )
    expect(run.profileWrite).toEqual(write)
  })

  test('fails the sign-in when metadata is set to undefined', async () => {
    const run = await runHandler(asking(undefined), buildEvent())
    expect(run.outcome).toBe('failed')
    expect(run.reason).toContain('Payload validation error')
    expect(run.profileWrite).toBeUndefined()
    expect(run.error).toBeUndefined()
  })

  test('keeps metadata changes on a denial', async () => {
    const run = await runHandler(async (_event, api) => {
      api.user.setAppMetadata('seen', true)
      api.access.deny('no entry')
    }, buildEvent())
    expect(run).toMatchObject({ outcome: 'denied', reason: 'no entry' })
    expect(run.state.user.app_metadata).toEqual({ seen: true })
  })

  test('discards metadata changes on a throw, and hands out the error', async () => {
    const run = await runHandler(async (_event, api) => {
      api.user.setAppMetadata('seen', true)
      throw new RangeError('out of range')
    }, buildEvent())
    expect(run).toMatchObject({ outcome: 'failed', reason: 'out of range' })
    expect(run.error).toBeInstanceOf(RangeError)
    expect(run.state.user.app_metadata).toEqual({})
  })

  test.each<[string, (event: Event) => void]>([
    ['user', (event) => (event.user.email = 'x')],
    ['metadata', (event) => (event.user.app_metadata['x'] = 1)],
    ['an identity', (event) => event.user.identities.pop()],
    ['transaction', (event) => Object.assign(event.transaction ?? {}, { protocol: 'samlp' })],
    ['the event', (event) => Object.assign(event, { user: {} })],
    ['a new member', (event) => Object.assign(event, { own: 1 })],
  ])('fails a handler that writes to the event: %s', async (_name, write) => {
    const run = await runHandler(async (event) => write(event), buildEvent())
    expect(run.error).toBeInstanceOf(TypeError)
  })

  test.each<[string, Parameters<typeof buildEvent>[0]]>([
    ['with a transaction', {}],
    ['without a transaction', { transaction: undefined }],
  ])('lets transaction metadata be read back at once, %s', async (_name, overrides) => {
    const run = await runHandler(async (event, api) => {
      api.transaction.setMetadata('nonce', 'n1')
      api.transaction.setMetadata('count', 2)
      console.log(JSON.stringify(event.transaction?.metadata))
    }, buildEvent(overrides))
    expect(run.error).toBeUndefined()
    expect(run.logs).toEqual([{ level: 'log', message: '{"nonce":"n1","count":2}' }])
  })

  test('keeps the console lines of two runs apart and gives the console back', async () => {
    const own = console.log
    const speaking =
      (name: string): Handler =>
      async () => {
        for (let turn = 0; turn < 3; turn += 1) {
          console.log(`${name}${turn}`)
          await Promise.resolve()
        }
      }
    const [a, b] = await Promise.all([
      runHandler(speaking('a'), buildEvent()),
      runHandler(speaking('b'), buildEvent()),
    ])
    expect(a.logs.map(({ message }) => message)).toEqual(['a0', 'a1', 'a2'])
    expect(b.logs.map(({ message }) => message)).toEqual(['b0', 'b1', 'b2'])
    expect(console.log).toBe(own)
  })

  test('cuts the console output at 256 characters per run', async () => {
    const run = await runHandler(async () => {
      console.warn('a'.repeat(200))
      console.error('b'.repeat(200))
      console.info('c')
    }, buildEvent())
    expect(run.logs).toEqual([
      { level: 'warn', message: 'a'.repeat(200) },
      { level: 'error', message: 'b'.repeat(56) },
    ])
  })
})
