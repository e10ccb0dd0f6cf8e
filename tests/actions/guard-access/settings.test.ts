import { expect, test } from '@jest/globals'
import { checkSettings } from '../../../actions/guard-access/schema.ts'
import { settings } from '../../../test-kit/fixture/actions/guard-access/settings.ts'

const checked = { verifiedEmailConnections: [], emailTrustedConnections: [] }

test('the settings of the fixture are good', () => {
  expect(checkSettings(settings)).toEqual([])
})

test.each(['verifiedEmailConnections', 'emailTrustedConnections'])(
  'a connection without a name is refused in %s',
  (list) => {
    expect(checkSettings({ ...checked, [list]: ['acme', ' '] })).toMatchObject([
      { path: `${list}[1]`, message: expect.stringContaining('empty') },
    ])
  },
)

test('a connection that is in both lists is refused', () => {
  const both = { verifiedEmailConnections: ['acme'], emailTrustedConnections: ['globex', 'acme'] }
  expect(checkSettings(both)).toMatchObject([
    { path: 'emailTrustedConnections[1]', message: expect.stringContaining('one of the two') },
  ])
})

test('the former setting verifiedEmailStrategies is refused with its remedy', () => {
  const former = { ...checked, verifiedEmailStrategies: ['auth0'] }
  expect(checkSettings(former)).toMatchObject([
    {
      path: 'verifiedEmailStrategies',
      message: expect.stringMatching(/every strategy.*emailTrustedConnections/),
    },
  ])
})
