import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { createFlowEngine } from '../../../local-tenant/runtime/flow-engine.ts'
import type { BoundAction, FlowEngine, FlowResult } from '../../../local-tenant/runtime/flow.ts'
import type { ActionTrace } from '../../../local-tenant/trace.ts'
import {
  action,
  eventData,
  executing,
  memoryProfiles,
} from '../../../test-kit/local-tenant/runtime.ts'

const profiles = memoryProfiles()
let engine: FlowEngine

beforeAll(() => {
  engine = createFlowEngine({
    profiles,
    now: Date.now,
    limits: { flowMs: 10_000, memoryMb: 24 },
  })
})
afterAll(() => engine.close())

const start = (...actions: BoundAction[]): Promise<FlowResult> =>
  engine.start(actions, eventData(profiles))

const reasonOf = (result: FlowResult): string | undefined =>
  result.kind === 'denied' ? result.reason : undefined

const lastOf = (result: FlowResult): ActionTrace | undefined => result.trace.actions.at(-1)

describe('an Action that misbehaves is a denied sign-in, and the next one of it runs again', () => {
  /** Misbehaves for one user only, so that the same worker's replacement can be tried. */
  const forMallory = (body: string): BoundAction =>
    executing(
      'fragile',
      `console.log('before'); if (event.user.email === 'mallory@example.com') { ${body} }`,
    )

  test.each([
    ['a throw', `throw new Error('thrown')`, 'thrown'],
    ['a throw of no Error', `throw 'a text'`, 'a text'],
    ['a throw of something without text', `throw Object.create(null)`, 'Unknown error'],
    ['a rejection nobody handles', `Promise.reject(new Error('left alone'))`, 'left alone'],
    [
      'an error in a timer',
      `setTimeout(() => { throw new Error('late') }); await new Promise(() => {})`,
      'late',
    ],
    ['process.exit', `process.exit(7)`, 'The Action ended its process with code 7.'],
    [
      'all memory used',
      `const all = []; for (;;) all.push(new Array(100_000).fill(all.length))`,
      /memory limit/,
    ],
    ['a replaced setImmediate', `globalThis.setImmediate = undefined; throw new Error('x')`, 'x'],
  ])('%s', async (_name, body, reason) => {
    const fragile = forMallory(body)
    const mallory = eventData(profiles)
    mallory.user['email'] = 'mallory@example.com'
    const result = await engine.start([fragile, executing('never', '')], mallory)
    expect(reasonOf(result)).toMatch(reason)
    expect(result.trace.outcome).toBe('failed')
    expect(result.trace.actions).toHaveLength(1)
    expect(lastOf(result)?.logs).toEqual([{ level: 'log', message: 'before' }])
    expect((await start(fragile)).kind).toBe('completed')
  })

  test.each([
    ['a loop without end', `for (;;) {}`],
    ['a promise that never resolves', `await new Promise(() => {})`],
  ])('%s, with what was asked and logged before', async (_name, body) => {
    const short = createFlowEngine({ profiles, now: Date.now, limits: { flowMs: 400 } })
    const hanging = forMallory(`api.user.setAppMetadata('x', 1); ${body}`)
    const mallory = eventData(profiles)
    mallory.user['email'] = 'mallory@example.com'
    try {
      const result = await short.start([hanging], mallory)
      expect(reasonOf(result)).toBe('Request to Webtask exceeded allowed execution time')
      expect(lastOf(result)).toMatchObject({
        commands: [{ name: 'user.setAppMetadata', arguments: ['x', 1] }],
        logs: [{ message: 'before' }],
      })
      expect(profiles.writes).toEqual([])
      expect((await short.start([hanging], eventData(profiles))).kind).toBe('completed')
    } finally {
      await short.close()
    }
  })

  test.each([
    ['a syntax error', 'exports.onExecutePostLogin = async (', /^Compilation failed: /],
    [
      'an ES module',
      'export const onExecutePostLogin = async () => {}',
      /^Compilation failed: Unexpected token 'export'/,
    ],
    [
      'a handler that is no native async function',
      'exports.onExecutePostLogin = () => Promise.resolve()',
      'Invalid function signature for the "onExecutePostLogin" handler. Use "exports.onExecutePostLogin = async function(event, api) { }" as the signature.',
    ],
    ['no handler', 'exports.other = async () => {}', /^Invalid function signature/],
    [
      'a function for exports',
      'module.exports = async () => {}',
      'The Action must export an object.',
    ],
    ['an error at the top level', `throw new Error('at the top')`, 'at the top'],
  ])('%s fails each sign-in', async (_name, code, reason) => {
    const broken = action('broken', code)
    expect(reasonOf(await start(broken))).toMatch(reason)
    expect(reasonOf(await start(broken))).toMatch(reason)
  })

  test('an error at the top level is kept, though the code would load the second time', async () => {
    const broken = action(
      'broken',
      `globalThis.loads = (globalThis.loads ?? 0) + 1
       if (globalThis.loads === 1) throw new Error('the first time')
       exports.onExecutePostLogin = async () => {}`,
    )
    expect(reasonOf(await start(broken))).toBe('the first time')
    expect(reasonOf(await start(broken))).toBe('the first time')
  })

  test('a hang does not touch sign-ins that wait behind it', async () => {
    const short = createFlowEngine({ profiles, now: Date.now, limits: { flowMs: 400 } })
    const hanging = forMallory('for (;;) {}')
    const mallory = eventData(profiles)
    mallory.user['email'] = 'mallory@example.com'
    try {
      const results = await Promise.all([
        short.start([hanging], mallory),
        short.start([hanging], eventData(profiles)),
      ])
      expect(results.map(({ kind }) => kind)).toEqual(['denied', 'completed'])
    } finally {
      await short.close()
    }
  })
})

describe('the time limit', () => {
  const slow = (name: string): BoundAction =>
    executing(name, `await new Promise((resolve) => setTimeout(resolve, 350))`)

  test('is for all Actions of an execution together', async () => {
    const short = createFlowEngine({ profiles, now: Date.now, limits: { flowMs: 600 } })
    try {
      const result = await short.start([slow('one'), slow('two')], eventData(profiles))
      expect(reasonOf(result)).toMatch(/exceeded allowed execution time/)
      expect(result.trace.actions.map(({ outcome }) => outcome)).toEqual(['completed', 'failed'])
    } finally {
      await short.close()
    }
  })

  test('begins anew after a redirect', async () => {
    const short = createFlowEngine({ profiles, now: Date.now, limits: { flowMs: 600 } })
    const wait = `await new Promise((resolve) => setTimeout(resolve, 350))`
    const away = action(
      'away',
      `exports.onExecutePostLogin = async (event, api) => {
         ${wait}; api.redirect.sendUserTo('https://page.example/') }
       exports.onContinuePostLogin = async () => { ${wait} }`,
    )
    try {
      const result = await short.start([away], eventData(profiles))
      if (result.kind !== 'redirected') throw new Error(JSON.stringify(result))
      expect((await short.resume(result.suspended, {})).kind).toBe('completed')
    } finally {
      await short.close()
    }
  })
})

describe('require', () => {
  const requiring = (id: string, names: string[] = []): BoundAction =>
    executing('requiring', `console.log(typeof require(${JSON.stringify(id)}))`, {
      dependencies: names.map((name) => ({ name, version: '1' })),
    })

  test.each([
    ['node:crypto', []],
    ['crypto', []],
    ['fs/promises', []],
    ['jose', ['jose']],
    ['jose/jwt/sign', ['jose']],
  ])('loads %s when the dependencies are %j', async (id, names) => {
    const result = await start(requiring(id, names))
    expect(reasonOf(result)).toBeUndefined()
    expect(lastOf(result)?.logs[0]?.message).toMatch(/object|function/)
  })

  test.each([
    ['jose', []],
    ['jose', ['jos']],
    ['josephine', ['jose']],
    ['./package.json', ['jose']],
    ['../package.json', []],
    ['/etc/hostname', []],
    ['jose/../../package.json', []],
    ['', ['']],
  ])('does not find %j when the dependencies are %j', async (id, names) => {
    expect(reasonOf(await start(requiring(id, names)))).toContain(`Cannot find module '${id}'`)
  })

  test('is not lying about in the global scope', async () => {
    const names = ['require', 'module', 'exports', '__filename']
    const result = await start(
      executing('looking', `console.log(${JSON.stringify(names)}.filter((n) => n in globalThis))`),
    )
    expect(lastOf(result)?.logs[0]?.message).toBe('[]')
  })

  test('a package works with the intrinsics of the Action', async () => {
    const signing = action(
      'signing',
      `const { SignJWT } = require('jose')
       exports.onExecutePostLogin = async (event, api) => {
         const token = await new SignJWT({}).setProtectedHeader({ alg: 'HS256' })
           .sign(new TextEncoder().encode('a key for HS256 that is long enough'))
         console.log(token.split('.').length) }`,
      { dependencies: [{ name: 'jose', version: '6' }] },
    )
    expect(lastOf(await start(signing))?.logs).toEqual([{ level: 'log', message: '3' }])
  })
})

describe('the world of an Action', () => {
  test('has an empty environment', async () => {
    process.env['LOCAL_TENANT_TEST_SECRET'] = 'x'
    const result = await start(executing('env', `console.log(JSON.stringify(process.env))`))
    delete process.env['LOCAL_TENANT_TEST_SECRET']
    expect(lastOf(result)?.logs[0]?.message).toBe('{}')
  })

  test('is kept between runs of a version, and new for another version', async () => {
    const code = `let runs = 0
      exports.onExecutePostLogin = async () => { console.log(++runs) }`
    const first = action('counting', code)
    const logs: unknown[] = []
    for (const version of [first, first, action('counting', code), first]) {
      logs.push(lastOf(await start(version))?.logs[0]?.message)
    }
    expect(logs).toEqual(['1', '2', '1', '1'])
  })

  test('what the top level logs belongs to the first run', async () => {
    const speaking = action(
      'speaking',
      `console.info('loaded'); exports.onExecutePostLogin = async () => { console.log('run') }`,
    )
    const runs = [await start(speaking), await start(speaking)]
    expect(runs.map((run) => lastOf(run)?.logs.map(({ message }) => message))).toEqual([
      ['loaded', 'run'],
      ['run'],
    ])
  })

  test('a message posted by its own code harms nobody', async () => {
    const posting = executing(
      'posting',
      `const { parentPort } = require('node:worker_threads')
       for (const message of [null, undefined, 5, 'x', {}, { kind: 'done' }, { kind: 'ready' }]) {
         parentPort.postMessage(message)
       }`,
    )
    expect((await start(posting)).kind).toBe('completed')
  })

  test('what it asks after its end is dropped, and not the next run’s', async () => {
    const late = action(
      'late',
      `exports.onExecutePostLogin = async (event, api) => {
         const { email } = event.user
         setTimeout(() => { api.user.setAppMetadata(email, 1); console.log('late', email) }, 20)
         await new Promise((resolve) => setTimeout(resolve, email === 'second@example.com' ? 80 : 0))
       }`,
    )
    const events = ['first@example.com', 'second@example.com'].map((email) => {
      const event = eventData(profiles)
      event.user['email'] = email
      return event
    })
    const [first, second] = await Promise.all(events.map((event) => engine.start([late], event)))
    expect(first?.trace.actions[0]).toMatchObject({ commands: [], logs: [] })
    expect(second?.trace.actions[0]).toMatchObject({
      commands: [{ arguments: ['second@example.com', 1] }],
      logs: [{ message: 'late second@example.com' }],
    })
    profiles.writes.length = 0
  })

  test('what it leaves dangling does not fail the sign-in that waits behind it', async () => {
    const dangling = executing(
      'dangling',
      `if (event.user.email === 'mallory@example.com') setTimeout(() => {
         for (const until = Date.now() + 60; Date.now() < until; );
         throw new Error('from the first')
       })`,
    )
    const mallory = eventData(profiles)
    mallory.user['email'] = 'mallory@example.com'
    const results = await Promise.all([engine.start([dangling], mallory), start(dangling)])
    expect(results.map(({ kind }) => kind)).toEqual(['completed', 'completed'])
  })
})

describe('logs', () => {
  test('are cut at 256 characters per Action and execution', async () => {
    const talking = executing(
      'talking',
      `console.log('a'.repeat(250)); console.error('b'.repeat(250)); console.log('c')`,
    )
    const result = await start(talking, { ...talking, name: 'again' })
    for (const { logs } of result.trace.actions) {
      expect(logs).toEqual([
        { level: 'log', message: 'a'.repeat(250) },
        { level: 'error', message: 'b'.repeat(6) },
      ])
    }
  })

  test('keep the level of each line', async () => {
    const levels = ['log', 'info', 'warn', 'error', 'debug', 'trace']
    const body = levels.map((level) => `console.${level}('%s!', 'x')`).join('\n')
    const result = await start(executing('levels', `${body}\nconsole.dir({})`))
    expect(lastOf(result)?.logs).toEqual(levels.map((level) => ({ level, message: 'x!' })))
  })

  test('of sign-ins at the same time do not mix', async () => {
    const chatty = executing(
      'chatty',
      `for (let turn = 0; turn < 3; turn += 1) {
         console.log(event.user.email + turn)
         await new Promise((resolve) => setTimeout(resolve, 2))
       }`,
    )
    const names = ['a', 'b', 'c', 'd']
    const results = await Promise.all(
      names.map((email) => {
        const event = eventData(profiles)
        event.user['email'] = email
        return engine.start([chatty], event)
      }),
    )
    expect(results.map((result) => lastOf(result)?.logs.map(({ message }) => message))).toEqual(
      names.map((name) => [`${name}0`, `${name}1`, `${name}2`]),
    )
  })
})
