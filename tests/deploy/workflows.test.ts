/** The pipelines, read as data and held to what makes them safe. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { parse, parseDocument } from 'yaml'
import { FIXTURE } from '../../test-kit/fixture-project.ts'

const root = join(import.meta.dirname, '../..')
const folder = join(root, '.github/workflows')
const files = readdirSync(folder).sort()
const scripts = Object.keys(
  (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: object }).scripts,
)

interface Step {
  name?: string
  if?: string
  uses?: string
  run?: string
  env?: Record<string, string>
  with?: Record<string, unknown>
}

interface Job {
  name?: string
  if?: string
  environment?: string
  steps: Step[]
  'timeout-minutes'?: number
  permissions?: unknown
  outputs?: Record<string, string>
}

interface Workflow {
  on: Record<string, unknown>
  permissions: unknown
  concurrency?: { group: string; 'cancel-in-progress': boolean }
  jobs: Record<string, Job>
}

const textOf = (file: string): string => readFileSync(join(folder, file), 'utf8')
const workflowOf = (file: string): Workflow => parse(textOf(file)) as Workflow
const jobsOf = (file: string): [string, Job][] => Object.entries(workflowOf(file).jobs)
const stepsOf = (file: string): Step[] => jobsOf(file).flatMap(([, { steps }]) => steps)

/** The step of a job that runs `npm run <script>`. */
const stepThat = (job: Job | undefined, script: string): Step | undefined =>
  job?.steps.find(({ run = '' }) => run.includes(`npm run --silent ${script} `))

const writesTenant = ({ steps }: Job): boolean =>
  steps.some(({ run = '' }) => /npm run --silent (deploy|rollback)/.test(run))

/** `npm run X` in any text, without options of npm. */
const scriptsIn = (text: string): string[] =>
  Array.from(text.matchAll(/npm run (?:--silent )?([\w:-]+)/g), ([, name]) => name ?? '')

test('there is one workflow for pull requests, for main, for the night and for a bad day', () => {
  expect(files).toEqual(['deploy.yml', 'drift.yml', 'pull-request.yml', 'rollback.yml'])
})

describe.each(files)('%s', (file) => {
  test('is YAML without an error or a doubled key', () => {
    const document = parseDocument(textOf(file))
    expect([...document.errors, ...document.warnings]).toEqual([])
  })

  test('may only read the repository, but for the jobs that put a deploy on record', () => {
    expect(workflowOf(file).permissions).toEqual({ contents: 'read' })
    for (const [, job] of jobsOf(file)) {
      expect(job.permissions).toEqual(writesTenant(job) ? { contents: 'write' } : undefined)
    }
  })

  test('gives the token of the repository to the record alone', () => {
    for (const step of stepsOf(file)) {
      const isRecord = /^npm run --silent record -- (pull|push)$/.test(step.run ?? '')
      expect(JSON.stringify(step).includes('github.token')).toBe(isRecord)
    }
  })

  test('reads what was deployed last before it plans, compares or writes', () => {
    for (const [, { steps }] of jobsOf(file)) {
      const at = (script: RegExp): number => steps.findIndex(({ run = '' }) => script.test(run))
      const first = at(/npm run --silent (plan|drift|deploy|rollback) /)
      if (first === -1) continue
      const pulls = at(/npm run --silent record -- pull/)
      expect(pulls).toBeGreaterThan(-1)
      expect(pulls).toBeLessThan(first)
    }
  })

  test('puts on record what it wrote, also when the writing failed', () => {
    for (const [, job] of jobsOf(file).filter(([, candidate]) => writesTenant(candidate))) {
      const { if: condition, run } = job.steps.at(-1) ?? {}
      expect([condition, run]).toEqual(['${{ always() }}', 'npm run --silent record -- push'])
    }
  })

  test('pins every action by commit, with its tag beside it, and keeps no credentials', () => {
    const lines = textOf(file)
      .split('\n')
      .filter((line) => /\buses:/.test(line))
    expect(lines).not.toEqual([])
    for (const line of lines)
      expect(line).toMatch(/uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/)
    for (const { uses, with: options } of stepsOf(file)) {
      if (uses?.startsWith('actions/checkout@'))
        expect(options).toMatchObject({ 'persist-credentials': false })
    }
  })

  test('puts no expression into a shell, where its value would be code', () => {
    for (const { run = '' } of stepsOf(file)) expect(run).not.toContain('${{')
  })

  test('cannot run twice at once, nor for hours', () => {
    const { concurrency, jobs } = workflowOf(file)
    expect(concurrency?.group).toMatch(/\S/)
    for (const job of Object.values(jobs)) expect(job['timeout-minutes']).toBeLessThanOrEqual(30)
  })

  test('runs scripts that package.json has, and nothing of its own that deploys', () => {
    const runs = stepsOf(file).map(({ run = '' }) => run)
    for (const name of runs.flatMap(scriptsIn)) expect(scripts).toContain(name)
    for (const run of runs) expect(run).not.toMatch(/a0deploy|npx|auth0-deploy-cli|curl/)
  })

  test('names every step as what it keeps true', () => {
    for (const { name } of stepsOf(file)) expect(name).toMatch(/\S/)
  })

  test('runs nothing with the rights of the base of a pull request', () => {
    expect(Object.keys(workflowOf(file).on)).not.toContain('pull_request_target')
    expect(Object.keys(workflowOf(file).on)).not.toContain('workflow_run')
  })
})

describe('credentials', () => {
  const withSecrets = files.flatMap((file) =>
    jobsOf(file)
      .filter(([, job]) => JSON.stringify(job).includes('secrets.'))
      .map(([name, job]) => [`${file} ${name}`, job] as const),
  )

  test.each(withSecrets)('%s gets them from an environment', (_, job) => {
    expect(job.environment).toMatch(/\S/)
  })

  test.each(withSecrets)('%s gives them to one step only', (_, job) => {
    const steps = job.steps.filter((step) => JSON.stringify(step).includes('secrets.'))
    expect(steps).toHaveLength(1)
  })

  test.each(withSecrets)('%s reads with a client that can only read', (_, job) => {
    expect(job.environment?.endsWith('-read')).toBe(!writesTenant(job))
  })

  test('a pull request from a fork gets none', () => {
    const { plan } = workflowOf('pull-request.yml').jobs
    expect(plan?.if).toBe('github.event.pull_request.head.repo.full_name == github.repository')
  })
})

describe('the way to production', () => {
  const { jobs, concurrency } = workflowOf('deploy.yml')
  const needs = (name: string): unknown => (jobs[name] as { needs?: unknown }).needs

  test('leads through the checks, staging and a plan to read before the approval', () => {
    expect(needs('staging')).toBe('check')
    expect(needs('plan-production')).toBe('staging')
    expect(needs('production')).toEqual(['check', 'plan-production'])
    expect(jobs['production']?.environment).toBe('production')
  })

  test('a deploy is never cut off by the next', () => {
    expect(concurrency).toEqual({ group: 'deploy', 'cancel-in-progress': false })
  })

  test('a rollback waits for no deploy, which may be waiting for an approval itself', () => {
    expect(workflowOf('rollback.yml').concurrency).toEqual({
      group: 'rollback-${{ inputs.tenant }}',
      'cancel-in-progress': false,
    })
  })

  test('production gets the deploy that was planned for, or none when it changed since', () => {
    const [plan, deploy] = ['plan-production', 'production'].map((name) => jobs[name])
    const runs = (plan?.steps ?? []).map(({ run = '' }) => run).join('')
    expect(runs).toContain('--state tenant-state')
    expect(plan?.outputs).toEqual({ state: '${{ steps.state.outputs.state }}' })
    expect(stepThat(deploy, 'deploy')?.run).toContain('--expect-tenant "$STATE"')
    expect(stepThat(deploy, 'deploy')?.env?.['STATE']).toBe(
      '${{ needs.plan-production.outputs.state }}',
    )
  })

  test('staging and production get the bundles that were checked', () => {
    for (const name of ['staging', 'production']) {
      const step = stepThat(jobs[name], 'deploy')
      expect(step?.run).toContain('--expect "$BUNDLES"')
      expect(step?.env?.['BUNDLES']).toBe('${{ needs.check.outputs.bundles }}')
    }
  })
})

test('the pipelines deploy to staging and production', () => {
  const names = files.flatMap((file) =>
    Array.from(textOf(file).matchAll(/--env ([a-z]+)/g), ([, name]) => name ?? ''),
  )
  expect([...new Set(names)].sort()).toEqual(['production', 'staging'])
})

describe('the example for GitLab', () => {
  const example = readFileSync(join(root, 'docs/gitlab-ci.example.yml'), 'utf8')

  test('hands every secret of tenant.yaml to a deploy', () => {
    const tenantYaml = readFileSync(join(FIXTURE, 'tenant.yaml'), 'utf8')
    for (const [marker] of tenantYaml.matchAll(/(?<=@@)\w+(?=@@)/g))
      expect(example).toContain(marker)
  })

  test('is YAML and runs the same scripts', () => {
    expect(parseDocument(example).errors).toEqual([])
    const names = new Set(scriptsIn(example))
    for (const name of names) expect(scripts).toContain(name)
    expect([...names].sort()).toEqual([
      'check',
      'deploy',
      'drift',
      'plan',
      'record',
      'rollback',
      'validate',
    ])
  })
})
