/** Each cause of a failure, told apart and with a remedy. All but one here start no Deploy CLI. */
import { generateKeyPairSync } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, jest, test } from '@jest/globals'
import { importSPKI } from 'jose'
import { deploy } from '../../deploy/commands/deploy.ts'
import { plan } from '../../deploy/commands/plan.ts'
import { explainDeployCli } from '../../deploy/explain-deploy-cli.ts'
import { explainFailure } from '../../deploy/explain-failure.ts'
import {
  CLIENT_SECRET,
  makeCertificate,
  startDeployTenant,
} from '../../test-kit/deploy/deploy-tenant.ts'
import { runIn, SECRETS, type Ran } from '../../test-kit/deploy/run-command.ts'
import { makeProject } from '../../test-kit/deploy/test-project.ts'

jest.setTimeout(60_000)

const { certificate, remove } = await makeCertificate()
const tenant = await startDeployTenant(certificate)
const project = makeProject()
const folder = mkdtempSync(join(tmpdir(), 'deploy-keys-'))

afterAll(async () => {
  await tenant.close()
  project.remove()
  rmSync(folder, { recursive: true })
  remove()
})

beforeEach(() => {
  tenant.setFault(undefined)
  tenant.seen.length = 0
  tenant.scopes.splice(0, 9, 'read:actions', 'create:actions', 'update:actions')
})

const env: Record<string, string> = { ...tenant.env, ...SECRETS, AUTH0_API_MAX_RETRIES: '0' }

const planWith = (change: Record<string, string>): Promise<Ran> =>
  runIn(project, tenant, plan, [], { env: { ...env, ...change } })

describe('plan tells', () => {
  test('a domain that does not exist', async () => {
    // `.invalid` never resolves (RFC 6761).
    expect(await planWith({ AUTH0_DOMAIN: 'tenant.invalid' })).toMatchObject({
      code: 1,
      err: expect.stringMatching(/AUTH0_DOMAIN.*\[domain_wrong\]/),
    })
  })

  test('a domain where nothing listens', async () => {
    const closed = await startDeployTenant(certificate)
    await closed.close()
    const { code, err } = await planWith({ AUTH0_DOMAIN: closed.domain })
    expect(code).toBe(1)
    expect(err).toMatch(/Nothing answers at localhost:\d+.*\[domain_wrong\]/)
  })

  test('a wrong client secret, without showing it', async () => {
    const { code, err } = await planWith({ AUTH0_CLIENT_SECRET: 'wrong-secret' })
    expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining('[bad_credentials]') })
    expect(err).not.toContain('wrong-secret')
  })

  test('an access token that is none', async () => {
    expect(await planWith({ AUTH0_ACCESS_TOKEN: 'none' })).toMatchObject({
      code: 1,
      err: expect.stringContaining('[bad_credentials]'),
    })
  })

  test('a file that is no private key', async () => {
    const file = join(folder, 'no.pem')
    writeFileSync(file, 'no key')
    expect(await planWith({ AUTH0_CLIENT_SIGNING_KEY_PATH: file })).toMatchObject({
      code: 1,
      err: expect.stringMatching(/AUTH0_CLIENT_SIGNING_KEY_PATH.*\[bad_credentials\]/),
    })
  })

  test('a missing scope by its name, when the token says it lacks it', async () => {
    tenant.scopes.splice(0, 9, 'read:users')
    expect(await planWith({})).toMatchObject({
      code: 1,
      err: expect.stringMatching(/lacks read:actions .*\[scope_missing\]/),
    })
  })

  test.each([
    [
      403,
      'Insufficient scope, expected any of: read:actions',
      'scope_missing',
      'one of: read:actions',
    ],
    [429, 'Too many requests', 'rate_limited', 'Wait a minute'],
    [408, 'Timeout', 'timed_out', 'did not answer in time'],
    [404, 'Not Found', 'domain_wrong', 'is AUTH0_DOMAIN right'],
    [503, 'Unavailable', 'tenant_failed', 'answered 503'],
  ])('an answer of %d', async (status, message, code, text) => {
    tenant.setFault(({ path }, { response }) => {
      if (path === '/oauth/token') return false
      response.status(status).json({ statusCode: status, error: 'x', message })
      return true
    })
    const ran = await planWith({})
    expect(ran).toMatchObject({ code: 1, err: expect.stringContaining(`[${code}]`) })
    expect(ran.err).toContain(text)
  })

  test('a token endpoint that stays busy', async () => {
    tenant.setFault((_, { response }) => {
      response.status(429).json({ error: 'too_many_requests' })
      return true
    })
    expect(await planWith({})).toMatchObject({
      code: 1,
      err: expect.stringContaining('[rate_limited]'),
    })
  })

  test.each([
    [['--only', 'nobody'], /^--only nobody: there is no such Action in tenant\.yaml; it has first/],
    [['--expect', 'f'.repeat(12)], /^--expect f+: the bundles built here are/],
  ])('that %j is wrong before it looks for variables', async (args, message) => {
    const ran = await runIn(project, tenant, deploy, args, { env: { AUTH0_DOMAIN: '' } })
    expect(ran).toMatchObject({ code: 1, err: expect.stringMatching(message) })
  })

  test('an unknown option, with the usage', async () => {
    expect(await runIn(project, tenant, plan, ['--jsn'])).toMatchObject({
      code: 1,
      err: expect.stringMatching(/--jsn.*\[arguments_wrong\]\n\nnpm run plan/),
    })
    expect(tenant.seen).toEqual([])
  })
})

describe('a busy tenant', () => {
  test('is asked again after the time it gives, for the token and for reads', async () => {
    const refused = new Set<string>()
    const at: number[] = []
    tenant.setFault(({ path }, { response }) => {
      if (path === '/oauth/token') at.push(Date.now())
      if (refused.has(path)) return false
      refused.add(path)
      response.status(429).set('retry-after', '1').json({ error: 'too_many_requests' })
      return true
    })
    expect(await planWith({ AUTH0_API_MAX_RETRIES: '2' })).toMatchObject({ code: 2 })
    expect(refused.size).toBe(3)
    expect((at[1] ?? 0) - (at[0] ?? 0)).toBeGreaterThanOrEqual(900)
  })
})

describe('deploy tells before it writes', () => {
  test('every scope that is missing', async () => {
    tenant.scopes.splice(0, 9, 'read:actions')
    expect(await runIn(project, tenant, deploy, ['--yes'])).toMatchObject({
      code: 1,
      err: expect.stringMatching(/lacks create:actions, update:actions .*\[scope_missing\]/),
    })
    expect(tenant.writes()).toEqual([])
  })

  test('every secret that is missing, and no value', async () => {
    const ran = await runIn(project, tenant, deploy, ['--yes'], {
      env: { ...env, API_KEY: '', TERMS_TOKEN_SECRET: 'short-secret-value' },
    })
    expect(ran).toMatchObject({
      code: 1,
      err: expect.stringMatching(/API_KEY is not set.*\n.*TERMS_TOKEN_SECRET is shorter/),
    })
    expect(ran.out + ran.err).not.toContain('short-secret-value')
    expect(tenant.writes()).toEqual([])
  })

  test('that nobody can be asked', async () => {
    expect(await runIn(project, tenant, deploy)).toMatchObject({
      code: 1,
      err: expect.stringContaining('--yes'),
    })
    expect(tenant.writes()).toEqual([])
  })

  test('that the answer was no', async () => {
    const ask = (): Promise<boolean> => Promise.resolve(false)
    expect(await runIn(project, tenant, deploy, [], { ask })).toMatchObject({
      code: 1,
      err: expect.stringContaining('Nothing was deployed.'),
    })
    expect(tenant.writes()).toEqual([])
  })

  test('that somebody changed ours while it was asked', async () => {
    const ask = (): Promise<boolean> => {
      tenant.addForeign('first')
      return Promise.resolve(true)
    }
    const ran = await runIn(project, tenant, deploy, [], { ask })
    tenant.state.actions = {}
    expect(ran).toMatchObject({ code: 1, err: expect.stringContaining('[tenant_changed]') })
    expect(tenant.writes()).toEqual([])
  })

  test('that other bundles were built than were promised', async () => {
    expect(
      await runIn(project, tenant, deploy, ['--yes', '--expect', '000000000000']),
    ).toMatchObject({
      code: 1,
      err: expect.stringContaining('[repository_invalid]'),
    })
    expect(tenant.writes()).toEqual([])
  })

  test.each([
    ['nothing', ''],
    ['too few digits to tell builds apart', '0123456789a'],
    ['no hexadecimal number', 'the-hash-of-the-bundles'],
  ])('that --expect was given %s, with which it would expect anything', async (_, hash) => {
    expect(await runIn(project, tenant, deploy, ['--yes', '--expect', hash])).toMatchObject({
      code: 1,
      err: expect.stringMatching(/--expect takes the first 12 to 64.*\[arguments_wrong\]/s),
    })
    expect(tenant.seen).toEqual([])
  })

  test('that the summary could not be written', async () => {
    const summary = join(folder, 'no-such-folder', 'summary.md')
    const ran = await runIn(project, tenant, deploy, ['--yes', '--summary', summary])
    expect(ran).toMatchObject({
      code: 1,
      err: expect.stringMatching(/summary.md cannot be written \(ENOENT\).*\[arguments_wrong\]$/),
    })
    expect(tenant.seen).toEqual([])
  })

  test('that dist/ cannot be written, with a remedy and without a stack', async () => {
    const readOnly = makeProject()
    // Whoever runs this may write everywhere; a file in the place of the folder stops them, too.
    readOnly.writeFile('dist', '')
    const ran = await runIn(readOnly, tenant, deploy, ['--yes'])
    expect(ran).toMatchObject({
      code: 1,
      err: expect.stringMatching(
        /\[repository_invalid\]\n  dist\/ cannot be written \(\w+\); give.*\[file_failed\]$/,
      ),
    })
    expect(tenant.seen).toEqual([])
    readOnly.remove()
  })

  test('that a folder cannot be made, with a remedy and without a stack', async () => {
    const ran = await runIn(project, tenant, () => {
      mkdtempSync(join(folder, 'no-such-folder', 'x-'))
      return Promise.resolve(0)
    })
    expect(ran).toMatchObject({
      code: 1,
      err: expect.stringMatching(
        /^ENOENT: .*no-such-folder\/x-.*'\. Give this user the right.*\[file_failed\]$/,
      ),
    })
  })

  test('that deletion was allowed to the Deploy CLI', async () => {
    const ran = await runIn(project, tenant, deploy, ['--yes'], {
      env: { ...env, AUTH0_ALLOW_DELETE: 'true' },
    })
    expect(ran).toMatchObject({ code: 1, err: expect.stringContaining('AUTH0_ALLOW_DELETE') })
    expect(tenant.seen).toEqual([])
  })
})

describe('the way in', () => {
  test('a private key proves the client by a signed assertion', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const file = join(folder, 'key.pem')
    writeFileSync(file, privateKey.export({ type: 'pkcs8', format: 'pem' }))
    const pem = publicKey.export({ type: 'spki', format: 'pem' })
    tenant.acceptKey(await importSPKI(pem.toString(), 'RS256'))
    const ran = await runIn(project, tenant, plan, [], {
      env: { ...env, AUTH0_CLIENT_SECRET: '', AUTH0_CLIENT_SIGNING_KEY_PATH: file },
    })
    expect(ran).toMatchObject({ code: 2 })
    tenant.acceptKey(undefined)
  })

  test('an access token is used as it is, and none is asked for', async () => {
    const { access_token: token } = (await (
      await tenant.fetch(`https://${tenant.domain}/oauth/token`, {
        method: 'POST',
        body: new URLSearchParams({
          client_id: 'deployer',
          client_secret: CLIENT_SECRET,
          audience: `https://${tenant.domain}/api/v2/`,
        }),
      })
    ).json()) as { access_token: string }
    tenant.seen.length = 0
    expect(await planWith({ AUTH0_ACCESS_TOKEN: token })).toMatchObject({ code: 2 })
    expect(tenant.seen.map(({ path }) => path)).not.toContain('/oauth/token')
  })
})

describe('what the Deploy CLI says', () => {
  test.each([
    ['Insufficient scope, expected any of: update:actions', 'scope_missing', /update:actions/],
    ['Error: Status code: 429', 'rate_limited', /429/],
    [
      'The request failed and the interceptors did not return an alternative response',
      'tenant_failed',
      /broke/,
    ],
    ['An internal server error occurred', 'tenant_failed', /server error/],
    ['something else', 'deploy_cli_failed', /exit code 3/],
  ])('"%s"', (output, code, text) => {
    const failure = explainDeployCli(3, `Processing actions\n${output}`)
    expect(failure).toMatchObject({ code, message: expect.stringMatching(text) })
    expect(failure.message).toContain(`| ${output}`)
  })
})

test('a certificate that is not trusted is told as that', () => {
  const error = new TypeError('fetch failed', {
    cause: Object.assign(new Error('x'), { code: 'SELF_SIGNED_CERT_IN_CHAIN' }),
  })
  expect(explainFailure(error, 'localhost:1').message).toContain('NODE_EXTRA_CA_CERTS')
})

test('a summary that can no longer be written at the end hides no outcome', async () => {
  const summary = join(folder, 'summary.md')
  const ask = (): Promise<boolean> => {
    rmSync(summary)
    mkdirSync(summary)
    return Promise.resolve(true)
  }
  const { code, out, err } = await runIn(project, tenant, deploy, ['--summary', summary], { ask })
  expect({ code, out, err }).toEqual({
    code: 0,
    out: expect.stringContaining('Deployed to'),
    err: expect.stringContaining(`The summary is missing: ${summary} cannot be written (EISDIR)`),
  })
})
