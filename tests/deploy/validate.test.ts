import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { validate } from '../../deploy/commands/validate.ts'
import { runToExitCode } from '../../cli/run-command.ts'
import { makeProject, TWO_ACTIONS, type TestProject } from '../../test-kit/deploy/test-project.ts'
import { SECRETS, type Ran } from '../../test-kit/deploy/run-command.ts'

const ENV = { AUTH0_DOMAIN: 'example.eu.auth0.com', AUTH0_ACCESS_TOKEN: 'token', ...SECRETS }

let project: TestProject

beforeEach(() => {
  project = makeProject()
})

afterEach(() => project.remove())

const run = async (env: Record<string, string> = ENV, ...args: string[]): Promise<Ran> => {
  const out: string[] = []
  const err: string[] = []
  const offline = (): never => {
    throw new Error('validate is offline')
  }
  const code = await runToExitCode(validate, {
    root: project.root,
    args,
    env,
    print: (text) => out.push(text),
    tell: (text) => err.push(text),
    progress: offline,
    leaves: () => undefined,
    fetch: offline,
    runCli: offline,
  })
  return { code, out: out.join('\n'), err: err.join('\n') }
}

describe('npm run validate', () => {
  test('is content with a project that can be deployed, and asks nobody', async () => {
    const ran = await run()
    expect(ran).toEqual({ code: 0, out: ran.out, err: '' })
    expect(ran.out).toMatch(
      /^Valid: 2 Actions, bundles sha256:\w{12}, credentials and secrets present/,
    )
  })

  test('prints the hash of the bundles for a pipeline', async () => {
    expect((await run({}, '--no-secrets', '--hash')).out).toMatch(/^[0-9a-f]{64}$/)
  })

  test('needs no secrets where a pipeline has none', async () => {
    const { API_KEY } = SECRETS
    expect(await run({ API_KEY })).toMatchObject({ code: 1 })
    expect(await run({ API_KEY }, '--no-secrets')).toMatchObject({ code: 0 })
  })

  test('without an environment checks what needs none, and says what checks the rest', async () => {
    const { code, out } = await run({ PATH: '/bin' })
    expect(code).toBe(0)
    expect(out).toContain('secrets not looked at')
    expect(out).toContain('With --env NAME the domain, the credentials and the secrets are checked')
  })

  test('names the file to fill in, and the variable that was probably meant', async () => {
    const { API_KEY, ...others } = ENV
    const { err } = await run({ ...others, API_KEEY: API_KEY, API: 'x', A: 'y' })
    expect(err).toContain('API_KEY is not set; is API_KEEY meant?')
    expect(err).toMatch(
      /^Set these variables, or fill in environments\/NAME\.env and say --env NAME\. \[environment_incomplete\]\n {2}API_KEY is not set.* \[variable_missing\]$/,
    )
  })

  test('names all that is missing or weak in the environment at once', async () => {
    const { err } = await run({
      ...ENV,
      API_KEY: '@@API_KEY@@',
      TERMS_TOKEN_SECRET: 'short',
      AUTH0_DOMAIN: '',
    })
    expect(err).toContain('AUTH0_DOMAIN is not set')
    expect(err).toContain('API_KEY is still a placeholder')
    expect(err).toContain('TERMS_TOKEN_SECRET is shorter than 32 bytes')
  })

  const many = (count: number, prefix: string): string[] =>
    Array.from({ length: count }, (_, index) => `${prefix}${index}`)

  test.each<[string, (text: string) => string, string]>([
    [
      'deploy: for deployed:',
      (text) => text.replace('deployed: true', 'deploy: true'),
      'actions.first.deploy is unknown',
    ],
    [
      'a runtime that does not exist',
      (text) => text.replace('node22', 'node99'),
      'actions.first.runtime must be node22',
    ],
    [
      'a trigger that does not exist',
      (text) => text.replace('  post-login:', '  post-logn:'),
      'triggers.post-logn is not one of ours',
    ],
    [
      'a trigger version that does not exist',
      (text) => text.replace('version: v3', 'version: v9'),
      'post-login v3',
    ],
    ['an unknown top-level key', (text) => `${text}clients: []\n`, 'clients is not ours'],
    [
      'an unknown key in a binding',
      (text) => text.replace('display_name: first', 'display_nam: first'),
      'unknown key "display_nam"',
    ],
    [
      'a binding of nobody',
      (text) => text.replace('action_name: second', 'action_name: nobody'),
      'binds "nobody"',
    ],
    [
      'an Action without a folder',
      (text) => text.replaceAll('second', 'other'),
      'has no folder actions/other/',
    ],
    [
      'an Action listed twice',
      (text) => text.replace('name: second', 'name: first'),
      'lists "first" twice',
    ],
    ['a quoted marker', (text) => text.replace('@@API_KEY@@', "'@@API_KEY@@'"), 'quoted @@NAME@@'],
    [
      'a secret in plain text',
      (text) => text.replace('@@API_KEY@@', 'hunter2'),
      'must be written @@API_KEY@@',
    ],
    [
      'a marker of the other kind',
      (text) => text.replace('@@API_KEY@@', "'##API_KEY##'"),
      'must be written @@API_KEY@@',
    ],
    [
      'a dependency without a version',
      (text) => text.replace('dependencies: []', 'dependencies: [{ name: lodash }]'),
      'needs a name and a version',
    ],
    [
      'more dependencies than Auth0 takes',
      (text) =>
        text.replace(
          'dependencies: []',
          `dependencies: [${many(11, 'p')
            .map((name) => `{ name: ${name}, version: "1" }`)
            .join(', ')}]`,
        ),
      'dependencies are more than the 10 that Auth0 takes',
    ],
    [
      'more secrets than Auth0 takes',
      (text) =>
        text.replace(
          '        value: @@API_KEY@@',
          [
            '        value: @@API_KEY@@',
            ...many(30, 'S').map((name) => `      - name: ${name}\n        value: @@${name}@@`),
          ].join('\n'),
        ),
      'secrets are more than the 30 that Auth0 takes',
    ],
    [
      'more bindings than Auth0 takes',
      (text) =>
        text +
        many(19, 'b')
          .map((name) => `    - { action_name: ${name}, display_name: x }\n`)
          .join(''),
      'more than the 20 bindings that Auth0 takes',
    ],
  ])('refuses %s, which the Deploy CLI takes or only Auth0 refuses', async (_, edit, reason) => {
    project.editTenant(edit)
    const { code, err } = await run()
    expect(code).toBe(1)
    expect(err).toContain(reason)
    expect(err).toContain('[repository_invalid]')
  })

  test('refuses a marker in a bundle, which the Deploy CLI would replace by a variable', async () => {
    project.write({ ...TWO_ACTIONS, second: { says: 'go to ##HOME##' } })
    expect((await run()).err).toContain('##HOME##')
  })

  test('refuses a bundle that is too large', async () => {
    project.write({ ...TWO_ACTIONS, second: { says: 'x'.repeat(100_001) } })
    expect((await run()).err).toMatch(/actions\/second\/action.ts is 10\d{4} bytes/)
  })
})
