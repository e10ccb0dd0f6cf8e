import { expect, test } from '@jest/globals'
import { findPrimaryIdentity } from '../../../actions/shared/event.ts'
import { buildEvent } from '../../../test-kit/actions/event.ts'

const identity = (provider: string, user_id: unknown) => ({
  provider,
  user_id: user_id as string,
  connection: `${provider}-connection`,
  isSocial: false,
})

const primaryOf = (user_id: string, identities: unknown) => {
  const event = buildEvent({ user: { user_id } })
  return findPrimaryIdentity({ ...event, user: { ...event.user, identities: identities as never } })
}

test.each([
  ['first', [identity('samlp', 'contoso|7'), identity('google-oauth2', '1')]],
  ['last', [identity('google-oauth2', '1'), identity('samlp', 'contoso|7')]],
])('the primary identity is the one that the user_id names, also where it stands %s', (_, all) => {
  expect(primaryOf('samlp|contoso|7', all)).toMatchObject({ provider: 'samlp' })
})

test('an older identity with a number for its user_id is found', () => {
  expect(primaryOf('github|42', [identity('github', 42)])).toMatchObject({ provider: 'github' })
})

test.each<[string, unknown]>([
  ['of somebody else', [identity('samlp', 'contoso|8')]],
  ['whose provider is a list', [{ provider: ['samlp'], user_id: 'contoso|7' }]],
  ['that are no list', { 0: identity('samlp', 'contoso|7') }],
  ['that are nothing', [null, undefined, 'samlp|contoso|7']],
  ['that are absent', undefined],
])('identities %s hold no primary one', (_title, identities) => {
  expect(primaryOf('samlp|contoso|7', identities)).toBeUndefined()
})
