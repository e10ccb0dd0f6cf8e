import { describe, expect, test } from '@jest/globals'
import type { PostLoginAPI } from '@auth0/actions-types/post-login/v3'
import { newApi, SECRET } from '../../../test-kit/local-tenant/api.ts'

describe('a method taken off its object', () => {
  type Namespaces = Record<string, Record<string, (...args: unknown[]) => unknown>>

  const callDetached = (path: string, args: unknown[]): unknown => {
    const [namespace = '', name = ''] = path.split('.')
    const method = (newApi().api as unknown as Namespaces)[namespace]?.[name]
    if (method === undefined) throw new Error(`There is no ${path}.`)
    return method(...args)
  }

  test.each<[string, ...unknown[]]>([
    ['access.deny', 'x'],
    ['accessToken.addScope', 'x'],
    ['accessToken.setCustomClaim', 'x', 1],
    ['authentication.challengeWith', { type: 'otp' }],
    ['authentication.setPrimaryUser', 'x'],
    ['cache.delete', 'x'],
    ['cache.get', 'x'],
    ['cache.set', 'x', 'y'],
    ['idToken.setCustomClaim', 'x', 1],
    ['multifactor.enable', 'any'],
    ['prompt.render', 'x'],
    ['redirect.canRedirect'],
    ['redirect.encodeToken', { secret: 's', payload: {} }],
    ['redirect.sendUserTo', 'https://page.example/'],
    ['redirect.validateToken', { secret: 's' }],
    ['refreshToken.deleteMetadata', 'x'],
    ['refreshToken.revoke', 'x'],
    ['rules.wasExecuted', 'x'],
    ['samlResponse.setAttribute', 'x', 'y'],
    ['samlResponse.setAudience', 'x'],
    ['session.deleteMetadata', 'x'],
    ['session.revoke', 'x'],
    ['transaction.setMetadata', 'x', 1],
    ['user.setAppMetadata', 'x', 1],
    ['user.setUserMetadata', 'x', 1],
    ['validation.error', 'x', 'y'],
  ])('throws a TypeError: %s', (path, ...args) => {
    expect(() => callDetached(path, args)).toThrow(TypeError)
  })

  test.each([['groups.getUserGroups'], ['roles.getUserEffectiveRoles']])(
    'rejects with a TypeError: %s',
    async (path) => {
      await expect(callDetached(path, [])).rejects.toThrow(TypeError)
    },
  )
})

describe('what is left of a run', () => {
  test('is plain data that can be cloned', () => {
    const { api, result } = newApi()
    api.user.setAppMetadata('x', { nested: [1, null] }).access.deny('no')
    api.cache.set('k', 'v')
    api.idToken.setCustomClaim('when', new Date(0))
    api.redirect.sendUserTo('https://page.example/')
    expect(structuredClone(result)).toEqual(result)
    expect(result.idTokenClaims).toEqual({ when: '1970-01-01T00:00:00.000Z' })
  })

  test('lists the commands in their order', () => {
    const { api, result } = newApi()
    api.user.setUserMetadata('lang', 'de').user.setAppMetadata('plan', null)
    api.access.deny('no')
    expect(result.commands).toEqual([
      { name: 'user.setUserMetadata', arguments: ['lang', 'de'] },
      { name: 'user.setAppMetadata', arguments: ['plan', null] },
      { name: 'access.deny', arguments: ['no'] },
    ])
  })

  test('tells undefined from null in the commands', () => {
    const { api, result } = newApi()
    api.user.setAppMetadata('plan', undefined as unknown as null)
    expect(result.commands).toEqual([
      { name: 'user.setAppMetadata', arguments: ['plan', '[undefined]'] },
    ])
  })

  test('holds no secret and no token among the commands', () => {
    const { api, result } = newApi({ request: { body: { session_token: 'x.y.z' } } })
    const token = api.redirect.encodeToken({ secret: SECRET, payload: { purpose: 'terms' } })
    api.redirect.sendUserTo('https://page.example/', {
      query: { session_token: 'opaque', t: token },
    })
    expect(() => api.redirect.validateToken({ secret: SECRET })).toThrow()
    api.user.setAppMetadata('leak', { token })
    api.cache.set('management-token', 'opaque-access-token')
    api.samlResponse.setKey('-----BEGIN PRIVATE KEY-----')
    api.multifactor.enable('duo', { providerOptions: { host: 'h', ikey: 'i', skey: SECRET } })
    const text = JSON.stringify(result.commands)
    for (const hidden of [SECRET, token, 'opaque', 'PRIVATE KEY'])
      expect(text).not.toContain(hidden)
    expect(result.commands[1]).toEqual({
      name: 'redirect.sendUserTo',
      arguments: ['https://page.example/?session_token=***&t=***'],
    })
    expect(result.redirect?.url).toContain(token)
  })

  test('keeps __proto__ a key like any other', () => {
    const { api, result } = newApi()
    api.user.setAppMetadata('__proto__', { admin: true })
    expect(Object.entries(result.app_metadata)).toEqual([['__proto__', { admin: true }]])
  })

  test('notes no more than a thousand calls, and still does what the others ask', () => {
    const { api, result } = newApi()
    for (let count = 1; count <= 1500; count++) api.user.setAppMetadata('count', count)
    expect(result.commands).toHaveLength(1000)
    expect(result.app_metadata).toEqual({ count: 1500 })
  })
})

describe('access.deny', () => {
  test('keeps the first reason and lets the code go on', () => {
    const { api, result } = newApi()
    expect(api.access.deny('first')).toBe(api)
    api.access.deny('second')
    api.user.setAppMetadata('x', 1)
    expect(result.denied).toEqual({ reason: 'first' })
    expect(result.app_metadata).toEqual({ x: 1 })
  })
})

describe('validation.error', () => {
  test('is noted and does not throw', () => {
    const { api, result } = newApi()
    expect(api.validation.error('terms', 'Please accept the terms')).toBe(api)
    expect(result.validationError).toEqual({ code: 'terms', message: 'Please accept the terms' })
  })

  test('throws for a text of more than 100 characters', () => {
    expect(() => newApi().api.validation.error('x', 'a'.repeat(101))).toThrow(/100 characters/)
  })
})

describe('custom claims', () => {
  test.each(['idToken', 'accessToken'] as const)('%s: the scope claim cannot be set', (token) => {
    expect(() => newApi().api[token].setCustomClaim('scope', 'x')).toThrow(
      new Error('The "scope" claim cannot be set.'),
    )
  })

  test.each([
    ['roles', false],
    ['groups', false],
    ['permissions', false],
    ['sub', false],
    ['x5t#S256', false],
    ['https://example.auth0.com/plan', false],
    ['https://webtask.io/plan', false],
    ['urn:auth0:plan', false],
    ['email', true],
    ['plan', true],
    ['https://example.com/roles', true],
    ['https://notauth0.com/plan', true],
    ['urn:example:plan', true],
  ])('%s reaches the tokens: %s, and throws in no case', (name, reaches) => {
    const { api, result } = newApi()
    expect(api.idToken.setCustomClaim(name, 1)).toBe(api)
    expect(api.accessToken.setCustomClaim(name, 1)).toBe(api)
    const claims = reaches ? { [name]: 1 } : {}
    expect(result.idTokenClaims).toEqual(claims)
    expect(result.accessTokenClaims).toEqual(claims)
  })

  test('are set apart for the two tokens', () => {
    const { api, result } = newApi()
    api.idToken.setCustomClaim('a', 1)
    expect(result.accessTokenClaims).toEqual({})
  })
})

describe('scopes of the access token', () => {
  test('are trimmed, and the last word counts', () => {
    const { api, result } = newApi()
    api.accessToken.addScope(' read:a ')
    api.accessToken.addScope('read:b')
    api.accessToken.removeScope('read:a')
    expect(result).toMatchObject({ addedScopes: ['read:b'], removedScopes: ['read:a'] })
  })

  test.each([
    [5, TypeError, 'The value for the scope must be a string.'],
    ['', Error, 'The value for the scope is required.'],
    ['  ', Error, 'The value for the scope is required.'],
    [
      'a'.repeat(281),
      Error,
      'The value for the scope exceeds the allowed maximum of 280 characters.',
    ],
    ['a b', Error, 'The value for the scope must not have whitespace.'],
  ])('%j is refused', (scope, kind, message) => {
    const { accessToken } = newApi().api
    for (const change of [
      () => accessToken.addScope(scope as string),
      () => accessToken.removeScope(scope as string),
    ]) {
      expect(change).toThrow(kind)
      expect(change).toThrow(message)
    }
  })

  test('no more than 1000 are added in one sign-in', () => {
    const earlier = { addedScopes: Array.from({ length: 999 }, (_, at) => `s${at}`) }
    const { accessToken } = newApi({}, { earlier }).api
    accessToken.addScope('s0')
    accessToken.addScope('last')
    expect(() => accessToken.addScope('more')).toThrow('exceeds the allowed maximum of 1000')
  })
})

describe('setPrimaryUser', () => {
  test.each([
    ['', 'The provided primary_user_id must be a non-empty string'],
    [5, 'The provided primary_user_id must be a non-empty string'],
    ['a'.repeat(129), 'The provided primary_user_id exceeds the maximum length.'],
  ])('refuses %j', (id, message) => {
    const { api, result } = newApi()
    expect(() => api.authentication.setPrimaryUser(id as string)).toThrow(message)
    expect(result.primaryUserId).toBeUndefined()
  })

  test('works once', () => {
    const { api, result } = newApi()
    api.authentication.setPrimaryUser('a'.repeat(128))
    expect(() => api.authentication.setPrimaryUser('b')).toThrow(
      new Error('The primary user can only be altered once per transaction'),
    )
    expect(result.primaryUserId).toBe('a'.repeat(128))
  })

  test('is refused when an earlier Action did it', () => {
    const { api } = newApi({}, { earlier: { primaryUserSet: true } })
    expect(() => api.authentication.setPrimaryUser('b')).toThrow(/once per transaction/)
  })
})

describe('factors', () => {
  test('are noted and do not stop the sign-in', () => {
    const { api, result } = newApi()
    api.authentication.challengeWith({ type: 'otp' })
    api.multifactor.enable('any', { allowRememberBrowser: false })
    expect(result.commands).toEqual([
      { name: 'authentication.challengeWith', arguments: [{ type: 'otp' }] },
      { name: 'multifactor.enable', arguments: ['any', { allowRememberBrowser: false }] },
    ])
    expect(result).not.toHaveProperty('denied')
  })

  test('are asked for at most four times in a sign-in', () => {
    const { authentication } = newApi({}, { earlier: { factorCommands: 2 } }).api
    authentication.enrollWith({ type: 'otp' })
    authentication.challengeWithAny([{ type: 'otp' }])
    expect(() => authentication.challengeWith({ type: 'otp' })).toThrow(/At most 4/)
  })

  test('cannot be asked for in a token exchange', () => {
    const { api } = newApi({ transaction: { protocol: 'oauth2-token-exchange' } })
    expect(() => api.authentication.challengeWith({ type: 'otp' })).toThrow(/token exchange/)
  })

  test.each([
    ['onExecutePostLogin', false],
    ['onContinuePostLogin', true],
  ] as const)('recordMethod in %s is allowed: %s', (handler, allowed) => {
    const { api } = newApi({}, { handler })
    const record = (): unknown => api.authentication.recordMethod('https://factor.example/')
    if (allowed) expect(record()).toBe(api)
    else expect(record).toThrow(/onContinuePostLogin/)
  })
})

describe('roles and groups', () => {
  const { api } = newApi({ authorization: { roles: ['admin', 'editor', 'viewer'] } })

  test('roles are those of the event', async () => {
    const { roles } = await api.roles.getUserEffectiveRolesByNames(['editor', 'owner'])
    expect(roles.map(({ name }) => name)).toEqual(['editor'])
  })

  test('roles come in pages', async () => {
    const first = await api.roles.getUserEffectiveRoles({ take: 2 })
    const second = await api.roles.getUserEffectiveRoles({ take: 2, from: first.next ?? '' })
    expect([...first.roles, ...second.roles].map(({ name }) => name)).toEqual([
      'admin',
      'editor',
      'viewer',
    ])
    expect(second).not.toHaveProperty('next')
  })

  test('nobody is in a group', async () => {
    expect(await api.groups.getUserGroups()).toEqual({ groups: [] })
    expect(await api.groups.hasGroupMembership(['staff'])).toEqual({
      memberships: { staff: { is_member: false } },
    })
  })

  test.each<[string, () => Promise<unknown>]>([
    ['take of 0', () => api.roles.getUserEffectiveRoles({ take: 0 })],
    ['take of 1.5', () => api.groups.getUserGroups({ take: 1.5 })],
    ['from that is no text', () => api.groups.getUserGroups({ from: 5 as unknown as string })],
    ['no names', () => api.roles.getUserEffectiveRolesByNames([])],
    ['no ids', () => api.roles.getUserEffectiveRolesByIds([])],
    ['no groups', () => api.groups.hasGroupMembership([])],
  ])('reject %s', async (_name, call) => {
    await expect(call()).rejects.toThrow(/parameter must be a/)
  })
})

describe('prompt.render', () => {
  test('keeps the Form with its values', () => {
    const { api, result } = newApi()
    api.prompt.render('ap_terms', { fields: { version: 1 }, vars: { user: 'x' } })
    expect(result.form).toEqual({ id: 'ap_terms', fields: { version: 1 }, vars: { user: 'x' } })
  })

  test('aborts when used twice', () => {
    const { api, result } = newApi()
    api.prompt.render('a')
    api.prompt.render('b')
    expect(result.aborted).toBe('Only 1 render command per action is allowed.')
  })

  test('throws for more than 24 KiB of options', () => {
    expect(() => newApi().api.prompt.render('a', { vars: { big: 'x'.repeat(24 * 1024) } })).toThrow(
      'exceeds the limit of 24576 bytes',
    )
  })

  test.each([
    ['render, then redirect', true],
    ['redirect, then render', false],
  ])('together with a redirect aborts: %s', (_name, renderFirst) => {
    const { api, result } = newApi()
    const steps = [
      () => api.prompt.render('a'),
      () => void api.redirect.sendUserTo('https://page.example/'),
    ]
    for (const step of renderFirst ? steps : steps.reverse()) step()
    expect(result.aborted).toBe('Redirect and render commands cannot be used in the same action.')
  })
})

describe('SAML response', () => {
  test('attributes are set, and removed with null', () => {
    const { api, result } = newApi()
    api.samlResponse.setAttribute('groups', ['a', 'b'])
    api.samlResponse.setAttribute('phone', null)
    expect(result.samlAttributes).toEqual({ groups: ['a', 'b'], phone: null })
  })

  test('configuration is kept by its name', () => {
    const { api, result } = newApi()
    api.samlResponse.setLifetimeInSeconds(60)
    api.samlResponse.setNameIdentifierProbes(['email'])
    expect(result.samlConfiguration).toEqual({
      lifetimeInSeconds: 60,
      nameIdentifierProbes: ['email'],
    })
  })

  test.each<[string, (api: PostLoginAPI['samlResponse']) => void]>([
    ['a value of 2049 characters', (saml) => saml.setAttribute('x', 'a'.repeat(2049))],
    ['an object as value', (saml) => saml.setAttribute('x', {} as unknown as string)],
    ['a name of 1025 bytes', (saml) => saml.setAttribute('a'.repeat(1025), 'x')],
    ['an audience of 2049 characters', (saml) => saml.setAudience('a'.repeat(2049))],
    ['an unknown algorithm', (saml) => saml.setSignatureAlgorithm('md5' as 'rsa-sha256')],
    ['eleven probes', (saml) => saml.setNameIdentifierProbes(Array<string>(11).fill('x'))],
    ['a text for a flag', (saml) => saml.setSignResponse('true' as unknown as boolean)],
    [
      'the 101st attribute',
      (saml) => {
        for (let at = 0; at < 101; at += 1) saml.setAttribute(`a${at}`, 'x')
      },
    ],
  ])('throws for %s', (_name, call) => {
    expect(() => call(newApi().api.samlResponse)).toThrow()
  })
})

describe('rules', () => {
  test('were never executed', () => {
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- Auth0's api still has it
    expect(newApi().api.rules.wasExecuted('rul_1')).toBe(false)
  })
})
