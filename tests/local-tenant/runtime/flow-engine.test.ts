import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { createFlowEngine } from '../../../local-tenant/runtime/flow-engine.ts'
import type {
  BoundAction,
  FlowCompleted,
  FlowDenied,
  FlowEngine,
  FlowRedirected,
  FlowResult,
} from '../../../local-tenant/runtime/flow.ts'
import {
  action,
  eventData,
  executing,
  handler,
  memoryProfiles,
  type MemoryProfiles,
} from '../../../test-kit/local-tenant/runtime.ts'

const NOW = Date.UTC(2026, 10, 20, 9)

let profiles: MemoryProfiles
let engine: FlowEngine

beforeEach(() => {
  profiles = memoryProfiles({
    app_metadata: { plan: 'gold', terms: { version: '1' } },
    user_metadata: { lang: 'de' },
    groups: ['from the identity provider'],
  })
  engine = createFlowEngine({ profiles, now: () => NOW })
})
afterEach(() => engine.close())

const start = (...actions: BoundAction[]): Promise<FlowResult> =>
  engine.start(actions, eventData(profiles))

const completed = (result: FlowResult): FlowCompleted => {
  expect(result).toMatchObject({ kind: 'completed', trace: { outcome: 'completed' } })
  return result as FlowCompleted
}
const redirected = (result: FlowResult): FlowRedirected => {
  expect(result).toMatchObject({ kind: 'redirected', trace: { outcome: 'redirected' } })
  return result as FlowRedirected
}
const denied = (result: FlowResult): FlowDenied => {
  expect(result).toMatchObject({ kind: 'denied' })
  return result as FlowDenied
}

/** Says what it sees as a claim. */
const seeing = (expression: string): BoundAction =>
  executing('see', `api.idToken.setCustomClaim('seen', ${expression})`)

describe('a flow', () => {
  test('without Actions completes and writes nothing', async () => {
    const result = completed(await start())
    expect(result).toMatchObject({ idTokenClaims: {}, accessTokenClaims: {}, addedScopes: [] })
    expect(profiles.writes).toEqual([])
  })

  test('runs its Actions in order and adds up what they ask for', async () => {
    const result = completed(
      await start(
        executing(
          'one',
          `api.idToken.setCustomClaim('a', 1); api.idToken.setCustomClaim('b', 1)
           api.accessToken.addScope('read:a'); api.accessToken.removeScope('email')`,
        ),
        executing(
          'two',
          `api.idToken.setCustomClaim('b', 2); api.accessToken.setCustomClaim('c', 3)
           api.accessToken.removeScope('read:a'); api.accessToken.addScope('read:b')
           api.samlResponse.setAttribute('x', 'y')`,
        ),
      ),
    )
    expect(result).toMatchObject({
      idTokenClaims: { a: 1, b: 2 },
      accessTokenClaims: { c: 3 },
      addedScopes: ['read:b'],
      removedScopes: ['email', 'read:a'],
      samlAttributes: { x: 'y' },
    })
    expect(result.trace.actions.map(({ action }) => action)).toEqual(['one', 'two'])
  })

  test('fails when the claims of a token exceed 100 kB', async () => {
    const big = `api.user.setAppMetadata('x', 1); api.idToken.setCustomClaim('x', 'a'.repeat(103000))`
    const result = denied(await start(executing('big', big)))
    expect(result.reason).toBe('The custom claims of a token exceed 100 kB.')
    expect(result.trace).toMatchObject({ outcome: 'failed', reason: result.reason })
    expect(profiles.writes).toEqual([])
  })

  test('gives each Action its own secrets only', async () => {
    const keys = `console.log(Object.keys(event.secrets).join())`
    const result = await start(
      executing('one', keys, { secrets: { KEY_OF_ONE: 'x' } }),
      executing('two', keys, { secrets: { KEY_OF_TWO: 'x' } }),
    )
    expect(result.trace.actions.map(({ logs }) => logs[0]?.message)).toEqual([
      'KEY_OF_ONE',
      'KEY_OF_TWO',
    ])
  })

  test('does not let an Action change the event of the next one', async () => {
    const result = completed(
      await start(
        executing('one', `event.user.email = 'changed'; event.own = 1`),
        seeing(`[event.user.email, event.own ?? null]`),
      ),
    )
    expect(result.idTokenClaims['seen']).toEqual(['ada@example.com', null])
  })

  test('uses the clock it was given', async () => {
    const body = `api.idToken.setCustomClaim('token', api.redirect.encodeToken({ secret: 's', payload: {} }))`
    const result = completed(await start(executing('one', body)))
    const [, payload = ''] = String(result.idTokenClaims['token']).split('.')
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as { iat: number }
    expect(claims.iat - NOW / 1000).toBeLessThan(5)
    expect(claims.iat).toBeGreaterThanOrEqual(NOW / 1000)
    expect(result.trace.started_at).toBe('2026-11-20T09:00:00.000Z')
  })
})

describe('metadata', () => {
  test('of all Actions becomes one write at the end', async () => {
    const result = completed(
      await start(
        executing('one', `api.user.setAppMetadata('plan', 'silver')`),
        executing(
          'two',
          `api.user.setAppMetadata('plan', 'bronze'); api.user.setUserMetadata('zone', 'CET')`,
        ),
      ),
    )
    const changes = { app_metadata: { plan: 'bronze' }, user_metadata: { zone: 'CET' } }
    expect(profiles.writes).toEqual([changes])
    expect(result.trace.profile_writes).toEqual([{ at: 'end', ...changes }])
  })

  test.each([
    ['a value equal to the stored one', `'plan', 'gold'`, []],
    ['an object equal to the stored one', `'terms', { version: '1' }`, []],
    ['null for a key that is there', `'plan', null`, [{ app_metadata: { plan: null } }]],
    ['null for a key that is not there', `'none', null`, [{ app_metadata: { none: null } }]],
  ])('%s: the writes are right', async (_name, args, writes) => {
    completed(await start(executing('one', `api.user.setAppMetadata(${args})`)))
    expect(profiles.writes).toEqual(writes)
  })

  test('set back to the stored value by a later Action costs no write', async () => {
    await start(
      executing('one', `api.user.setAppMetadata('plan', 'silver')`),
      executing('two', `api.user.setAppMetadata('plan', 'gold')`),
    )
    expect(profiles.writes).toEqual([])
  })

  test('is seen by later Actions, on the root too, and not by the Action itself', async () => {
    const look = `[event.user.app_metadata.plan ?? null, event.user.plan ?? null,
      event.user.groups, event.user.user_metadata.zone ?? null]`
    const result = completed(
      await start(
        executing(
          'one',
          `api.user.setAppMetadata('plan', null)
           api.user.setAppMetadata('groups', ['mine'])
           api.user.setUserMetadata('zone', 'CET')
           api.idToken.setCustomClaim('own', ${look})`,
        ),
        seeing(look),
      ),
    )
    expect(result.idTokenClaims).toEqual({
      own: ['gold', null, ['from the identity provider'], null],
      seen: [null, null, ['mine'], 'CET'],
    })
  })

  test('set to undefined fails the flow, and nothing is written', async () => {
    const result = denied(
      await start(
        executing(
          'one',
          `api.user.setAppMetadata('x', 1); api.user.setUserMetadata('y', undefined)`,
        ),
        executing('two', `api.user.setAppMetadata('z', 1)`),
      ),
    )
    expect(result.reason).toContain(`Payload validation error`)
    expect(result.trace).toMatchObject({ outcome: 'failed', profile_writes: [] })
    expect(profiles.writes).toEqual([])
  })

  test('that the profile store refuses fails the flow', async () => {
    profiles.writeProfile = () => {
      throw new Error('user update failed: the store is full')
    }
    const result = denied(await start(executing('one', `api.user.setAppMetadata('x', 1)`)))
    expect(result.reason).toBe('user update failed: the store is full')
    expect(result.trace).toMatchObject({ outcome: 'failed', profile_writes: [] })
  })

  test('is written to the primary user once one is set', async () => {
    const ids: string[] = []
    profiles.writeProfile = (userId, changes) => {
      ids.push(userId)
      profiles.writes.push(changes)
    }
    const result = completed(
      await start(
        executing(
          'link',
          `api.authentication.setPrimaryUser('auth0|primary'); api.user.setUserMetadata('lost', 1)`,
        ),
        executing('later', `api.user.setUserMetadata('kept', 1)`),
      ),
    )
    expect(result.primaryUserId).toBe('auth0|primary')
    expect(ids).toEqual(['auth0|primary'])
    expect(profiles.writes).toEqual([{ user_metadata: { kept: 1 } }])
  })
})

describe('a denial', () => {
  test('keeps the metadata changes and stops after that Action', async () => {
    const result = denied(
      await start(
        executing('one', `api.user.setAppMetadata('a', 1)`),
        executing('two', `api.access.deny('no entry'); api.user.setAppMetadata('b', 2)`),
        executing('three', `api.user.setAppMetadata('c', 3)`),
      ),
    )
    expect(result.reason).toBe('no entry')
    expect(profiles.writes).toEqual([{ app_metadata: { a: 1, b: 2 } }])
    expect(result.trace).toMatchObject({
      outcome: 'denied',
      profile_writes: [{ at: 'deny', app_metadata: { a: 1, b: 2 } }],
    })
    expect(result.trace.actions.map(({ outcome }) => outcome)).toEqual(['completed', 'denied'])
  })

  test('wins over a redirect in the same Action', async () => {
    const body = `api.redirect.sendUserTo('https://page.example/'); api.access.deny('no')`
    expect(denied(await start(executing('one', body))).reason).toBe('no')
  })

  test('comes from validation.error too', async () => {
    const result = denied(await start(executing('one', `api.validation.error('code', 'Text')`)))
    expect(result.reason).toBe('Text')
  })
})

describe('a failure', () => {
  test('discards what all Actions asked for since the last write', async () => {
    const result = denied(
      await start(
        executing('one', `api.user.setAppMetadata('a', 1)`),
        executing('two', `api.user.setAppMetadata('b', 2); throw new Error('broken')`),
        executing('three', ``),
      ),
    )
    expect(result.reason).toBe('broken')
    expect(profiles.writes).toEqual([])
    expect(result.trace).toMatchObject({ outcome: 'failed', reason: 'broken' })
    expect(result.trace.actions.map(({ outcome }) => outcome)).toEqual(['completed', 'failed'])
  })

  test.each([
    [
      'redirect and render in one Action',
      `api.prompt.render('f'); api.redirect.sendUserTo('https://page.example/')`,
      'Redirect and render commands cannot be used in the same action.',
    ],
    ['a Form', `api.prompt.render('f')`, 'The local tenant cannot show Forms'],
  ])('comes from %s', async (_name, body, reason) => {
    expect(denied(await start(executing('one', body))).reason).toContain(reason)
  })

  test('is the answer, not a rejection, when the event cannot be cloned', async () => {
    const event = { ...eventData(profiles), broken: () => 1 }
    const result = denied(await engine.start([executing('one', '')], event))
    expect(result.trace.outcome).toBe('failed')
  })

  test('is the answer after the engine was closed', async () => {
    await engine.close()
    expect(denied(await start(executing('one', ''))).reason).toMatch(/closing/)
  })

  test('is the answer to what was running when the engine was closed', async () => {
    const running = start(executing('one', `await new Promise(() => {})`))
    await new Promise((resolve) => setTimeout(resolve, 50))
    await engine.close()
    expect(denied(await running).trace.outcome).toBe('failed')
  })
})

describe('a redirect', () => {
  const terms = action(
    'terms',
    handler(
      'onExecutePostLogin',
      `api.user.setAppMetadata('asked', true)
       api.transaction.setMetadata('nonce', 'n-1')
       api.idToken.setCustomClaim('before', 1)
       api.accessToken.addScope('read:a')
       api.redirect.sendUserTo('https://page.example/terms', { query: { version: '2' } })`,
    ) +
      handler(
        'onContinuePostLogin',
        `api.user.setAppMetadata('terms', { version: '2' })
         api.idToken.setCustomClaim('kept', event.transaction.metadata.nonce)
         api.idToken.setCustomClaim('answer', event.request.body.answer)
         api.idToken.setCustomClaim('asked', event.user.app_metadata.asked)
         api.idToken.setCustomClaim('meanwhile', event.user.meanwhile ?? null)`,
      ),
  )
  const request = { method: 'POST', query: { state: 's' }, body: { answer: 'yes' }, ip: '::1' }

  test('writes what is pending, suspends, and starts no further Action', async () => {
    const result = redirected(
      await start(executing('first', `api.user.setUserMetadata('a', 1)`), terms, seeing('1')),
    )
    expect(result.url).toBe('https://page.example/terms?version=2')
    const changes = { app_metadata: { asked: true }, user_metadata: { a: 1 } }
    expect(profiles.writes).toEqual([changes])
    expect(result.trace.profile_writes).toEqual([{ at: 'redirect', ...changes }])
    expect(result.suspended.resumeAt).toBe(1)
    expect(JSON.parse(JSON.stringify(result.suspended))).toEqual(result.suspended)
    expect(result.suspended).not.toHaveProperty('pending')
    expect(JSON.stringify(result.suspended.event)).not.toContain('secrets')
  })

  test('resumes in the same Action with a fresh user and request, then goes on', async () => {
    const { suspended, trace } = redirected(
      await start(executing('first', `api.idToken.setCustomClaim('first', 1)`), terms, seeing('2')),
    )
    profiles.user['meanwhile'] = 'changed through the Management API'
    const kept = JSON.parse(JSON.stringify(suspended)) as typeof suspended
    const result = completed(await engine.resume(kept, request))
    expect(result.idTokenClaims).toEqual({
      first: 1,
      before: 1,
      kept: 'n-1',
      answer: 'yes',
      asked: true,
      meanwhile: 'changed through the Management API',
      seen: 2,
    })
    expect(result.addedScopes).toEqual(['read:a'])
    expect(profiles.writes).toEqual([
      { app_metadata: { asked: true } },
      { app_metadata: { terms: { version: '2' } } },
    ])
    expect(result.trace.id).toBe(trace.id)
    expect(result.trace.actions.map(({ action, handler: ran }) => [action, ran])).toEqual([
      ['first', 'onExecutePostLogin'],
      ['terms', 'onExecutePostLogin'],
      ['terms', 'onContinuePostLogin'],
      ['see', 'onExecutePostLogin'],
    ])
    expect(result.trace.profile_writes.map(({ at }) => at)).toEqual(['redirect', 'end'])
  })

  test('costs no second write when nothing new comes after it', async () => {
    const quiet = action(
      'quiet',
      handler(
        'onExecutePostLogin',
        `api.user.setAppMetadata('a', 1); api.redirect.sendUserTo('https://page.example/')`,
      ) + handler('onContinuePostLogin', `api.user.setAppMetadata('a', 1)`),
    )
    const { suspended } = redirected(await start(quiet))
    completed(await engine.resume(suspended, request))
    expect(profiles.writes).toEqual([{ app_metadata: { a: 1 } }])
  })

  test('can be resumed twice: the suspended flow is not used up or changed', async () => {
    const { suspended } = redirected(await start(terms))
    const before = structuredClone(suspended)
    const first = completed(await engine.resume(suspended, request))
    const second = completed(await engine.resume(suspended, request))
    expect(suspended).toEqual(before)
    expect(second.idTokenClaims).toEqual(first.idTokenClaims)
    expect(second.trace.actions).toHaveLength(2)
  })

  test('fails on return when the Action has no onContinuePostLogin', async () => {
    const { suspended } = redirected(
      await start(executing('one', `api.redirect.sendUserTo('https://page.example/')`)),
    )
    expect(denied(await engine.resume(suspended, request)).reason).toBe(
      'Invalid function signature for the "onContinuePostLogin" handler. Use "exports.onContinuePostLogin = async function(event, api) { }" as the signature.',
    )
  })

  test('fails on return when the user is gone', async () => {
    const { suspended } = redirected(await start(terms))
    profiles.readUser = () => {
      throw new Error('The user does not exist.')
    }
    const result = denied(await engine.resume(suspended, request))
    expect(result.reason).toBe('The user does not exist.')
    expect(result.trace.outcome).toBe('failed')
  })

  test('a denial on return keeps what was written before, and its own changes', async () => {
    const declining = action(
      'declining',
      handler(
        'onExecutePostLogin',
        `api.user.setAppMetadata('asked', 1); api.redirect.sendUserTo('https://page.example/')`,
      ) +
        handler(
          'onContinuePostLogin',
          `api.user.setAppMetadata('declined', 1); api.access.deny('declined')`,
        ),
    )
    const { suspended } = redirected(await start(declining))
    const result = denied(await engine.resume(suspended, request))
    expect(result.reason).toBe('declined')
    expect(result.trace.profile_writes.map(({ at }) => at)).toEqual(['redirect', 'deny'])
    expect(profiles.user['app_metadata']).toMatchObject({ asked: 1, declined: 1 })
  })

  test('can come from each Action in turn, and again from onContinuePostLogin', async () => {
    const away = `api.redirect.sendUserTo('https://page.example/')`
    const twice = action(
      'twice',
      handler('onExecutePostLogin', away) +
        handler('onContinuePostLogin', `if (event.request.query.again) ${away}`),
    )
    const once = action(
      'once',
      handler('onExecutePostLogin', away) + handler('onContinuePostLogin', ''),
    )
    const first = redirected(await start(twice, once))
    const again = { ...request, query: { again: '1' } }
    const second = redirected(await engine.resume(first.suspended, again))
    expect(second.suspended.resumeAt).toBe(0)
    const third = redirected(await engine.resume(second.suspended, request))
    expect(third.suspended.resumeAt).toBe(1)
    completed(await engine.resume(third.suspended, request))
  })

  test('leaves only one primary user per sign-in, on both sides of it', async () => {
    const linking = action(
      'linking',
      handler(
        'onExecutePostLogin',
        `api.authentication.setPrimaryUser('auth0|2'); api.redirect.sendUserTo('https://page.example/')`,
      ) + handler('onContinuePostLogin', `api.authentication.setPrimaryUser('auth0|3')`),
    )
    const { suspended } = redirected(await start(linking))
    expect(denied(await engine.resume(suspended, request)).reason).toMatch(/once per transaction/)
  })
})

describe('what later Actions see of setters', () => {
  test.each([
    [
      'with a session and a refresh token',
      { cookie: { mode: 'persistent' } },
      { metadata: { a: 'b' } },
    ],
    ['without either', undefined, undefined],
  ])(
    'session and refresh token as they were, %s, when nothing was asked',
    async (_, session, token) => {
      const event = { ...eventData(profiles), session, refresh_token: token }
      const seen = seeing(
        'JSON.stringify([event.session?.cookie ?? null, event.refresh_token?.metadata ?? null])',
      )
      const result = completed(await engine.start([executing('quiet', ''), seen], event))
      expect(JSON.parse(String(result.idTokenClaims['seen']))).toEqual([
        session?.cookie ?? null,
        token?.metadata ?? null,
      ])
    },
  )

  test('no session for a cookie mode that was asked of none', async () => {
    const event = eventData(profiles)
    delete event['session']
    const asking = executing('ask', `api.session.setCookieMode('non-persistent')`)
    const result = completed(await engine.start([asking, seeing('String(event.session)')], event))
    expect(result.idTokenClaims['seen']).toBe('undefined')
  })

  test('transaction, session and refresh token metadata, and the cookie mode', async () => {
    const result = completed(
      await engine.start(
        [
          executing(
            'one',
            `api.transaction.setMetadata('t', 1); api.session.setMetadata('s', 'x')
             api.session.setCookieMode('non-persistent'); api.refreshToken.setMetadata('r', 'y')`,
          ),
          seeing(`[event.transaction.metadata, event.transaction.protocol, event.session.metadata,
            event.session.cookie, event.session.id, event.refresh_token.metadata]`),
        ],
        eventData(profiles, {
          refresh_token: { id: 'rt_1', created_at: '2026-11-20T09:00:00.000Z' },
        }),
      ),
    )
    expect(result.idTokenClaims['seen']).toEqual([
      { t: 1 },
      'oidc-basic-profile',
      { s: 'x' },
      { mode: 'non-persistent' },
      'sess_0000000000000001',
      { r: 'y' },
    ])
  })
})

describe('the cache', () => {
  const count = executing(
    'count',
    `const times = Number(api.cache.get('times')?.value ?? 0) + 1
     api.cache.set('times', String(times), { ttl: 60_000 })
     api.idToken.setCustomClaim('times', times)`,
  )

  test('is shared by Actions and by flows', async () => {
    completed(await start(count))
    const again = executing('other', count.code.replace(/^.*\{\n|\n\}\n$/g, ''))
    const result = completed(await start(count, again))
    expect(result.idTokenClaims['times']).toBe(3)
  })

  test('forgets what has expired', async () => {
    let now = NOW
    const other = createFlowEngine({ profiles, now: () => now })
    const run = async (): Promise<unknown> =>
      completed(await other.start([count], eventData(profiles))).idTokenClaims['times']
    try {
      expect([await run(), await run()]).toEqual([1, 2])
      now += 61_000
      expect(await run()).toBe(1)
    } finally {
      await other.close()
    }
  })
})

describe('the limit of factors', () => {
  test('counts over all Actions of the sign-in', async () => {
    const two = `for (let at = 0; at < 2; at += 1) api.authentication.challengeWith({ type: 'otp' })`
    const three = `${two}\napi.authentication.enrollWith({ type: 'otp' })`
    expect((await start(executing('a', two), executing('b', two))).kind).toBe('completed')
    expect(denied(await start(executing('a', two), executing('b', three))).reason).toMatch(
      /At most/,
    )
  })
})

describe('the trace', () => {
  test('says who signed in where, and per Action what it asked, said and took', async () => {
    const { trace } = await start(
      executing('one', `console.warn('look', { a: 1 }); api.user.setAppMetadata('x', null)`),
    )
    expect(trace).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      started_at: '2026-11-20T09:00:00.000Z',
      trigger: 'post-login',
      user_id: 'auth0|65a4e8f0c1d2e3f4a5b6c7d8',
      client_id: 'WebShop0000000000000000000000001',
      connection: 'Username-Password-Authentication',
      protocol: 'oidc-basic-profile',
      outcome: 'completed',
      actions: [
        {
          action: 'one',
          handler: 'onExecutePostLogin',
          outcome: 'completed',
          commands: [{ name: 'user.setAppMetadata', arguments: ['x', null] }],
          logs: [{ level: 'warn', message: 'look { a: 1 }' }],
          durationMs: expect.any(Number),
        },
      ],
      profile_writes: [{ at: 'end', app_metadata: { x: null } }],
    })
  })

  test('holds neither secrets nor tokens, however an Action spreads them', async () => {
    const SIGNING_KEY = 'signing-key-0123456789-0123456789'
    const body = `
      const token = api.redirect.encodeToken({ secret: event.secrets.SIGNING_KEY, payload: {} })
      console.log('key', event.secrets.SIGNING_KEY)
      console.log('token', token)
      api.user.setAppMetadata('key', event.secrets.SIGNING_KEY)
      api.idToken.setCustomClaim('t', { token })
      api.transaction.setMetadata('key', event.secrets.SIGNING_KEY)
      api.redirect.sendUserTo(event.secrets.PAGE, { query: { session_token: token } })`
    const secrets = { SIGNING_KEY, PAGE: 'https://page.example/' }
    const code =
      handler('onExecutePostLogin', body) +
      handler('onContinuePostLogin', `throw new Error('bad ' + event.secrets.SIGNING_KEY)`)
    const first = redirected(await start(action('leaky', code, { secrets })))
    const token = new URL(first.url).searchParams.get('session_token') ?? ''
    expect(token).toMatch(/^eyJ/)
    const second = denied(await engine.resume(first.suspended, {}))
    expect(second.reason).toBe(`bad ${SIGNING_KEY}`)
    for (const { trace } of [first, second]) {
      expect(JSON.stringify(trace)).not.toContain(SIGNING_KEY)
      expect(JSON.stringify(trace)).not.toContain(token)
    }
    expect(second.trace.reason).toBe('bad [secret SIGNING_KEY]')
    expect(first.trace.actions[0]?.commands.at(-1)).toEqual({
      name: 'redirect.sendUserTo',
      arguments: ['https://page.example/?session_token=***'],
    })
    expect(profiles.writes).toEqual([{ app_metadata: { key: SIGNING_KEY } }])
  })
})
