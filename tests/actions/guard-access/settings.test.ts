import { expect, test } from '@jest/globals'
import { checkSettings } from '../../../actions/guard-access/schema.ts'
import { settings } from '../../../test-kit/fixture/actions/guard-access/settings.ts'

const checked = { emailTrustedConnections: [] }

test('the settings of the fixture are good', () => {
  expect(checkSettings(settings)).toEqual([])
})

test('a trusted connection without a name is refused', () => {
  expect(checkSettings({ emailTrustedConnections: ['acme', ' '] })).toMatchObject([
    { path: 'emailTrustedConnections[1]', message: expect.stringContaining('empty') },
  ])
})

test('a connection that must verify and whose word counts is refused', () => {
  const both = {
    verifiedEmailWhen: { connection: { oneOf: ['acme'] } },
    emailTrustedConnections: ['globex', 'acme'],
  }
  expect(checkSettings(both)).toMatchObject([
    { path: 'emailTrustedConnections[1]', message: expect.stringContaining('one of the two') },
  ])
})

test('who needs no verified e-mail rests on the word of others only with a reason', () => {
  const settings = { ...checked, verifiedEmailWhen: { country: { equals: 'DE' } } }
  expect(checkSettings(settings)).toMatchObject([
    { path: 'restsOn.network', message: expect.stringContaining('is missing: when.country') },
  ])
  expect(checkSettings({ ...settings, restsOn: { network: 'a trial' } })).toEqual([])
  expect(checkSettings({ ...checked, restsOn: { network: 'a trial' } })).toMatchObject([
    { path: 'restsOn.network', message: expect.stringContaining('take it out') },
  ])
})

test('the former setting verifiedEmailConnections is refused with the when that takes its place', () => {
  expect(checkSettings({ ...checked, verifiedEmailConnections: ['acme'] })).toMatchObject([
    {
      path: 'verifiedEmailConnections',
      message: "is no more: write verifiedEmailWhen: { connection: { oneOf: [ 'acme' ] } }",
    },
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
