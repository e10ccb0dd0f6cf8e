/** What the team's environments and pipelines owe to the team's tenant.yaml. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { parse } from 'yaml'
import { REPOSITORY } from '../../test-kit/fixture-project.ts'

const read = (...path: string[]): string => readFileSync(join(REPOSITORY, ...path), 'utf8')

const markers = Array.from(read('tenant.yaml').matchAll(/@@(\w+)@@/g), ([, name]) => name ?? '')

const folder = join('.github', 'workflows')
const workflows = readdirSync(join(REPOSITORY, folder)).map((file) => read(folder, file))
const names = [
  ...new Set(
    workflows.flatMap((text) =>
      Array.from(text.matchAll(/--env ([a-z]+)/g), ([, name]) => name ?? ''),
    ),
  ),
]

interface Workflow {
  jobs: Record<string, { steps: { run?: string; env?: Record<string, string> }[] } | undefined>
}

describe('environments', () => {
  test('every deploy is handed every secret of tenant.yaml', () => {
    const { jobs } = parse(read(folder, 'deploy.yml')) as Workflow
    for (const name of names) {
      const step = jobs[name]?.steps.find(({ run = '' }) => run.includes('npm run --silent deploy'))
      expect(Object.keys(step?.env ?? {})).toEqual(expect.arrayContaining(markers))
    }
  })

  test('every environment that a pipeline names has its domain and an example', () => {
    const files = readdirSync(join(REPOSITORY, 'environments'))
    for (const name of names) {
      expect(files).toEqual(expect.arrayContaining([`${name}.json`, `${name}.env.example`]))
    }
  })

  test('the domain of an environment has one home, and no example repeats it', () => {
    for (const name of names) {
      expect(JSON.parse(read('environments', `${name}.json`))).toEqual({
        domain: expect.stringMatching(/\S/),
      })
      expect(read('environments', `${name}.env.example`)).not.toContain('AUTH0_DOMAIN')
    }
  })

  test('each example names every secret of tenant.yaml and holds no value of one', () => {
    for (const name of names) {
      const text = read('environments', `${name}.env.example`)
      for (const marker of markers) expect(text).toMatch(new RegExp(`^#? ?${marker}=`, 'm'))
      expect(text).not.toMatch(/^#? ?\w*(SECRET|TOKEN)\w*=./m)
    }
  })
})
