import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals'
import { applyDecision, failClosed, failOpen } from '../../../actions/shared/apply-decision.ts'
import { SENTENCES } from '../../../actions/enforce-terms/sentences.ts'
import { allow, deny } from '../../../actions/shared/decision.ts'
import { createPostLoginApi } from '../../../local-tenant/api/post-login-api.ts'
import { buildEvent } from '../../../test-kit/actions/event.ts'

const lines: string[] = []
beforeEach(() => {
  lines.length = 0
  jest.spyOn(console, 'log').mockImplementation((...args: unknown[]) => {
    lines.push(args.map(String).join(' '))
  })
})
afterEach(() => {
  jest.restoreAllMocks()
})

type Applied = Parameters<typeof applyDecision<keyof typeof SENTENCES.en>>[0]

const apply = (decision: Applied, event = buildEvent()) => {
  const { api, result } = createPostLoginApi(event)
  applyDecision(decision, SENTENCES, event, api)
  return result
}

describe('allow', () => {
  test('makes the changes in their order, then sets the claims', () => {
    const { commands } = apply(
      allow({
        changes: [
          { metadata: 'user_metadata', key: 'a', value: 1 },
          { metadata: 'app_metadata', key: 'b', value: { c: [false] } },
          { metadata: 'user_metadata', key: 'd', value: 'e' },
        ],
        claims: [
          { token: 'access_token', name: 'https://a.example/x', value: 0 },
          { token: 'id_token', name: 'https://a.example/y', value: '' },
        ],
      }),
    )
    expect(commands).toEqual([
      { name: 'user.setUserMetadata', arguments: ['a', 1] },
      { name: 'user.setAppMetadata', arguments: ['b', { c: [false] }] },
      { name: 'user.setUserMetadata', arguments: ['d', 'e'] },
      { name: 'accessToken.setCustomClaim', arguments: ['https://a.example/x', 0] },
      { name: 'idToken.setCustomClaim', arguments: ['https://a.example/y', ''] },
    ])
    expect(lines).toEqual([])
  })

  test('deletes with null', () => {
    const changes = [{ metadata: 'app_metadata', key: 'gone', value: null }] as const
    expect(apply(allow({ changes })).app_metadata).toEqual({ gone: null })
  })

  test('takes out of the transaction what has served its purpose', () => {
    const event = buildEvent({ transaction: { metadata: { nonce: 'x', other: 'y' } } })
    expect(apply(allow({ forget: ['nonce'] }), event).transactionMetadata).toEqual({ other: 'y' })
  })

  test('alone asks nothing of Auth0 and logs nothing', () => {
    expect(apply(allow()).commands).toEqual([])
    expect(lines).toEqual([])
  })

  test('logs each note in a line of its own', () => {
    apply(allow({ notes: [{ code: 'first', target: 'app_metadata.a' }, { code: 'second' }] }))
    expect(lines).toEqual([
      expect.stringMatching(/^first app_metadata\.a client=/),
      expect.stringMatching(/^second client=/),
    ])
  })
})

describe('deny', () => {
  test.each(Object.keys(SENTENCES.en) as (keyof typeof SENTENCES.en)[])(
    '%s tells the application the code and the user a sentence',
    (code) => {
      const decision =
        code === 'terms_declined'
          ? ({ kind: 'deny', code, record: [], reasons: [] } as const)
          : deny(code)
      const { commands, denied } = apply(decision)
      expect(commands.map(({ name }) => name)).toEqual(['access.deny'])
      expect(denied?.reason).toBe(`${code}: ${SENTENCES.en[code]}`)
      expect(denied?.reason).toMatch(/^[a-z_]+: [A-Z][^@<>]{10,150}\.$/)
      expect(lines).toEqual([expect.stringMatching(new RegExp(`^${code} `))])
    },
  )
})

describe('a refusal of terms', () => {
  test('is kept and ends the sign-in', () => {
    const record = [{ metadata: 'app_metadata', key: 'terms', value: { a: 1 } }] as const
    const { commands } = apply({ kind: 'deny', code: 'terms_declined', record, reasons: [] })
    expect(commands).toEqual([
      { name: 'user.setAppMetadata', arguments: ['terms', { a: 1 }] },
      { name: 'access.deny', arguments: [expect.stringMatching(/^terms_declined: /)] },
    ])
  })
})

describe('a log line', () => {
  test('names the ids that find the case', () => {
    apply(deny('terms_answer_invalid'))
    expect(lines).toEqual([
      'terms_answer_invalid client=WebShop0000000000000000000000001' +
        ' transaction=transaction-0000000000000000001 user=auth0|65a4e8f0c1d2e3f4a5b6c7d8',
    ])
  })

  test.each([
    ['of the user', { user: { user_id: 'samlp|corp|grace@example.com' } }],
    ['of a client', { client: { client_id: 'grace@example.com' } }],
    ['of a transaction', { transaction: { id: 'grace@example.com' } }],
  ])('leaves an id %s out that holds an e-mail address', (_title, overrides) => {
    apply(deny('terms_answer_invalid'), buildEvent(overrides))
    expect(lines.join()).toContain('terms_answer_invalid')
    expect(lines.join()).not.toContain('@')
  })

  test.each([
    'sms|+4915112345678',
    'sms|4915112345678',
    'auth0|jane.doe',
    'auth0|jane_doe',
    'email|65a4e8f0',
    'waad|amFuZS5kb2VAZXhhbXBsZS5jb20',
    'samlp|corp|jane.doe',
    // jane@home.de, in hexadecimal digits as many as an id of Auth0 has.
    'auth0|6a616e6540686f6d652e6465',
    'oidc|partner|jane%40example.com',
  ])('leaves out a user_id that may hold a name, number or address: %s', (user_id) => {
    apply(deny('terms_answer_invalid'), buildEvent({ user: { user_id } }))
    expect(lines.join()).toMatch(/^terms_answer_invalid client=/)
    expect(lines.join()).not.toContain('user=')
  })

  test.each([
    'auth0|65a4e8f0c1d2e3f4a5b6c7d8',
    'google-oauth2|108742159630274816350',
    'oidc|partner|8d1f5a60-2b7c-4a58-9a53-0c9a4f2f9e11',
  ])('keeps a user_id that was made at random: %s', (user_id) => {
    apply(deny('terms_answer_invalid'), buildEvent({ user: { user_id } }))
    expect(lines.join()).toMatch(new RegExp(`user=${user_id.replaceAll('|', '\\|')}$`))
  })

  test.each([
    ['a space', 'x user=auth0|000000000000000000000000'],
    ['a quote', '" user="auth0|000000000000000000000000'],
    ['a line break', 'x\naccess_granted user=auth0|000000000000000000000000'],
    ['an equals sign', 'x=y'],
  ])('cannot be given another field by an id with %s', (_what, id) => {
    const overrides = { client: { client_id: id }, transaction: { id } }
    apply(deny('terms_answer_invalid'), buildEvent(overrides))
    const [line = ''] = lines
    const unquoted = line.replaceAll(/"(?:[^"\\]|\\.)*"/g, '""')
    expect(unquoted).toBe(
      'terms_answer_invalid client="" transaction="" user=auth0|65a4e8f0c1d2e3f4a5b6c7d8',
    )
  })

  test('has at most 255 characters and begins with the code', () => {
    apply(deny('terms_answer_invalid'), buildEvent({ client: { client_id: 'x'.repeat(500) } }))
    expect(lines).toEqual([expect.stringMatching(/^terms_answer_invalid .{100,}$/)])
    expect(lines.join().length).toBeLessThanOrEqual(255)
  })

  test('stays one line, whatever a custom database put into an id', () => {
    const client_id = 'a\nterms_answer_invalid user=somebody-else\u2028\u0085\u001b[31m'
    apply(deny('terms_answer_invalid'), buildEvent({ client: { client_id } }))
    expect(lines.join()).toMatch(/^[\x20-\x7e]+$/)
  })

  test('leaves out what the event lacks', () => {
    apply(deny('terms_answer_invalid'), buildEvent({ transaction: undefined }))
    expect(lines.join()).not.toContain('transaction')
    expect(lines.join()).not.toContain('undefined')
  })
})

describe('an Action that cannot decide', () => {
  const error = new RangeError('about grace@example.com and her token')

  test('denies when it fails closed, and logs the kind of error but not its message', () => {
    const event = buildEvent()
    const { api, result } = createPostLoginApi(event)
    failClosed(error, event, api)
    expect(result.commands).toEqual([
      { name: 'access.deny', arguments: [expect.stringMatching(/^action_failed: /)] },
    ])
    expect(lines).toEqual([
      expect.stringMatching(/^error RangeError client=/),
      expect.stringMatching(/^action_failed client=/),
    ])
    expect(lines.join()).not.toContain('grace')
  })

  test('logs and does nothing when it fails open', () => {
    failOpen(error, buildEvent())
    expect(lines).toEqual([expect.stringMatching(/^action_failed RangeError client=/)])
  })

  test.each([
    ['nothing', undefined],
    ['null', null],
    ['an empty event', {}],
    ['members that are null', { client: null, user: null, transaction: null }],
    ['ids that are no text', { client: { client_id: 1 }, user: { user_id: {} } }],
  ])('still denies or goes on when the event is %s', (_title, broken) => {
    const event = broken as never
    const { api, result } = createPostLoginApi(buildEvent())
    failClosed(error, event, api)
    expect(result.denied?.reason).toMatch(/^action_failed: /)
    failOpen(error, event)
    expect(lines).toEqual(['error RangeError', 'action_failed', 'action_failed RangeError'])
  })

  test.each([['a text'], [undefined], [null]])('takes a thrown %j too', (thrown) => {
    failOpen(thrown, buildEvent())
    expect(lines).toEqual([expect.stringMatching(/^action_failed (?:string|undefined|object) /)])
  })
})
