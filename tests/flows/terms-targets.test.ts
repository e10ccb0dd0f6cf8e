import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { When } from '../../actions/shared/when.ts'
import type { EventOverrides } from '../../test-kit/actions/event.ts'
import { documentsOf } from '../../test-kit/flows/terms-attacks.ts'
import {
  bundleWithSettings,
  createTermsFlow,
  type TermsFlow,
} from '../../test-kit/flows/terms-flow.ts'

/** One document for each thing that a condition can name. */
const CONDITIONS: Record<string, When> = {
  client: { client: { equals: 'partner-app' } },
  'client-metadata': { clientMetadata: { path: ['audience'], equals: 'consumers' } },
  connection: { connection: { equals: 'google-oauth2' } },
  'organization-id': { organization: { equals: 'org_1' } },
  'organization-name': { organization: { equals: 'acme' } },
  country: { country: { equals: 'DE' } },
  'app-metadata': { appMetadata: { path: ['account', 'kind'], equals: 'partner' } },
}

describe('the bundle asks for the document of', () => {
  let flow: TermsFlow
  beforeAll(async () => {
    const documents = Object.entries(CONDITIONS).map(([id, when]) => ({
      id,
      title: id,
      required: true,
      when,
      versions: [
        { version: '1', effectiveAt: '2025-01-15T00:00:00Z', mustReaccept: true },
      ] as const,
    }))
    const [first, ...rest] = documents
    if (first === undefined) throw new Error('no documents')
    flow = createTermsFlow(
      await bundleWithSettings({ refreshGraceDays: 0, documents: [first, ...rest] }),
    )
  })
  afterAll(() => flow.engine.close())

  const asked = async (overrides: EventOverrides, appMetadata = {}): Promise<string[]> => {
    const result = await flow.signIn(flow.addUser(appMetadata), overrides)
    if (result.kind !== 'redirected') return []
    const token = new URL(result.url).searchParams.get('session_token') ?? ''
    return documentsOf({ token }).map(({ id }) => id)
  }

  const organization = { id: 'org_1', name: 'acme', display_name: 'Acme', metadata: {} }

  test.each<[string, EventOverrides]>([
    ['client', { client: { client_id: 'partner-app' } }],
    ['client-metadata', { client: { metadata: { audience: 'consumers' } } }],
    ['connection', { connection: { name: 'google-oauth2' } }],
    ['country', { request: { geoip: { countryCode: 'DE' } } }],
  ])('a %s', async (id, overrides) => {
    expect(await asked(overrides)).toEqual([id])
  })

  test('an organization, by id and by name', async () => {
    expect(await asked({ organization })).toEqual(['organization-id', 'organization-name'])
  })

  test('a field of app_metadata', async () => {
    expect(await asked({}, { account: { kind: 'partner' } })).toEqual(['app-metadata'])
  })

  test('a country, where Auth0 does not know which', async () => {
    expect(await asked({ request: { geoip: { countryCode: undefined } } })).toEqual(['country'])
  })

  test('nothing, where nothing fits', async () => {
    expect(await asked({})).toEqual([])
  })
})
