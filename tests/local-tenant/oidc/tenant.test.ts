import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { request as httpsRequest } from 'node:https'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import * as client from 'openid-client'
import { loadCertificate } from '../../../local-tenant/certificate.ts'
import { rememberTrace } from '../../../local-tenant/oidc/traces.ts'
import { startTenant } from '../../../local-tenant/tenant.ts'
import {
  action,
  answerOf,
  bindActions,
  CARA,
  CARA_ID,
  DEMO_URL,
  NORA,
  openAuthorize,
  redeem,
  signIn,
  startTestTenant,
  type TestTenant,
} from '../../../test-kit/local-tenant/oidc-harness.ts'

let local: TestTenant
let folder: string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tenant-'))
  local = await startTestTenant({ certificateFolder: folder })
})

afterAll(async () => {
  await local.close()
  rmSync(folder, { recursive: true, force: true })
})

const getJson = async (path: string, headers: Record<string, string> = {}) => {
  const answer = await local.fetch(`${local.tenant.url}${path}`, { headers })
  return { status: answer.status, headers: answer.headers, body: await answer.json() }
}

describe('the tenant', () => {
  test('says which port is in use', async () => {
    const certificate = await loadCertificate(folder, Date.now())
    await expect(startTenant({ port: local.tenant.port, certificate })).rejects.toThrow(
      `Port ${local.tenant.port} is in use.`,
    )
  })

  test('listens at 127.0.0.1 and at no other address', async () => {
    const reaches = (host: string): Promise<boolean> =>
      new Promise((done) => {
        const socket = connect({ host, port: local.tenant.port, timeout: 1000 })
        const end = (isReached: boolean) => () => {
          socket.destroy()
          done(isReached)
        }
        socket.on('connect', end(true)).on('error', end(false)).on('timeout', end(false))
      })
    // A server at all addresses would answer at this one as well.
    expect([await reaches('127.0.0.1'), await reaches('127.0.0.2')]).toEqual([true, false])
  })

  test('refuses a host name that somebody pointed at it', async () => {
    const ca = readFileSync(join(folder, 'ca.pem'))
    const status = await new Promise((done, fail) => {
      httpsRequest(
        `${local.tenant.url}/local/traces`,
        {
          ca,
          servername: 'localhost',
          headers: { host: `evil.example.test:${local.tenant.port}` },
        },
        (response) => {
          response.resume()
          done(response.statusCode)
        },
      )
        .on('error', fail)
        .end()
    })
    expect(status).toBe(421)
  })

  test('is up', async () => {
    const { body } = await getJson('/local/health')
    expect(body).toEqual({ status: 'up', issuer: `${local.tenant.url}/` })
  })

  test('has a page for what it does not have', async () => {
    const page = await local.browser().open(`${local.tenant.url}/nothing`)
    expect([page.status, page.headers.get('x-powered-by')]).toEqual([404, null])
    expect(page.html).toContain('<code>not_found</code>')
  })

  test('lets scripts of an application read tokens, and those of nobody else', async () => {
    for (const path of ['/oauth/token', '/oauth/revoke', '/userinfo']) {
      for (const [origin, allowed] of [
        [DEMO_URL, DEMO_URL],
        ['https://evil.example.test', null],
        ['null', null],
      ] as const) {
        const answer = await local.fetch(`${local.tenant.url}${path}`, {
          method: 'OPTIONS',
          headers: { origin, 'access-control-request-method': 'POST' },
        })
        expect(answer.headers.get('access-control-allow-origin')).toBe(allowed)
        expect(answer.headers.get('access-control-allow-credentials')).toBeNull()
      }
    }
  })

  test('mounts the Management API', async () => {
    expect((await getJson('/api/v2/users')).status).toBe(401)
  })
})

describe('the traces', () => {
  test('of flows are told newest first, for one user or all, and no other origin reads them', async () => {
    bindActions(local.state, [
      action('remember', {
        onExecutePostLogin: `
          console.log('remembered')
          api.user.setAppMetadata('at', event.stats.logins_count)`,
      }),
    ])
    const application = await local.application()
    await signIn(local.browser(), application, CARA)
    await signIn(local.browser(), application, NORA)
    await signIn(local.browser(), application, CARA)
    const all = await getJson('/local/traces', { origin: 'https://evil.example.test' })
    expect(all.headers.get('access-control-allow-origin')).toBeNull()
    expect(all.body).toMatchObject([
      { user_id: CARA_ID },
      { user_id: 'auth0|6740a1c0de00000000000001' },
      { user_id: CARA_ID },
    ])
    const own = await getJson(`/local/traces?user_id=${encodeURIComponent(CARA_ID)}&limit=1`)
    expect(own.body).toMatchObject([
      {
        trigger: 'post-login',
        client_id: 'web-app',
        connection: 'Username-Password-Authentication',
        protocol: 'oidc-basic-profile',
        outcome: 'completed',
        actions: [{ action: 'remember', logs: [{ message: 'remembered' }] }],
        profile_writes: [{ at: 'end', app_metadata: { at: 2 } }],
      },
    ])
    const [{ id } = { id: '' }] = own.body as { id: string }[]
    expect((await getJson(`/local/traces/${id}`)).body).toMatchObject({ id, user_id: CARA_ID })
    expect((await getJson('/local/traces/unknown')).status).toBe(404)
  })

  test('are the last two hundred', async () => {
    const [trace] = local.state.traces
    if (trace === undefined) throw new Error('No trace')
    for (let count = 0; count < 250; count++) {
      rememberTrace(local.tenant.store, { ...trace, id: `copy-${count}` })
    }
    const { body } = await getJson('/local/traces?limit=999')
    expect(body).toHaveLength(200)
    expect(body).toMatchObject([
      { id: 'copy-249' },
      { id: 'copy-248' },
      ...Array<object>(198).fill({}),
    ])
  })
})

describe('the state', () => {
  test('is left to the tenant that holds the port', async () => {
    const certificate = await loadCertificate(folder, Date.now())
    const { port } = local.tenant
    const touched: unknown[] = []
    const seed = (state: unknown): void => void touched.push(state)
    await expect(startTenant({ port, certificate, seed })).rejects.toThrow('in use')
    expect(touched).toEqual([])
  })

  test('that cannot be read ends the start, named, and frees the port', async () => {
    const certificate = await loadCertificate(folder, Date.now())
    const stateFile = join(folder, 'broken.json')
    writeFileSync(stateFile, '{"schema":')
    const { port } = await startTestTenant({ certificateFolder: folder }).then(async (one) => {
      await one.close()
      return one.tenant
    })
    const start = () => startTenant({ port, certificate, stateFile })
    await expect(start()).rejects.toThrow('broken.json is not JSON.')
    rmSync(stateFile)
    await (await start()).close()
  })

  test('persists: users, sessions and refresh tokens are there after a restart', async () => {
    const stateFile = join(folder, 'state', 'tenant.json')
    const first = await startTestTenant({ stateFile, certificateFolder: folder })
    const before = await first.application()
    const browser = first.browser()
    const tokens = await redeem(before, await signIn(browser, before, CARA))
    const secret = first.state.clients['web-app']?.client_secret
    await first.close()
    expect(statSync(stateFile).mode & 0o777).toBe(0o600)

    const second = await startTestTenant({ stateFile, certificateFolder: folder })
    try {
      expect(second.state.users[CARA_ID]?.logins_count).toBe(1)
      expect(second.state.clients['web-app']?.client_secret).toBe(secret)
      const after = await second.application()
      // Cookies of localhost are the same on every port.
      const silent = await openAuthorize(browser, after, { prompt: 'none' })
      expect(answerOf(silent.page.url)).toHaveProperty('code')
      const refreshed = await client.refreshTokenGrant(after, tokens.refresh_token ?? '')
      expect(refreshed.claims()?.sub).toBe(CARA_ID)
    } finally {
      await second.close()
    }
  })
})
