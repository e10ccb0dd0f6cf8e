import { describe, expect, jest, test } from '@jest/globals'
import {
  dueTasks,
  runTasks,
  TASKS,
  type Task,
  type TaskFacts,
} from '../../../actions/enrich-profile/tasks.ts'

const factsOf = (app_metadata: unknown, userId = 'auth0|65a4e8f0c1d2e3f4a5b6c7d8'): TaskFacts => ({
  userId,
  metadata: { app_metadata, user_metadata: {} },
})
const never = new AbortController().signal

describe('a task', () => {
  test.each<[string, unknown, string[]]>([
    ['without a flag is due', {}, ['a', 'b']],
    ['with a flag is not', { tasks: { a: '2026-01-01T00:00:00.000Z' } }, ['b']],
    ['is not due whatever the flag is', { tasks: { a: false, b: null } }, []],
    ['is due where the flags are a list', { tasks: ['a', 'b'] }, ['a', 'b']],
    ['is due where the flags are a text', { tasks: 'a' }, ['a', 'b']],
    ['is due where there is no metadata', undefined, ['a', 'b']],
  ])('%s', (_title, app_metadata, due) => {
    expect(dueTasks(['a', 'b'], factsOf(app_metadata))).toEqual(due)
  })

  test('has no flag by a name that objects inherit', () => {
    expect(dueTasks(['constructor'], factsOf({ tasks: {} }))).toEqual(['constructor'])
  })

  test('that fails, cannot be done yet or is not there leaves the others', async () => {
    const tasks: Record<string, Task> = {
      fails: () => {
        throw new Error('about grace@example.com')
      },
      rejects: async () => Promise.reject(new Error('down')),
      waits: () => undefined,
      works: async () => Promise.resolve({ plan: 'free' }),
      leavesNothing: () => ({}),
    }
    const names = [...Object.keys(tasks), 'missing']
    expect(await runTasks(names, factsOf({}), never, tasks)).toEqual({
      done: [
        { name: 'leavesNothing', values: {} },
        { name: 'works', values: { plan: 'free' } },
      ],
      notes: [
        { code: 'task_failed', target: 'fails' },
        { code: 'task_failed', target: 'rejects' },
      ],
    })
  })

  test('that hangs ends with the time of the Action', async () => {
    const stop = new AbortController()
    const hangs = jest.fn<Task>(() => new Promise(() => undefined))
    const running = runTasks(['hangs', 'works'], factsOf({}), stop.signal, {
      hangs,
      works: () => ({ plan: 'free' }),
    })
    await new Promise((resolve) => setImmediate(resolve))
    stop.abort()
    expect(await running).toEqual({
      done: [{ name: 'works', values: { plan: 'free' } }],
      notes: [{ code: 'task_failed', target: 'hangs' }],
    })
    expect(hangs).toHaveBeenCalledTimes(1)
    expect((await runTasks(['hangs'], factsOf({}), stop.signal, { hangs })).done).toEqual([])
    expect(hangs).toHaveBeenCalledTimes(1)
  })
})

describe('the customer id', () => {
  const assign = (facts: TaskFacts) => TASKS.assign_customer_id(facts)

  test('says nothing of the user id, is the same each time and another for each user', () => {
    const { customer_id } = assign(factsOf({})) as { customer_id: string }
    expect(customer_id).toMatch(/^cus_[0-9a-f]{24}$/)
    expect(assign(factsOf({}))).toEqual({ customer_id })
    expect(assign(factsOf({}, 'auth0|another'))).not.toEqual({ customer_id })
    expect(customer_id).not.toContain('65a4e8')
  })

  test.each([['C-0815'], [4711], [0], [{ crm: 'C-0815' }]])(
    'that another system set, %j, stays',
    (customer_id) => {
      expect(assign(factsOf({ customer_id }))).toEqual({})
    },
  )

  test.each([[''], [null]])('that is %j is none', (customer_id) => {
    expect(assign(factsOf({ customer_id }))).toHaveProperty('customer_id')
  })
})
