/** What others wrote, drawn at random, through every printer of `deploy/`. */
import { afterAll, describe, expect, jest, test } from '@jest/globals'
import fc from 'fast-check'
import { marked } from 'marked'
import { parse } from 'node-html-parser'
import type { Command } from '../../deploy/commands/command.ts'
import { runToExitCode } from '../../cli/run-command.ts'
import { plan } from '../../deploy/commands/plan.ts'
import { explainDeployCli } from '../../deploy/explain-deploy-cli.ts'
import { code, fence, mdLine } from '../../deploy/markdown.ts'
import { planDeployment, type Plan } from '../../deploy/plan-deployment.ts'
import { renderOutcome, renderOutcomeMarkdown } from '../../deploy/render-outcome.ts'
import { renderPlan, renderPlanMarkdown } from '../../deploy/render-plan.ts'
import { forTerminal, oneLine, oneLineStrings, safeJson } from '../../cli/safe-text.ts'
import {
  aRepository,
  aRepositoryAction,
  aTenant,
  aTenantAction,
} from '../../test-kit/deploy/builders.ts'
import { makeCertificate, startDeployTenant } from '../../test-kit/deploy/deploy-tenant.ts'
import { runIn, SECRETS } from '../../test-kit/deploy/run-command.ts'
import { makeProject } from '../../test-kit/deploy/test-project.ts'

jest.setTimeout(60_000)

const { certificate, remove } = await makeCertificate()
const tenant = await startDeployTenant(certificate)
const project = makeProject()

afterAll(async () => {
  await tenant.close()
  project.remove()
  remove()
})

/** Pieces that steer something, among ordinary ones. */
const PIECES = [
  ...['::error::x', '::set-output name=a::b', ':', '##[error]', '###[x]', '##vso[task.x]', '#'],
  ...['\u001b[2J', '\u001b]0;t\u0007', '\u009b31m', '\u0085', '\u2028', '\u2029', '\u202e'],
  ...['\u2066', '\u200b', '\ufeff', '\u00a0', '\u3000', '\ud800', '\u{e0001}', '\u0000', '\u007f'],
  ...['\n', '\r', '\r\n', '\t', '\v', '\f', ' ', '|', '\\', '\\|', '`', '```', '<img src=x>'],
  ...['</code>', '</details>', '<!--', '&amp;', '[a](javascript:x)', '![a](x)', '* ', '_', '~~'],
  ...['https://evil.example', 'www.evil.example', '- ', '# ', '1. ', '---', '$', 'name', 'é', '👩‍👩‍👧'],
]

const evil = fc.oneof(
  fc.array(fc.constantFrom(...PIECES), { minLength: 1, maxLength: 8 }).map((all) => all.join('')),
  fc.string({ unit: 'binary', maxLength: 20 }),
)

/** No character that steers, and no line that a CI takes as a command. */
const expectSafe = (text: string): void => {
  expect(text).not.toMatch(/(?![\n\t])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u)
  expect(text.split('\n').filter((line) => line.trimStart().startsWith('::'))).toEqual([])
  expect(text).not.toMatch(/##\w*\[/)
}

const RUNS = { numRuns: 500 }

describe('any text', () => {
  test('steers no terminal and gives no command to a CI, and ordinary text stays as it is', () => {
    fc.assert(
      fc.property(evil, (text) => {
        expectSafe(forTerminal(text))
        expect(forTerminal(forTerminal(text))).toBe(forTerminal(text))
        expect(forTerminal(`x ${oneLine(text)}`)).not.toMatch(/[\n\t]/)
      }),
      RUNS,
    )
    expect(forTerminal('Größe: ~ a → b\n\t- "x" :: y # [z]')).toBe(
      'Größe: ~ a → b\n\t- "x" :: y # [z]',
    )
    expect(forTerminal('\u001b[2J\n ::error::x ##[group]')).toBe(
      '\\u001b[2J\n : :error::x # #[group]',
    )
  })

  test('as JSON is the same value, and already safe', () => {
    fc.assert(
      fc.property(fc.dictionary(evil, fc.oneof(evil, fc.array(evil))), (value) => {
        const text = safeJson(value)
        expectSafe(text)
        expect(forTerminal(text)).toBe(text)
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)))
      }),
      RUNS,
    )
  })

  test('in Markdown is text: it opens no element, no link and no cell', () => {
    fc.assert(
      fc.property(evil, evil, (one, other) => {
        const source = ['| a | b |', '| --- | --- |', mdLine`| ${one} | ${code(other)} |`.source]
        expectSafe(source.join('\n'))
        const page = parse(marked.parse(source.join('\n'), { async: false, gfm: true }))
        expect(page.querySelectorAll('tbody td')).toHaveLength(2)
        const made = page.querySelectorAll('tbody td *').map(({ rawTagName }) => rawTagName)
        expect(made.filter((name) => name !== 'code')).toEqual([])
      }),
      RUNS,
    )
  })

  test('in a fence of Markdown does not get out of it', () => {
    fc.assert(
      fc.property(evil, (text) => {
        const page = parse(marked.parse(fence('diff', `+${text}`).source, { async: false }))
        const made = page.querySelectorAll('*').map(({ rawTagName }) => rawTagName)
        expect(made.filter((name) => name !== 'pre' && name !== 'code')).toEqual([])
      }),
      RUNS,
    )
  })
})

/** A plan in which everything that a tenant can name has the names given. */
const planWith = (name: string, text: string): Plan => {
  const repository = aRepository([
    aRepositoryAction('first', { secretNames: ['API_KEY'] }),
    aRepositoryAction('second'),
  ])
  const found = aTenant({ deployed: repository, bound: ['first', `${name} by others`, 'second'] })
  const [first] = found.actions
  if (first?.deployed === undefined) throw new Error('not there')
  first.deployed.code = `${first.deployed.code}${text}`
  first.deployed.runtime = name
  first.deployed.dependencies = [{ name, version: name }]
  first.deployed.secretNames = [name]
  first.status = 'failed'
  first.buildErrors = [name]
  found.actions.push(aTenantAction(aRepositoryAction(`${name} by others`)))
  const plan = planDeployment(repository, found)
  const problem = { path: name, message: name, code: 'name_taken' }
  return { ...plan, problems: [...plan.problems, problem], notes: [...plan.notes] }
}

const withoutDiffs = (plan: Plan): Plan => ({
  ...plan,
  actions: plan.actions.map((action) => ({ ...action, codeDiff: '' })),
})

const linesOf = (text: string): number => text.split('\n').length

describe('the plan and the outcome', () => {
  test('keep their lines whatever a tenant calls its Actions, secrets and packages', () => {
    fc.assert(
      fc.property(evil, (name) => {
        const strange = withoutDiffs(planWith(name, ''))
        const plain = withoutDiffs(planWith('name', ''))
        const outcomeOf = (plan: Plan, text: string): Parameters<typeof renderOutcome>[0] => ({
          kind: 'restored',
          plan,
          code: 'tenant_failed',
          reason: [text],
          done: {
            actions: [{ name: text, id: text, created: true }],
            bindings: [{ trigger: text, before: [], after: [] }],
            deleted: [text],
          },
          restored: { done: [text], left: [text], failed: [text] },
        })
        expect(linesOf(renderPlan(strange))).toBe(linesOf(renderPlan(plain)))
        expect(linesOf(renderPlanMarkdown(strange))).toBe(linesOf(renderPlanMarkdown(plain)))
        expect(linesOf(renderOutcome(outcomeOf(strange, name)))).toBe(
          linesOf(renderOutcome(outcomeOf(plain, 'x'))),
        )
        expect(linesOf(renderOutcomeMarkdown(outcomeOf(strange, name)))).toBe(
          linesOf(renderOutcomeMarkdown(outcomeOf(plain, 'x'))),
        )
      }),
      { numRuns: 200 },
    )
  })

  test('as Markdown make the elements that they always make, and no others', () => {
    const elements = (text: string): Record<string, number> => {
      const names = parse(marked.parse(text, { async: false, gfm: true }))
        .querySelectorAll('*')
        .map(({ rawTagName }) => rawTagName)
      return Object.fromEntries(
        [...new Set(names)].map((name) => [name, names.filter((other) => other === name).length]),
      )
    }
    const plain = elements(renderPlanMarkdown(planWith('name', 'x')))
    fc.assert(
      fc.property(evil, evil, (name, text) => {
        const source = renderPlanMarkdown(planWith(name, `x${text}`))
        expectSafe(source)
        expect(elements(source)).toEqual(plain)
      }),
      { numRuns: 200 },
    )
  })

  test('are printed without a character that steers or a line that commands', async () => {
    await fc.assert(
      fc.asyncProperty(evil, evil, async (name, text) => {
        const printed: string[] = []
        const keep = (line: string): void => void printed.push(line)
        const found = planWith(name, text)
        await runToExitCode(
          ({ print, tell }) => {
            print(renderPlan(found))
            print(renderPlanMarkdown(found))
            print(safeJson(found))
            tell(text)
            throw explainDeployCli(1, text)
          },
          { ...STUB, print: keep, tell: keep },
        )
        expect(printed).toHaveLength(5)
        for (const each of printed) expectSafe(each)
        expect(JSON.parse(printed[2] ?? '')).toEqual(JSON.parse(JSON.stringify(found)))
      }),
      { numRuns: 200 },
    )
  })

  test('leave a name as it is where it is compared, and change it only where it is shown', () => {
    expect(oneLineStrings({ a: ['x\ny'], keep: 'x\ny', n: 1, no: null }, ['keep'])).toEqual({
      a: ['x\\u000ay'],
      keep: 'x\ny',
      n: 1,
      no: null,
    })
  })
})

const STUB: Command = {
  root: project.root,
  args: [],
  env: {},
  print: () => undefined,
  tell: () => undefined,
  progress: (_text, work) => work(() => undefined),
  leaves: () => undefined,
  fetch: tenant.fetch,
  runCli: () => Promise.reject(new Error('not here')),
}

test('what a tenant answers with an error reaches no terminal and no CI raw', async () => {
  tenant.setFault((_, { response }) => {
    response.status(400).json({
      error: 'x\n::error::from the token endpoint',
      error_description: 'red \u001b[31m\u009b31m\n##[error]from the token endpoint',
    })
    return true
  })
  const { code: exitCode, err } = await runIn(project, tenant, plan, [], {
    env: { ...tenant.env, ...SECRETS, AUTH0_API_MAX_RETRIES: '0' },
  })
  expect(exitCode).toBe(1)
  expect(err).toContain('from the token endpoint')
  expectSafe(err)
})

test.each(['--json', '--markdown', undefined])(
  'plan %s shows an Action of others by a name that steers nothing',
  async (option) => {
    tenant.setFault(undefined)
    tenant.addForeign('x\n::error::\u001b[2J|`<img src=x>\u202e')
    tenant.bind('x\n::error::\u001b[2J|`<img src=x>\u202e')
    const { out } = await runIn(project, tenant, plan, option === undefined ? [] : [option])
    expect(out).toContain('error::')
    expectSafe(out)
  },
)
