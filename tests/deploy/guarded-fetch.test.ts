/** What every request of ours is held to; the last ones against tenants that behave badly. */
import { createServer as createHttpServer, type Server } from 'node:http'
import { createServer } from 'node:https'
import { connect, type AddressInfo, type Socket } from 'node:net'
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, jest, test } from '@jest/globals'
import { plan } from '../../deploy/commands/plan.ts'
import { guardFetch } from '../../deploy/guarded-fetch.ts'
import { proxyFor } from '../../deploy/proxy.ts'
import { bundlePrograms } from '../../test-kit/bundle-programs.ts'
import { makeCertificate, startDeployTenant } from '../../test-kit/deploy/deploy-tenant.ts'
import { runIn, SECRETS, type Ran } from '../../test-kit/deploy/run-command.ts'
import { makeProject } from '../../test-kit/deploy/test-project.ts'

jest.setTimeout(60_000)

const CHILD = 'test-kit/deploy/deploy-in-child.ts'
const programs = await bundlePrograms([CHILD])
afterAll(programs.remove)

const { certificate, remove } = await makeCertificate()
const tenant = await startDeployTenant(certificate)
const project = makeProject()
const closing: (() => unknown)[] = []

afterAll(async () => {
  for (const close of closing) close()
  await tenant.close()
  project.remove()
  remove()
})

beforeEach(() => {
  tenant.setFault(undefined)
  tenant.seen.length = 0
})

const planWith = (change: Record<string, string> = {}): Promise<Ran> =>
  runIn(project, tenant, plan, [], { env: { ...tenant.env, ...SECRETS, ...change } })

describe('a redirect', () => {
  /** Another origin, that trusts nobody and keeps what it gets. */
  const startThief = async (): Promise<{ origin: string; got: string[] }> => {
    const got: string[] = []
    const server = createServer(
      { key: certificate.key, cert: certificate.cert },
      (request, response) => {
        let body = ''
        request.on('data', (chunk: Buffer) => (body += chunk.toString()))
        request.on('end', () => {
          got.push(`${request.method} ${request.headers.authorization ?? ''} ${body}`)
          response.end('{"access_token":"x"}')
        })
      },
    )
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
    closing.push(() => {
      server.closeAllConnections()
      server.close()
    })
    return { origin: `https://localhost:${(server.address() as AddressInfo).port}`, got }
  }

  test.each([
    ['of the token endpoint sends no client secret to another origin', '/oauth/token', 307],
    ['of the Management API sends no access token to another origin', '/api/v2', 308],
  ])('%s, and is named', async (_, start, status) => {
    const { origin, got } = await startThief()
    tenant.setFault(({ path }, { response }) => {
      if (path.startsWith(start)) response.redirect(status, `${origin}/taken`)
      return path.startsWith(start)
    })
    const { code, err } = await planWith()
    expect({ code, got }).toEqual({ code: 1, got: [] })
    expect(err).toContain(`redirects ${start === '/oauth/token' ? 'POST' : 'GET'} ${start}`)
    expect(err).toContain(`to ${origin} (${status})`)
    expect(err).toContain('[domain_wrong]')
  })
})

describe('a tenant that wants to be asked later', () => {
  const NOW = Date.parse('2026-11-21T12:00:00Z')

  /** Asks twice, `status` and `headers` first, and answers what was said and how long it took. */
  const askTwice = async (
    status: number,
    headers: Record<string, string>,
  ): Promise<{ told: string[]; waited: number[]; failure?: unknown }> => {
    const told: string[] = []
    const waited: number[] = []
    let asked = 0
    const send = guardFetch({
      domain: 'example.eu.auth0.com',
      fetch: () =>
        Promise.resolve(new Response('{}', (asked += 1) === 1 ? { status, headers } : {})),
      tell: (text) => told.push(text),
      wait: (milliseconds) => Promise.resolve(waited.push(milliseconds)),
      now: () => NOW,
    })
    const url = 'https://example.eu.auth0.com/api/v2/actions/actions?page=0'
    const first = await send(url)
    expect([...first.headers.keys()]).not.toContain('retry-after')
    try {
      await send(url)
      return { told, waited }
    } catch (failure) {
      return { told, waited, failure }
    }
  }

  test.each([
    ['Retry-After in seconds', 429, { 'retry-after': '7' }, 7000],
    ['Retry-After as a date', 503, { 'retry-after': 'Sat, 21 Nov 2026 12:00:09 GMT' }, 9000],
    ['X-RateLimit-Reset', 429, { 'x-ratelimit-reset': `${NOW / 1000 + 30}` }, 30_000],
    ['Retry-After before the other', 429, { 'retry-after': '2', 'x-ratelimit-reset': '9e9' }, 2000],
    ['the ceiling', 429, { 'retry-after': '120' }, 120_000],
  ])('by %s is waited for, and it is said how long and why', async (_, status, headers, pause) => {
    const { told, waited } = await askTwice(status, headers)
    expect(waited).toEqual([pause])
    expect(told).toEqual([
      `Waiting ${pause / 1000} s: example.eu.auth0.com answered ${status} to GET /api/v2/actions/actions and asks for it.`,
    ])
  })

  test.each([
    ['an answer that is right', 200, { 'x-ratelimit-reset': `${NOW / 1000 + 30}` }],
    ['an error of the server that names the reset', 500, { 'x-ratelimit-reset': '9e9' }],
    ['a moment that is over', 429, { 'x-ratelimit-reset': '1' }],
    ['no time at all', 429, {}],
    ['nonsense', 429, { 'retry-after': 'soon' }],
  ])('by %s is not waited for', async (_, status, headers) => {
    expect(await askTwice(status, headers)).toEqual({ told: [], waited: [] })
  })

  test('in an hour is not waited for: the command ends and says from when to run it again', async () => {
    const { waited, failure } = await askTwice(429, { 'retry-after': '3600' })
    expect(waited).toEqual([])
    expect(failure).toMatchObject({
      code: 'rate_limited',
      message: expect.stringMatching(/asked again in 3600 s.*run again after 2026-11-21T13:00:00Z/),
    })
  })

  test('in an hour ends the command, for the token and for the Management API', async () => {
    for (const start of ['/oauth/token', '/api/v2']) {
      tenant.setFault(({ path }, { response }) => {
        if (path.startsWith(start)) response.status(429).set('retry-after', '3600').json({})
        return path.startsWith(start)
      })
      expect(await planWith()).toMatchObject({
        code: 1,
        err: expect.stringMatching(/asked again in \d+ s.*\[rate_limited\]/s),
      })
    }
  })
})

test('a tenant that does not answer is given up, and the request and the time are named', async () => {
  const told: string[] = []
  const send = (hang: (path: string) => boolean): typeof fetch => {
    tenant.setFault(({ path }) => hang(path))
    return guardFetch({
      domain: tenant.domain,
      fetch: tenant.fetch,
      tell: (text) => told.push(text),
      timeoutMs: 200,
    })
  }
  const { code, err } = await runIn(project, tenant, plan, [], {
    env: { ...tenant.env, ...SECRETS },
    fetch: send((path) => path === '/oauth/token'),
  })
  expect(code).toBe(1)
  expect(err).toMatch(
    /localhost:\d+ did not answer POST \/oauth\/token within 200 ms\. Run again\./,
  )
  expect(err).toContain('[timed_out]')
  const write = send(() => true)(`https://${tenant.domain}/api/v2/x?y=z`, { method: 'PATCH' })
  await expect(write).rejects.toThrow(
    'did not answer PATCH /api/v2/x within 200 ms. It may have been done: run npm run plan to see.',
  )
})

test('an answer that begins and never ends is given up by the same time', async () => {
  tenant.setFault((_, { response }) => {
    response.status(200).write('{')
    return true
  })
  const send = guardFetch({
    domain: tenant.domain,
    fetch: tenant.fetch,
    tell: () => undefined,
    timeoutMs: 200,
  })
  await expect(send(`https://${tenant.domain}/api/v2/x`)).rejects.toThrow(
    'did not answer GET /api/v2/x within 200 ms',
  )
})

describe('the proxy', () => {
  test.each<[string, string | undefined, Record<string, string>]>([
    ['nothing is set', undefined, {}],
    ['HTTPS_PROXY is set', 'http://proxy:3128', { HTTPS_PROXY: 'http://proxy:3128' }],
    ['it is in small letters', 'http://proxy:3128', { https_proxy: 'http://proxy:3128' }],
    ['it has no scheme', 'http://proxy:3128', { HTTPS_PROXY: 'proxy:3128' }],
    ['only HTTP_PROXY is set', undefined, { HTTP_PROXY: 'http://proxy:3128' }],
    ['NO_PROXY is a star', undefined, { HTTPS_PROXY: 'p', NO_PROXY: '*' }],
    ['NO_PROXY names the host', undefined, { HTTPS_PROXY: 'p', NO_PROXY: 'a,t.eu.auth0.com' }],
    ['NO_PROXY names its domain', undefined, { HTTPS_PROXY: 'p', no_proxy: '.AUTH0.com' }],
    ['NO_PROXY names it by a star', undefined, { HTTPS_PROXY: 'p', NO_PROXY: '*.auth0.com' }],
    [
      'NO_PROXY names host and port',
      undefined,
      { HTTPS_PROXY: 'p', NO_PROXY: 't.eu.auth0.com:443' },
    ],
    [
      'NO_PROXY names another port',
      'http://p',
      { HTTPS_PROXY: 'p', NO_PROXY: 't.eu.auth0.com:8443' },
    ],
    [
      'NO_PROXY names another host',
      'http://p',
      { HTTPS_PROXY: 'p', NO_PROXY: 'eu.auth0.co, th0.com' },
    ],
    ['NO_PROXY is empty', 'http://p', { HTTPS_PROXY: 'p', NO_PROXY: ' , ' }],
  ])('when %s is %s', (_, proxy, source) => {
    expect(proxyFor(source, 't.eu.auth0.com')).toBe(proxy)
  })

  interface Proxy {
    url: string
    /** `host:port` and the credentials of each CONNECT. */
    asked: string[]
    /** The ports from which it talked to the tenant. */
    ports: Set<number>
  }

  const startProxy = async (): Promise<Proxy> => {
    const asked: string[] = []
    const ports = new Set<number>()
    const server: Server = createHttpServer()
    server.on('connect', (request, client: Socket) => {
      asked.push(`${request.url ?? ''} ${request.headers['proxy-authorization'] ?? ''}`)
      const [host = '', port] = (request.url ?? '').split(':')
      const upstream = connect(Number(port), host === 'localhost' ? '127.0.0.1' : host, () => {
        ports.add(upstream.localPort ?? 0)
        client.write('HTTP/1.1 200 Connection Established\r\n\r\n')
        upstream.pipe(client)
        client.pipe(upstream)
      })
      for (const socket of [client, upstream]) {
        socket.on('error', () => undefined)
        socket.on('close', () => {
          client.destroy()
          upstream.destroy()
        })
      }
    })
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
    closing.push(() => {
      server.closeAllConnections()
      server.close()
    })
    const { port } = server.address() as AddressInfo
    return { url: `http://user:word@127.0.0.1:${port}`, asked, ports }
  }

  /** Deploys in a process of its own; answers its output and which requests came past the proxy. */
  const deployWith = async (
    proxy: Proxy,
    env: Record<string, string>,
    ...args: string[]
  ): Promise<{ code: number | null; output: string; past: string[]; through: string[] }> => {
    const past: string[] = []
    const through: string[] = []
    tenant.setFault(({ path, byCli }, { request }) => {
      const list = proxy.ports.has(request.socket.remotePort ?? 0) ? through : past
      list.push(`${byCli ? 'Deploy CLI' : 'we'} ${path}`)
      return false
    })
    const child = spawn(process.execPath, [programs.fileOf(CHILD), '--yes', ...args], {
      cwd: join(import.meta.dirname, '../..'),
      env: { ...tenant.env, ...SECRETS, DEPLOY_TEST_ROOT: project.root, ...env },
    })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => (output += chunk.toString()))
    }
    const code = await new Promise<number | null>((resolve) => child.on('close', resolve))
    return { code, output, past, through }
  }

  test('of the environment is used for the token, the Management API and by the Deploy CLI', async () => {
    const proxy = await startProxy()
    const { code, output, past, through } = await deployWith(proxy, { HTTPS_PROXY: proxy.url })
    expect({ code, output, past }).toEqual({ code: 0, output, past: [] })
    expect(through).toContain('we /oauth/token')
    expect(through).toContain('we /api/v2/actions/actions')
    expect(through).toContain('Deploy CLI /api/v2/actions/actions')
    const credentials = Buffer.from('user:word').toString('base64')
    expect(new Set(proxy.asked)).toEqual(new Set([`${tenant.domain} Basic ${credentials}`]))
    expect(output).not.toContain('user:word')
  })

  test('is used by nobody for a host that NO_PROXY names', async () => {
    const proxy = await startProxy()
    const env = { HTTPS_PROXY: proxy.url, NO_PROXY: 'localhost' }
    const { code, output, past, through } = await deployWith(proxy, env, '--rotate-secrets')
    expect({ code, output, through }).toEqual({ code: 0, output, through: [] })
    expect(past).toContain('we /oauth/token')
    expect(past).toContain('Deploy CLI /api/v2/actions/actions')
    expect(proxy.asked).toEqual([])
  })
})
