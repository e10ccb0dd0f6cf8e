import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals'
import { LIMITS } from '../../../local-tenant/management/parse-action.ts'
import { TEST_RUN_USER_ID } from '../../../local-tenant/profiles.ts'
import type { FlowEngine } from '../../../local-tenant/runtime/flow.ts'
import type { StoredAction } from '../../../local-tenant/store.ts'
import { startTestTenant, type TestTenant } from '../../../test-kit/local-tenant/test-tenant.ts'

const TRIGGER = { id: 'post-login', version: 'v3' }
const CODE = 'exports.onExecutePostLogin = async () => {}'

let tenant: TestTenant
let now: number
const start = jest.fn<FlowEngine['start']>()

beforeEach(async () => {
  now = Date.parse('2026-05-01T12:00:00Z')
  start.mockReset()
  tenant = await startTestTenant({ now: () => now, engine: { start } })
})

afterEach(() => tenant.close())

const create = (changes: Record<string, unknown> = {}) =>
  tenant.call({
    method: 'POST',
    path: 'actions/actions',
    body: { name: 'greet', code: CODE, supported_triggers: [TRIGGER], ...changes },
  })

const idOf = ({ body }: { body: unknown }): string => (body as { id: string }).id

const deployed = async (name: string, changes: Record<string, unknown> = {}): Promise<string> => {
  const id = idOf(await create({ name, ...changes }))
  now += 1000
  await tenant.call({ method: 'POST', path: `actions/actions/${id}/deploy` })
  return id
}

const patch = (id: string, body: unknown) =>
  tenant.call({ method: 'PATCH', path: `actions/actions/${id}`, body })

const stored = (id: string): StoredAction => {
  const action = tenant.context.store.state.actions[id]
  if (action === undefined) throw new Error(`no action ${id}`)
  return action
}

const repeat = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index))

describe('a request that Auth0 refuses gets 400', () => {
  test.each<[string, Record<string, unknown>, string]>([
    ['no name', { name: undefined }, 'name'],
    ['an empty name', { name: ' ' }, 'name'],
    ['no trigger', { supported_triggers: undefined }, 'supported_triggers'],
    ['an unknown trigger', { supported_triggers: [{ id: 'post-logn', version: 'v3' }] }, 'trigger'],
    [
      'an unknown version',
      { supported_triggers: [{ id: 'post-login', version: 'v9' }] },
      'trigger',
    ],
    ['two triggers', { supported_triggers: [TRIGGER, TRIGGER] }, 'supported_triggers'],
    ['an unknown runtime', { runtime: 'node99' }, 'runtime'],
    ['an unknown key', { deployed: true }, 'Additional properties not allowed: deployed'],
    ['a key of Object.prototype', { constructor: 1 }, 'Additional properties'],
    ['code over 100 kB', { code: 'x'.repeat(LIMITS.codeBytes + 1) }, 'code'],
    ['code that is no text', { code: 7 }, 'code'],
    ['31 secrets', { secrets: repeat(31, (i) => ({ name: `S${i}`, value: 'v' })) }, 'secrets'],
    ['a secret value over 4096', { secrets: [{ name: 'S', value: 'x'.repeat(4097) }] }, 'secrets'],
    ['a secret name over 128', { secrets: [{ name: 'x'.repeat(129), value: 'v' }] }, 'secrets'],
    ['a secret named twice', { secrets: repeat(2, () => ({ name: 'S', value: 'v' })) }, 'secrets'],
    ['a new secret without value', { secrets: [{ name: 'S' }] }, 'value'],
    [
      '11 dependencies',
      { dependencies: repeat(11, (i) => ({ name: `d${i}`, version: '1.0.0' })) },
      'dependencies',
    ],
    ['a dependency without version', { dependencies: [{ name: 'lodash' }] }, 'dependencies'],
    ['an Action module', { modules: [{ module_name: 'x' }] }, 'modules'],
  ])('%s', async (_name, changes, message) => {
    const answer = await create(changes)
    expect(answer).toMatchObject({
      status: 400,
      body: { statusCode: 400, error: 'Bad Request', message: expect.stringContaining(message) },
    })
    expect(tenant.context.store.state.actions).toEqual({})
  })

  test('deploy in a PATCH', async () => {
    const id = idOf(await create())
    expect(await patch(id, { deploy: true })).toMatchObject({ status: 400 })
  })
})

test('the largest Action that Auth0 takes is taken', async () => {
  const answer = await create({
    code: 'x'.repeat(LIMITS.codeBytes),
    secrets: repeat(30, (i) => ({ name: `S${i}`, value: 'x'.repeat(4096) })),
    dependencies: repeat(10, (i) => ({ name: `d${i}`, version: '1.0.0' })),
  })
  expect(answer.status).toBe(201)
})

test('a tenant holds 100 Actions', async () => {
  const first = idOf(await create())
  for (let index = 1; index < 100; index += 1) {
    tenant.context.store.state.actions[`copy-${index}`] = { ...stored(first), name: `n${index}` }
  }
  expect((await create({ name: 'one more' })).status).toBe(400)
})

test('a name is taken once, by POST and by PATCH', async () => {
  await create()
  expect((await create()).status).toBe(409)
  const other = idOf(await create({ name: 'other' }))
  expect((await patch(other, { name: 'greet' })).status).toBe(409)
  expect((await patch(other, { name: 'other' })).status).toBe(200)
})

describe('the list', () => {
  beforeEach(async () => {
    await deployed('live')
    await create({ name: 'draft' })
    await create({ name: 'sms', supported_triggers: [{ id: 'send-phone-message', version: 'v2' }] })
  })

  test.each([
    ['', ['live', 'draft', 'sms']],
    ['actionName=draft', ['draft']],
    ['triggerId=post-login', ['live', 'draft']],
    ['deployed=true', ['live']],
    ['deployed=false', ['draft', 'sms']],
    ['installed=true', []],
    ['installed=false&triggerId=post-login&deployed=false', ['draft']],
    ['page=1&per_page=2', ['sms']],
  ])('?%s shows %j', async (query, names) => {
    const { body } = await tenant.call({ path: `actions/actions?${query}` })
    expect((body as { actions: { name: string }[] }).actions.map(({ name }) => name)).toEqual(names)
  })

  test('tells the total of all pages', async () => {
    const { body } = await tenant.call({ path: 'actions/actions?page=1&per_page=2' })
    expect(body).toMatchObject({ total: 3, page: 1, per_page: 2 })
  })

  test.each(['include_totals=true', 'per_page=101', 'page=-1', 'page=x', 'deployed=yes'])(
    '?%s is refused',
    async (query) => {
      expect((await tenant.call({ path: `actions/actions?${query}` })).status).toBe(400)
    },
  )
})

describe('a build', () => {
  test('is pending, building, then built as time goes by, and slower with dependencies', async () => {
    const id = idOf(await create({ dependencies: [{ name: 'lodash', version: '4.17.21' }] }))
    const statusAfter = async (milliseconds: number): Promise<unknown> => {
      now += milliseconds
      const { body } = await tenant.call({ path: `actions/actions/${id}` })
      return (body as { status: unknown }).status
    }
    expect(await statusAfter(0)).toBe('pending')
    expect(await statusAfter(100)).toBe('building')
    expect(await statusAfter(300)).toBe('built')
  })

  test('must be over before a deploy, in the words the Deploy CLI waits for', async () => {
    const id = idOf(await create())
    const path = `actions/actions/${id}/deploy`
    expect(await tenant.call({ method: 'POST', path })).toMatchObject({
      status: 400,
      body: { message: expect.stringContaining("must be in the 'built' state") },
    })
    expect(stored(id).versions).toEqual([])
    now += 50
    expect((await tenant.call({ method: 'POST', path })).status).toBe(200)
  })

  test('begins again with every PATCH, identical or not', async () => {
    const id = await deployed('greet')
    expect(await patch(id, { code: CODE })).toMatchObject({
      body: { status: 'pending', all_changes_deployed: true },
    })
  })
})

describe('secrets', () => {
  test('are replaced as a set; a name without value keeps value and date', async () => {
    const id = idOf(
      await create({
        secrets: [
          { name: 'KEEP', value: 'old' },
          { name: 'SET', value: 'old' },
          { name: 'DROP', value: 'old' },
        ],
      }),
    )
    const [kept] = stored(id).secrets
    now += 1000
    const { body } = await patch(id, {
      secrets: [{ name: 'KEEP' }, { name: 'SET', value: 'new' }, { name: 'ADD', value: 'new' }],
    })
    const at = new Date(now).toISOString()
    expect(stored(id).secrets).toEqual([
      kept,
      { name: 'SET', value: 'new', updated_at: at },
      { name: 'ADD', value: 'new', updated_at: at },
    ])
    expect((body as { secrets: unknown }).secrets).toEqual([
      { name: 'KEEP', updated_at: kept?.updated_at },
      { name: 'SET', updated_at: at },
      { name: 'ADD', updated_at: at },
    ])
  })

  test('stay when the key is left out, and go with an empty list', async () => {
    const id = idOf(await create({ secrets: [{ name: 'S', value: 'v' }] }))
    await patch(id, { code: `${CODE} // 2` })
    expect(stored(id).secrets).toMatchObject([{ name: 'S', value: 'v' }])
    await patch(id, { secrets: [] })
    expect(stored(id).secrets).toEqual([])
  })

  test('of a version are those of its deploy, whatever becomes of the draft', async () => {
    const id = await deployed('greet', { secrets: [{ name: 'S', value: 'one' }] })
    await patch(id, { secrets: [{ name: 'S', value: 'two' }] })
    expect(stored(id).versions[0]?.secrets).toMatchObject([{ name: 'S', value: 'one' }])
    expect(stored(id).all_changes_deployed).toBe(false)
  })
})

describe('versions', () => {
  test('count up with every deploy, identical or not', async () => {
    const id = await deployed('greet')
    await tenant.call({ method: 'POST', path: `actions/actions/${id}/deploy` })
    expect(stored(id).versions.map(({ number }) => number)).toEqual([1, 2])
    expect(stored(id).deployed_version_id).toBe(stored(id).versions[1]?.id)
  })

  test('are kept up to 50, the oldest goes, numbers go on', async () => {
    const id = await deployed('greet')
    for (let deploys = 1; deploys < 52; deploys += 1) {
      await tenant.call({ method: 'POST', path: `actions/actions/${id}/deploy` })
    }
    const numbers = stored(id).versions.map(({ number }) => number)
    expect([numbers.length, numbers[0], numbers.at(-1)]).toEqual([50, 3, 52])
  })

  test('of an older number go live as a new one; the draft follows only when asked', async () => {
    const id = await deployed('greet')
    const [first] = stored(id).versions
    const path = `actions/actions/${id}/versions/${String(first?.id)}/deploy`
    await patch(id, { code: 'exports.onExecutePostLogin = async () => { return 2 }' })
    await tenant.call({ method: 'POST', path })
    expect(stored(id)).toMatchObject({ all_changes_deployed: false })
    await tenant.call({ method: 'POST', path, body: { update_draft: true } })
    expect(stored(id)).toMatchObject({ code: CODE, all_changes_deployed: true })
    expect(stored(id).versions.map(({ number, code }) => [number, code])).toEqual([
      [1, CODE],
      [2, CODE],
      [3, CODE],
    ])
  })

  test.each(['versions/nothing', 'versions/nothing/deploy'])('404 for %s', async (rest) => {
    const id = await deployed('greet')
    const method = rest.endsWith('deploy') ? 'POST' : 'GET'
    expect((await tenant.call({ method, path: `actions/actions/${id}/${rest}` })).status).toBe(404)
  })
})

describe('bindings', () => {
  const bind = (bindings: unknown, trigger = 'post-login') =>
    tenant.call({
      method: 'PATCH',
      path: `actions/triggers/${trigger}/bindings`,
      body: { bindings },
    })
  const byName = (value: string) => ({ ref: { type: 'action_name', value }, display_name: value })
  const bound = (): unknown[] =>
    (tenant.context.store.state.bindings['post-login'] ?? []).map(({ action_id, display_name }) => [
      stored(action_id).name,
      display_name,
    ])

  test('are replaced by the list, in its order, by name or id', async () => {
    const one = await deployed('one')
    await deployed('two')
    await bind([byName('two'), { ref: { type: 'action_id', value: one }, display_name: 'First' }])
    expect(bound()).toEqual([
      ['two', 'two'],
      ['one', 'First'],
    ])
    await bind([byName('one')])
    expect(bound()).toEqual([['one', 'one']])
    expect(await bind([])).toMatchObject({ status: 200, body: { bindings: [] } })
    expect(bound()).toEqual([])
  })

  test('paged past their end carry no total', async () => {
    await deployed('one')
    await bind([byName('one')])
    const page = async (number: number): Promise<unknown> =>
      (await tenant.call({ path: `actions/triggers/post-login/bindings?page=${number}` })).body
    expect(await page(0)).toMatchObject({ total: 1 })
    expect(await page(1)).toEqual({ bindings: [], page: 1, per_page: 50 })
  })

  test('keep their id while the Action stays bound', async () => {
    await deployed('one')
    await deployed('two')
    await bind([byName('one'), byName('two')])
    const ids = tenant.context.store.state.bindings['post-login']?.map(({ id }) => id)
    await bind([byName('two'), byName('one')])
    expect(tenant.context.store.state.bindings['post-login']?.map(({ id }) => id)).toEqual(
      ids?.toReversed(),
    )
  })

  test.each<[string, unknown, number, string]>([
    ['an unknown Action', [byName('nobody')], 404, 'That action does not exist.'],
    ['an Action never deployed', [byName('draft')], 400, 'has not been deployed yet'],
    ['an Action of another trigger', [byName('sms')], 400, 'does not support this trigger'],
    ['no list', undefined, 400, 'bindings'],
    ['no ref', [{ display_name: 'x' }], 400, 'ref'],
    ['a ref of unknown type', [{ ref: { type: 'name', value: 'one' } }], 400, 'ref.type'],
    [
      'a ref type of Object.prototype',
      [{ ref: { type: 'constructor', value: 'x' } }],
      400,
      'ref.type',
    ],
    ['an unknown key', [{ ...byName('one'), enabled: true }], 400, 'enabled'],
    ['secrets of its own', [{ ...byName('one'), secrets: [{ name: 'S' }] }], 400, 'Secrets'],
    ['21 Actions', repeat(21, () => byName('one')), 400, 'at most 20'],
  ])('%s is refused, and nothing changes', async (_name, list, status, message) => {
    await deployed('one')
    await create({ name: 'draft' })
    await deployed('sms', { supported_triggers: [{ id: 'send-phone-message', version: 'v2' }] })
    await bind([byName('one')])
    const answer = await bind(
      Array.isArray(list) ? [byName('one'), ...(list as unknown[])].slice(-21) : list,
    )
    expect(answer).toMatchObject({ status, body: { message: expect.stringContaining(message) } })
    expect(bound()).toEqual([['one', 'one']])
  })

  test.each(['post-logn', '__proto__'])(
    'of the unknown trigger %s are refused',
    async (trigger) => {
      expect((await bind([], trigger)).status).toBe(400)
      expect((await tenant.call({ path: `actions/triggers/${trigger}/bindings` })).status).toBe(400)
    },
  )

  test('go with an Action that is deleted by force', async () => {
    const one = await deployed('one')
    await deployed('two')
    await bind([byName('one'), byName('two')])
    const path = `actions/actions/${one}`
    expect(await tenant.call({ method: 'DELETE', path })).toMatchObject({
      status: 409,
      body: { message: 'Unable to delete an action bound to a trigger.' },
    })
    expect(bound()).toHaveLength(2)
    expect((await tenant.call({ method: 'DELETE', path: `${path}?force=true` })).status).toBe(204)
    expect(bound()).toEqual([['two', 'two']])
  })
})

describe('a test run', () => {
  const event = { user: { user_id: 'auth0|1', email: 'x@example.com' }, client: {}, request: {} }
  const trace = (outcome: 'completed' | 'failed', reason?: string) => ({
    id: 'trace',
    started_at: '2026-05-01T12:00:00.000Z',
    trigger: 'post-login' as const,
    user_id: TEST_RUN_USER_ID,
    client_id: '',
    connection: '',
    protocol: '',
    outcome,
    actions: [
      {
        action: 'greet',
        handler: 'onExecutePostLogin' as const,
        outcome,
        ...(reason !== undefined && { reason }),
        commands: [],
        logs: [{ level: 'log', message: 'hello' }],
        durationMs: 5,
      },
    ],
    profile_writes: [],
  })

  const runTest = async (payload: unknown) => {
    const id = idOf(await create({ secrets: [{ name: 'KEY', value: 'v' }] }))
    return tenant.call({ method: 'POST', path: `actions/actions/${id}/test`, body: { payload } })
  }

  test('runs the draft with its secrets, for nobody', async () => {
    start.mockResolvedValue({ kind: 'denied', reason: '', trace: trace('completed') })
    expect(await runTest({ event })).toMatchObject({
      status: 200,
      body: { payload: { logs: [{ message: 'hello' }], stats: { action_duration_ms: 5 } } },
    })
    expect(start).toHaveBeenCalledWith(
      [expect.objectContaining({ name: 'greet', code: CODE, secrets: { KEY: 'v' } })],
      { ...event, user: { ...event.user, user_id: TEST_RUN_USER_ID } },
    )
  })

  test('tells the error of a handler that failed', async () => {
    start.mockResolvedValue({ kind: 'denied', reason: 'boom', trace: trace('failed', 'boom') })
    expect(await runTest({ event })).toMatchObject({
      body: { payload: { error: { name: 'Error', message: 'boom' } } },
    })
  })

  test('of an event without its members fails before the code is run', async () => {
    expect(await runTest({ event: { user: {} } })).toMatchObject({
      status: 200,
      body: { payload: { error: { name: 'TypeError' } } },
    })
    expect(start).not.toHaveBeenCalled()
  })

  test('without payload is refused', async () => {
    expect((await runTest(undefined)).status).toBe(400)
  })
})

test.each(['__proto__', 'constructor', 'nothing'])(
  'an Action with the id %s does not exist',
  async (id) => {
    expect((await tenant.call({ path: `actions/actions/${id}` })).status).toBe(404)
  },
)
