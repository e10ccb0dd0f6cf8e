/** `--env NAME`: which tenant a command speaks to, and which one it does not. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { runToExitCode, type ExitCode } from '../../cli/run-command.ts'
import type { Command } from '../../deploy/commands/command.ts'
import { deploy } from '../../deploy/commands/deploy.ts'
import { drift, plan } from '../../deploy/commands/plan.ts'
import { rollback } from '../../deploy/commands/rollback.ts'
import { validate } from '../../deploy/commands/validate.ts'
import { SECRETS } from '../../test-kit/deploy/run-command.ts'
import { makeProject, type TestProject } from '../../test-kit/deploy/test-project.ts'

const STAGING = 'team-staging.eu.auth0.com'
const PRODUCTION = 'team.eu.auth0.com'
const FILE = 'environments/staging.json'
const COMMANDS = { validate, plan, deploy, rollback, drift }

let project: TestProject

beforeEach(() => {
  project = makeProject()
  name(STAGING)
})

afterEach(() => project.remove())

const name = (domain: unknown, file = FILE): void =>
  project.writeFile(file, JSON.stringify({ domain }))

interface Asked {
  code: ExitCode
  err: string
  /** The hosts that were spoken to. */
  hosts: string[]
}

/** Runs a command up to its first request. */
const ask = async (
  work: (command: Command) => Promise<ExitCode>,
  env: Record<string, string> = {},
  environment = 'staging',
): Promise<Asked> => {
  const err: string[] = []
  const hosts: string[] = []
  const code = await runToExitCode(work, {
    root: project.root,
    args: ['--env', environment],
    env: { AUTH0_ACCESS_TOKEN: 'token', AUTH0_API_MAX_RETRIES: '0', ...SECRETS, ...env },
    print: () => undefined,
    tell: (text) => err.push(text),
    progress: (text, step) => {
      err.push(text)
      return step(() => undefined)
    },
    leaves: () => undefined,
    fetch: (input) => {
      hosts.push(new URL(input instanceof Request ? input.url : input).host)
      return Promise.reject(new Error('far enough'))
    },
    runCli: () => Promise.reject(new Error('not so far')),
  })
  return { code, err: err.join('\n'), hosts: [...new Set(hosts)] }
}

/** Sees that the environment is refused before anything is sent; answers why. */
const refusal = async (...args: Parameters<typeof ask>): Promise<string> => {
  const asked = await ask(...args)
  expect(asked).toEqual({ code: 1, err: asked.err, hosts: [] })
  expect(asked.err).toContain('[arguments_wrong]')
  expect(asked.err).toContain('Nothing was sent.')
  return asked.err
}

describe('the domain of an environment', () => {
  test('comes from its committed file', async () => {
    expect((await ask(plan)).hosts).toEqual([STAGING])
  })

  test.each(Object.entries(COMMANDS))(
    'is not replaced by an exported AUTH0_DOMAIN of another tenant: npm run %s',
    async (_, command) => {
      const err = await refusal(command, { AUTH0_DOMAIN: PRODUCTION })
      expect(err).toContain(`AUTH0_DOMAIN is ${PRODUCTION} in the environment of this process`)
      expect(err).toContain(`${FILE} names ${STAGING}`)
    },
  )

  test('is not replaced by the file with the secrets either, and both places are named', async () => {
    project.writeFile('environments/staging.env', `AUTH0_DOMAIN=${PRODUCTION}\n`)
    const inFile = `AUTH0_DOMAIN is ${PRODUCTION} in environments/staging.env`
    expect(await refusal(plan)).toContain(inFile)
    expect(await refusal(plan, { AUTH0_DOMAIN: STAGING })).toContain(inFile)
    expect(await refusal(plan, { AUTH0_DOMAIN: 'third.eu.auth0.com' })).toContain(
      `${inFile} and third.eu.auth0.com in the environment of this process`,
    )
  })

  test.each([
    ['the same', STAGING],
    ['the same in capitals', STAGING.toUpperCase()],
    ['empty, as a pipeline hands on a variable that is not set', ''],
  ])('may stand in AUTH0_DOMAIN too: %s', async (_, domain) => {
    expect((await ask(plan, { AUTH0_DOMAIN: domain })).hosts).toEqual([STAGING])
    project.writeFile('environments/staging.env', `AUTH0_DOMAIN=${domain}\n`)
    expect((await ask(plan)).hosts).toEqual([STAGING])
  })

  test.each([`${STAGING}.`, ` ${STAGING}`, `${STAGING}:443`, `https://${STAGING}`])(
    'is not what AUTH0_DOMAIN almost says: "%s"',
    async (domain) => {
      expect(await refusal(plan, { AUTH0_DOMAIN: domain })).toContain(`AUTH0_DOMAIN is ${domain}`)
    },
  )

  test('is one whatever its capitals, so that a tenant has one record', async () => {
    name(STAGING.toUpperCase())
    expect((await ask(plan, { AUTH0_DOMAIN: STAGING })).err).toContain(`Reading ${STAGING}`)
  })

  test('has a port where the tenant is on this computer', async () => {
    name('localhost:8443')
    expect((await ask(plan, { AUTH0_DOMAIN: 'localhost:8443' })).hosts).toEqual(['localhost:8443'])
    expect(await refusal(plan, { AUTH0_DOMAIN: 'localhost:8444' })).toContain(':8443')
  })

  test.each([
    'staging.example',
    'Staging.EXAMPLE',
    'tenant.example.com',
    'example.org',
    'your-tenant.example:8443',
  ])('is asked for while the file has the example %s', async (domain) => {
    name(domain)
    const err = await refusal(plan, { AUTH0_DOMAIN: PRODUCTION })
    expect(err).toContain(FILE)
    expect(err).toContain('still has an example')
    expect(err).toContain('{ "domain": "<tenant>.<region>.auth0.com" }')
  })

  test.each(['example.eu.auth0.com', 'myexample.com', 'login.example.com.au'])(
    'may hold the word example: %s',
    async (domain) => {
      name(domain)
      expect((await ask(plan)).hosts).toEqual([domain])
    },
  )

  test.each([
    ['no JSON', 'domain: x'],
    ['nothing', ''],
    ['null', 'null'],
    ['a list', `["${STAGING}"]`],
    ['no domain', '{}'],
    ['a domain of another type', '{ "domain": ["a.eu.auth0.com"] }'],
    ['an empty domain', '{ "domain": "" }'],
    ['a trailing dot', `{ "domain": "${STAGING}." }`],
    ['a scheme', `{ "domain": "https://${STAGING}" }`],
    ['a path', `{ "domain": "${STAGING}/api" }`],
    ['another host behind an @', `{ "domain": "${STAGING}@evil.eu.auth0.com" }`],
    ['a line after it', `{ "domain": "${STAGING}\\nx" }`],
    ['the content that a message proposes', '{ "domain": "<tenant>.<region>.auth0.com" }'],
    ['a second member, which nothing would read', `{ "domain": "${STAGING}", "token": "x" }`],
  ])('is refused when its file has %s', async (_, text) => {
    project.writeFile(FILE, text)
    const err = await refusal(plan, { AUTH0_DOMAIN: STAGING })
    expect(err).toContain(FILE)
    expect(err).toContain('{ "domain": "<tenant>.<region>.auth0.com" }')
  })

  test('is asked for, with file and content, where a new environment has none', async () => {
    project.writeFile('environments/qa.env', `AUTH0_DOMAIN=${STAGING}\n`)
    for (const file of ['qa.env.example', 'qa.json.bak', 'old.qa.json'])
      project.writeFile(`environments/${file}`, '')
    const err = await refusal(plan, { AUTH0_DOMAIN: STAGING }, 'qa')
    expect(err).toContain('environments/qa.json')
    expect(err).toContain('{ "domain": "<tenant>.<region>.auth0.com" }')
    expect(err).toContain('environments/ has staging.')
  })

  test.each([
    '',
    '.',
    '..',
    '../outside',
    'staging/../../outside',
    '../environments/staging',
    './staging',
    '/staging',
    'staging/',
    'staging.json',
    'staging\n',
    '\nstaging',
    'sub/staging',
    'sub\\staging',
  ])('is read from no file outside environments/: --env %j', async (environment) => {
    name(STAGING, 'outside.json')
    name(STAGING, 'environments/sub/staging.json')
    project.writeFile('outside.env', `AUTH0_CLIENT_ID=x\n`)
    expect(await refusal(plan, {}, environment)).toContain('letters, digits, _ and -')
  })

  test('is that of the name as it is written', async () => {
    expect(await refusal(plan, {}, 'Staging')).toContain('environments/Staging.json')
  })
})

test('the variables of the process win over those of environments/NAME.env', async () => {
  project.writeFile('environments/staging.env', 'API_KEY=\nTERMS_TOKEN_SECRET=short\n')
  expect(await ask(validate)).toEqual({ code: 0, err: '', hosts: [] })
  expect((await ask(validate, { TERMS_TOKEN_SECRET: 'shorter' })).err).toContain('is shorter')
})
