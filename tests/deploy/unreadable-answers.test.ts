/** Answers that are no answers: nothing may be planned on them, and nothing written. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { deploy } from '../../deploy/commands/deploy.ts'
import { plan } from '../../deploy/commands/plan.ts'
import { ANSWERS, parseAnswer } from '../../deploy/parse-tenant.ts'
import { readRecordings, recordingsFile } from '../../test-kit/local-tenant/recordings.ts'
import { makeCertificate, startDeployTenant } from '../../test-kit/deploy/deploy-tenant.ts'
import { fillTenant } from '../../test-kit/deploy/fill-tenant.ts'
import { runIn } from '../../test-kit/deploy/run-command.ts'
import { makeProject } from '../../test-kit/deploy/test-project.ts'

const { certificate, remove } = await makeCertificate()
const tenant = await startDeployTenant(certificate)
const project = makeProject()

beforeAll(() => fillTenant(tenant, project))

afterAll(async () => {
  await tenant.close()
  project.remove()
  remove()
})

beforeEach(() => {
  tenant.setFault(undefined)
  tenant.seen.length = 0
})

const ACTIONS = '/api/v2/actions/actions'
const BINDINGS = '/api/v2/actions/triggers/post-login/bindings'
const RAW = 'raw-value-of-the-tenant'

const CASES: [path: string, body: string, problem: string][] = [
  [ACTIONS, '{}', 'actions is missing'],
  [ACTIONS, `<html>${RAW}</html>`, 'the body is not JSON'],
  [ACTIONS, '', 'the body is missing'],
  [ACTIONS, 'null', 'the body is null'],
  [ACTIONS, '[]', 'actions is missing'],
  [ACTIONS, `"${RAW}"`, 'the body is a string'],
  [ACTIONS, `{"actions":"${RAW}"}`, 'actions is a string, not a list'],
  [ACTIONS, `{"actions":[{"name":"${RAW}"}],"total":1}`, 'actions[0].id is missing'],
  [ACTIONS, '{"actions":[],"total":3}', 'total is 3, and 0 came'],
  [BINDINGS, '{}', 'bindings is missing'],
  [BINDINGS, `<html>${RAW}</html>`, 'the body is not JSON'],
  [BINDINGS, '{"bindings":[{}],"total":1}', 'bindings[0].action is missing'],
  [BINDINGS, '{"bindings":[{"action":{"name":7}}]}', 'bindings[0].action.name is a number'],
  [BINDINGS, '{"bindings":null}', 'bindings is null, not a list'],
]

describe('an answer that cannot be read stops', () => {
  test.each(
    CASES.flatMap(([path, body, problem]) =>
      [
        { name: 'plan', work: plan, args: [] },
        { name: 'deploy', work: deploy, args: ['--yes'] },
      ].map((command) => ({ path, body, problem, ...command })),
    ),
  )('$name: GET $path is $body', async ({ path, body, problem, work, args }) => {
    tenant.setFault((seen, { response }) => {
      if (seen.path !== path || seen.method !== 'GET') return false
      response
        .status(200)
        .type(body.startsWith('<') ? 'html' : 'json')
        .send(body)
      return true
    })
    const { code, out, err } = await runIn(project, tenant, work, args)
    expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining('[answer_unreadable]') })
    expect(err).toContain(`GET ${path}`)
    expect(err).toContain(problem)
    expect(err).toContain('Nothing was written.')
    expect(out + err).not.toContain(RAW)
    expect(tenant.writes()).toEqual([])
  })

  test.each([
    ['{}', 'access_token is missing'],
    [`<html>${RAW}</html>`, 'the body is not JSON'],
    ['{"access_token":""}', 'access_token is an empty string'],
  ])('plan: the answer to POST /oauth/token is %s', async (body, problem) => {
    tenant.setFault(({ path }, { response }) => {
      if (path === '/oauth/token') response.status(200).type('json').send(body)
      return path === '/oauth/token'
    })
    const { code, out, err } = await runIn(project, tenant, plan)
    expect(code).toBe(1)
    expect(err).toContain('POST /oauth/token')
    expect(err).toContain(problem)
    expect(out + err).not.toContain(RAW)
  })

  test('nothing when it has members that nobody knows', async () => {
    tenant.setFault((_seen, { response }) => {
      const json = response.json.bind(response)
      response.json = (body: object) => json({ ...body, unknown: { member: RAW } })
      return false
    })
    expect(await runIn(project, tenant, plan)).toMatchObject({ code: 0 })
  })
})

describe('recorded answers of Auth0', () => {
  const recordings = readRecordings()
  if (recordings === undefined && process.env['REQUIRE_RECORDINGS'] !== '1') {
    const reason = `${recordingsFile()} is not on this machine`
    console.warn(`Skipped, because ${reason}.`)
    test.skip(`are all read (${reason})`, () => undefined)
    return
  }

  const schemaFor = (method: string, path: string) => {
    const [bare = ''] = path.split('?')
    if (/\/deploy$/.test(bare)) return ANSWERS.version
    if (method !== 'GET') return undefined
    if (/\/actions\/actions$/.test(bare)) return ANSWERS.actions
    if (/\/actions\/actions\/[^/]+$/.test(bare)) return ANSWERS.action
    if (/\/versions$/.test(bare)) return ANSWERS.versions
    if (/\/versions\/[^/]+$/.test(bare)) return ANSWERS.version
    return /\/bindings$/.test(bare) ? ANSWERS.bindings : undefined
  }

  test('are all read', () => {
    let count = 0
    for (const { method, path, status, response } of recordings ?? []) {
      const schema = schemaFor(method, path)
      if (schema === undefined || status >= 300) continue
      expect(() => parseAnswer<unknown>(`${method} ${path}`, schema, response)).not.toThrow()
      count += 1
    }
    expect(count).toBeGreaterThan(80)
  })
})
