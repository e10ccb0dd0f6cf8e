import { expect, test } from '@jest/globals'
import { checkSettings } from '../../../actions/guard-access/settings.ts'

const checked = { verifiedEmailStrategies: [], verifiedEmailConnections: [] }

test('the settings of this repository are good', () => {
  expect(checkSettings()).toEqual([])
})

test('a strategy that Auth0 does not know is refused', () => {
  expect(checkSettings({ ...checked, verifiedEmailStrategies: ['auth0', 'saml'] })).toEqual([
    { path: 'verifiedEmailStrategies[1]', message: expect.stringContaining('"saml"') },
  ])
})

test('a connection without a name is refused', () => {
  expect(checkSettings({ ...checked, verifiedEmailConnections: ['acme', ' '] })).toEqual([
    { path: 'verifiedEmailConnections[1]', message: expect.stringContaining('empty') },
  ])
})
