/**
 * The steps of the workflows, run as a runner runs them: by bash, with the npm scripts of this
 * repository, the untouched Deploy CLI, and a local tenant in the place of each environment.
 */
import { execFileSync, spawn } from 'node:child_process'
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, jest, test } from '@jest/globals'
import { parse } from 'yaml'
import {
  CLIENT_ID,
  CLIENT_SECRET,
  makeCertificate,
  startDeployTenant,
} from '../../test-kit/deploy/deploy-tenant.ts'
import type { DeployTenant } from '../../test-kit/deploy/deploy-tenant.ts'
import { FIXTURE, REPOSITORY } from '../../test-kit/fixture-project.ts'

jest.setTimeout(600_000)

const { certificate, remove } = await makeCertificate()
const staging = await startDeployTenant(certificate)
const production = await startDeployTenant(certificate)

/** The checkout and its remote: what a step writes stays out of the repository. */
const checkout = mkdtempSync(join(tmpdir(), 'deploy-checkout-'))
const remote = mkdtempSync(join(tmpdir(), 'deploy-remote-'))
cpSync(FIXTURE, checkout, {
  recursive: true,
  filter: (path) => path !== join(FIXTURE, 'dist'),
})
cpSync(join(REPOSITORY, '.gitignore'), join(checkout, '.gitignore'))
mkdirSync(join(checkout, 'environments'))
symlinkSync(join(realpathSync(REPOSITORY), 'node_modules'), join(checkout, 'node_modules'))
for (const [name, { domain }] of Object.entries({ staging, production })) {
  writeFileSync(join(checkout, 'environments', `${name}.json`), JSON.stringify({ domain }))
}

const git = (...args: string[]): string =>
  execFileSync('git', args, { cwd: checkout, encoding: 'utf8', stdio: 'pipe' })
git('init', '--quiet', '--bare', remote)
git('init', '--quiet')
git('remote', 'add', 'origin', remote)

afterAll(async () => {
  await staging.close()
  await production.close()
  rmSync(checkout, { recursive: true })
  rmSync(remote, { recursive: true })
  remove()
})

interface Step {
  id?: string
  run?: string
  env?: Record<string, string>
}

const stepOf = (file: string, job: string, script: string): Step =>
  stepThat(file, job, `npm run --silent ${script}`)

const stepThat = (file: string, job: string, words: string): Step => {
  const { jobs } = parse(readFileSync(join(REPOSITORY, '.github/workflows', file), 'utf8')) as {
    jobs: Record<string, { steps: Step[] }>
  }
  const found = jobs[job]?.steps.find(({ run = '' }) => run.includes(words))
  if (found === undefined) throw new Error(`${file} ${job} has no step that runs ${words}`)
  return found
}

const SECRETS = {
  AUTH0_CLIENT_SECRET: CLIENT_SECRET,
  TERMS_TOKEN_SECRET: 'Zk3v9Qx7Lw2Tr8Yp5Nm1Bc6Hd4Jf0Gs-Aa',
  // GitHub gives an empty text for a secret that is not set.
  TERMS_TOKEN_SECRET_PREVIOUS: '',
  CUSTOMER_TOKEN: 'ct_7Hq2Vx9Lm4Rz8Kp1',
}

interface Ran {
  code: number | null
  output: string
  /** What the step left in the summary of the job. */
  summary: string
  /** Its outputs. */
  outputs: Record<string, string>
}

const runStep = async (
  { run = '', env = {} }: Step,
  tenant: DeployTenant,
  given: Record<string, string> = {},
): Promise<Ran> => {
  const values: Record<string, string> = {
    'github.token': 'the-token-of-the-repository',
    'vars.AUTH0_DOMAIN': tenant.domain,
    'vars.AUTH0_CLIENT_ID': CLIENT_ID,
    'vars.TERMS_URL': 'https://pages.example.com/terms',
    'vars.CUSTOMER_URL': 'https://customers.example.com/lookup',
    ...Object.fromEntries(
      Object.entries(SECRETS).map(([name, value]) => [`secrets.${name}`, value]),
    ),
    ...given,
  }
  const evaluate = (text: string): string =>
    text.replaceAll(/\$\{\{ ([\w.-]+) \}\}/g, (_, name: string) => {
      const value = values[name]
      if (value === undefined) throw new Error(`The step needs ${name}`)
      return value
    })
  const files = { summary: join(checkout, 'summary'), outputs: join(checkout, 'outputs') }
  for (const file of Object.values(files)) writeFileSync(file, '')
  const { code, output } = await runBash(run, {
    PATH: process.env['PATH'] ?? '',
    HOME: checkout,
    NODE_EXTRA_CA_CERTS: certificate.caFile,
    GITHUB_STEP_SUMMARY: files.summary,
    GITHUB_OUTPUT: files.outputs,
    ...Object.fromEntries(Object.entries(env).map(([name, text]) => [name, evaluate(text)])),
  })
  const outputs = readFileSync(files.outputs, 'utf8').trim().split('\n')
  return {
    code,
    output,
    summary: readFileSync(files.summary, 'utf8'),
    outputs: Object.fromEntries(
      outputs.filter(Boolean).map((line) => line.split('=', 2) as [string, string]),
    ),
  }
}

const runBash = (
  script: string,
  env: Record<string, string>,
): Promise<{ code: number | null; output: string }> =>
  new Promise((resolve, reject) => {
    const child = spawn('bash', ['-e', '-c', script], { cwd: checkout, env })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => (output += chunk.toString()))
    }
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, output }))
  })

const succeed = async (...args: Parameters<typeof runStep>): Promise<Ran> => {
  const ran = await runStep(...args)
  expect(ran).toEqual({ ...ran, code: 0 })
  return ran
}

/** The steps of a job that run `npm run <script>`, in order. */
const runJob = async (
  file: string,
  job: string,
  scripts: readonly string[],
  tenant: DeployTenant,
  given: Record<string, string> = {},
): Promise<Ran> => {
  let last: Ran | undefined
  for (const script of scripts) {
    last = await runStep(stepOf(file, job, script), tenant, given)
    if (last.code !== 0) return last
  }
  if (last === undefined) throw new Error('no script')
  return last
}

test('from a pull request to production, a quiet night, an edit in the dashboard and a rollback', async () => {
  const planStaging = (...before: string[]): Promise<Ran> =>
    runJob('pull-request.yml', 'plan', [...before, 'plan'], staging)
  expect((await planStaging()).summary).toContain('5 to create')
  expect(readFileSync(join(checkout, 'plan-staging.md'), 'utf8')).toContain('### Plan for')
  expect(staging.writes()).toEqual([])

  const { outputs } = await succeed(stepOf('deploy.yml', 'check', 'validate'), staging)
  const bundles = { 'needs.check.outputs.bundles': outputs['bundles'] ?? '' }
  expect(outputs['bundles']).toMatch(/^[0-9a-f]{64}$/)

  const deployed = await runJob('deploy.yml', 'staging', ['deploy'], staging, bundles)
  expect(deployed).toMatchObject({ code: 0, summary: expect.stringContaining('done') })
  expect(deployed.output).toContain(`Live bundles: sha256:${outputs['bundles'] ?? ''}`)
  for (const value of Object.values(SECRETS).filter(Boolean)) {
    expect(deployed.output + deployed.summary).not.toContain(value)
  }
  await succeed(stepOf('deploy.yml', 'staging', 'record -- push'), staging)
  rmSync(join(checkout, 'deployments'), { recursive: true })
  expect((await planStaging('record -- pull')).summary).toContain('Nothing to do')

  // Production as staging is, so that the Deploy CLI has not to be waited for once more.
  production.state.actions = structuredClone(staging.state.actions)
  production.state.bindings = structuredClone(staging.state.bindings)
  const planProduction = async (): Promise<Ran> => {
    const planned = await runJob('deploy.yml', 'plan-production', ['plan'], production)
    const { outputs } = await succeed(
      stepThat('deploy.yml', 'plan-production', 'tenant-state)'),
      production,
    )
    return { ...planned, outputs }
  }
  const planned = await planProduction()
  expect(planned.summary).toContain('In no record')
  const agreed = {
    ...bundles,
    'needs.plan-production.outputs.state': planned.outputs['state'] ?? '',
  }
  const toProduction = (given: Record<string, string>): Promise<Ran> =>
    runJob('deploy.yml', 'production', ['deploy'], production, given)
  expect(await toProduction(agreed)).toMatchObject({
    code: 0,
    summary: expect.stringContaining('nothing to do'),
  })
  // The deploy put production on record, so what was planned before it is stale.
  expect(await toProduction(agreed)).toMatchObject({
    code: 1,
    output: expect.stringContaining('[tenant_changed]'),
  })
  const others = { ...agreed, 'needs.check.outputs.bundles': 'f'.repeat(64) }
  expect(await toProduction(others)).toMatchObject({ code: 1 })
  expect(production.writes()).toEqual([])

  const night = (): Promise<Ran> =>
    runJob('drift.yml', 'drift', ['drift'], production, {
      'matrix.tenant': 'production',
    })
  expect(await night()).toMatchObject({ code: 0 })
  const edited = production.action('add-claims')
  const version = edited?.versions.at(-1)
  if (edited === undefined || version === undefined) throw new Error('not there')
  version.code = `${version.code}// hotfix\n`
  expect(await night()).toMatchObject({
    code: 2,
    summary: expect.stringContaining('was edited in the tenant'),
  })

  const rollBack = (tenant: DeployTenant, given: Record<string, string>): Promise<Ran> =>
    runJob('rollback.yml', 'rollback', ['rollback'], tenant, {
      'inputs.action': '',
      'inputs.version': '',
      ...given,
    })
  expect(
    await rollBack(production, {
      'inputs.tenant': 'production',
      'inputs.action': 'add-claims',
      'inputs.version': '7',
    }),
  ).toMatchObject({ code: 1, output: expect.stringContaining('has no version 7; it has 1') })
  expect(await rollBack(staging, { 'inputs.tenant': 'staging' })).toMatchObject({ code: 0 })
  expect([staging.bound(), Object.keys(staging.state.actions)]).toEqual([[], []])
  expect((await planStaging()).summary).toContain('5 to create')
})
