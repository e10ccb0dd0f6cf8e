/** What teams do with the repository: changes of a project, each as a team would make it. */
import { cpSync, readFileSync, rmSync, writeFileSync, mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { AddClaimsSettings } from '../actions/add-claims/schema.ts'
import type { TermsDocument } from '../actions/enforce-terms/schema.ts'
import type { EnrichProfileSettings } from '../actions/enrich-profile/schema.ts'
import type { GuardAccessSettings } from '../actions/guard-access/schema.ts'
import type { MapIdpAttributesSettings } from '../actions/map-idp-attributes/mapping.ts'
import { requireValue } from '../cli/failure.ts'
import { addNewTexts, loadPublishedTerms } from '../portal/published-terms.ts'
import { readTermsFolder } from '../portal/terms-folder.ts'
import { withAction, withoutAction } from './build/edit-tenant.ts'
import { settings as claims } from './fixture/actions/add-claims/settings.ts'
import { settings as terms } from './fixture/actions/enforce-terms/settings.ts'
import { settings as profile } from './fixture/actions/enrich-profile/settings.ts'
import { settings as mappings } from './fixture/actions/map-idp-attributes/settings.ts'

/** Changes the project in `root`, whose files of the team are those of the fixture. */
type Adoption = (root: string) => void

const write = (root: string, file: string, text: string): void => {
  mkdirSync(dirname(join(root, file)), { recursive: true })
  writeFileSync(join(root, file), text)
}

const edit = (root: string, file: string, change: (text: string) => string): void => {
  const before = readFileSync(join(root, file), 'utf8')
  const after = change(before)
  if (after === before) throw new Error(`${file} does not hold what is to be changed`)
  writeFileSync(join(root, file), after)
}

const writeSettings = (root: string, action: string, type: string, settings: object): void => {
  const file = action === 'map-idp-attributes' ? 'mapping' : 'schema'
  write(
    root,
    `actions/${action}/settings.ts`,
    `import type { ${type} } from './${file}.ts'\n\nexport const settings: ${type} = ${JSON.stringify(settings, undefined, 2)}\n`,
  )
}

const setClaims = (root: string, settings: Partial<AddClaimsSettings>): void =>
  writeSettings(root, 'add-claims', 'AddClaimsSettings', { ...claims, ...settings })
const setTerms = (root: string, documents: readonly TermsDocument[]): void =>
  writeSettings(root, 'enforce-terms', 'EnforceTermsSettings', { ...terms, documents })
const setProfile = (root: string, settings: Partial<EnrichProfileSettings>): void =>
  writeSettings(root, 'enrich-profile', 'EnrichProfileSettings', { ...profile, ...settings })
const setAccess = (root: string, settings: GuardAccessSettings): void =>
  writeSettings(root, 'guard-access', 'GuardAccessSettings', settings)
const setMappings = (root: string, settings: Partial<MapIdpAttributesSettings>): void =>
  writeSettings(root, 'map-idp-attributes', 'MapIdpAttributesSettings', {
    ...mappings,
    ...settings,
  })

/** The claims that do not read these places, e.g. `app_metadata.idp`. */
const claimsWithout = (...places: readonly string[]) => ({
  claims: claims.claims.filter(
    ({ from }) => !('metadata' in from) || !places.includes(`${from.metadata}.${from.path[0]}`),
  ),
})

const publishTerms = (root: string): void => {
  const folder = join(root, 'portal', 'terms')
  const before = requireValue(loadPublishedTerms(folder), 'terms_invalid', 'The lock is broken:')
  const { published } = addNewTexts(readTermsFolder(folder).files, before)
  write(root, 'portal/terms/published.json', JSON.stringify(published))
}

const dropAction = (root: string, name: string): void =>
  edit(root, 'tenant.yaml', (text) => withoutAction(text, name))

/** An Action of the team's own, of one file and a manifest. */
const addOwnAction = (root: string, name: string): void => {
  edit(root, 'tenant.yaml', (text) => withAction(text, name))
  write(
    root,
    `actions/${name}/manifest.ts`,
    `import type { Manifest } from '../shared/manifest.ts'

export const manifest: Manifest = {
  writes: [],
  reads: [{ path: 'action.ts', metadata: 'app_metadata', names: ['contract'], exempts: true }],
  external: [
    { key: 'app_metadata.contract', writer: 'administrator', why: 'Says whether it has ended.' },
  ],
  secrets: [],
  fails: 'closed',
}
`,
  )
  write(
    root,
    `actions/${name}/action.ts`,
    `import { memberOf, type Handler } from '../shared/event.ts'

export const onExecutePostLogin: Handler = async (event, api) => {
  try {
    const contract = memberOf(event.user.app_metadata, 'contract')
    if (contract === 'ended') api.access.deny('contract_ended: The contract has ended.')
  } catch {
    api.access.deny('contract_unreadable: The contract cannot be read.')
  }
}
`,
  )
}

const readsIdp = 'app_metadata.idp'

/** By what the team does. */
export const ADOPTIONS: ReadonlyMap<string, Adoption> = new Map<string, Adoption>([
  [
    'names its claims under its own address',
    (root) =>
      setClaims(root, {
        claims: claims.claims.map((claim) => ({
          ...claim,
          claim: claim.claim.replace('https://example.com/claims', 'https://acme.example/id'),
        })),
      }),
  ],
  [
    'publishes a new version of its terms',
    (root) => {
      const change = { version: '2027-03', effectiveAt: '2027-03-01T00:00:00Z', mustReaccept: true }
      setTerms(
        root,
        terms.documents.map((document) =>
          document.id === 'terms-of-service'
            ? { ...document, versions: [...document.versions, change] }
            : document,
        ),
      )
      write(root, 'portal/terms/terms-of-service/2027-03.en.md', '# Terms of use\n\nBe kind.\n')
      publishTerms(root)
    },
  ],
  [
    'has documents and versions of its own alone',
    (root) => {
      const version = { version: 'v1', effectiveAt: '2026-01-01T00:00:00Z', mustReaccept: true }
      setTerms(root, [{ id: 'rules', title: 'Rules', required: true, versions: [version] }])
      rmSync(join(root, 'portal', 'terms'), { recursive: true })
      write(root, 'portal/terms/rules/v1.en.md', '# Rules\n\nBe kind.\n')
      write(root, 'portal/terms/published.json', '{}')
      publishTerms(root)
    },
  ],
  [
    'removes a required document',
    (root) =>
      setTerms(
        root,
        terms.documents.filter(({ id }) => id !== 'privacy-policy'),
      ),
  ],
  [
    'removes all optional documents',
    (root) =>
      setTerms(
        root,
        terms.documents.filter(({ required }) => required),
      ),
  ],
  [
    'keeps what identity providers say under directory, and not under idp',
    (root) => {
      setMappings(root, {
        mappings: mappings.mappings.map((mapping) => ({
          ...mapping,
          to: { ...mapping.to, path: ['directory', ...mapping.to.path.slice(1)] },
        })) as unknown as MapIdpAttributesSettings['mappings'],
      })
      edit(root, 'actions/add-claims/settings.ts', (text) =>
        text.replaceAll("'idp'", "'directory'"),
      )
    },
  ],
  ['does without guard-access', (root) => dropAction(root, 'guard-access')],
  [
    'does without map-idp-attributes',
    (root) => {
      dropAction(root, 'map-idp-attributes')
      setClaims(root, claimsWithout(readsIdp))
    },
  ],
  [
    'does without enrich-profile',
    (root) => {
      dropAction(root, 'enrich-profile')
      setClaims(
        root,
        claimsWithout(
          'app_metadata.customer_id',
          'app_metadata.lookups',
          'user_metadata.newsletter',
        ),
      )
    },
  ],
  [
    'does without enforce-terms and its texts',
    (root) => {
      dropAction(root, 'enforce-terms')
      setClaims(root, claimsWithout('app_metadata.terms'))
    },
  ],
  ['does without add-claims', (root) => dropAction(root, 'add-claims')],
  ['adds an Action of its own', (root) => addOwnAction(root, 'check-contract')],
  [
    'replaces guard-access by an Action of its own',
    (root) => {
      dropAction(root, 'guard-access')
      addOwnAction(root, 'admit-partners')
    },
  ],
  [
    'speaks German and has its own colours',
    (root) => {
      edit(root, 'portal/brand.json', (text) =>
        text
          .replace('"name": "Example"', '"name": "Acme"')
          .replace('#1d4ed8', '#0f5132')
          .replace('"defaultLocale": "en"', '"defaultLocale": "de"'),
      )
      setProfile(root, { preferredLanguage: { key: 'language', supported: ['de', 'fr', 'it'] } })
    },
  ],
  [
    'has other connections and applications',
    (root) => {
      setAccess(root, {
        verifiedEmailWhen: { connection: { equals: 'customers' } },
        emailTrustedConnections: ['headquarters'],
      })
      setMappings(root, {
        mappings: mappings.mappings.map((mapping) => ({
          ...mapping,
          when: { connection: { oneOf: ['headquarters', 'subsidiary'] } },
        })),
      })
      setClaims(root, {
        claims: claims.claims.map((claim) => ({
          ...claim,
          when: { clientMetadata: { path: ['audience'], equals: 'staff' } },
        })),
      })
      setTerms(
        root,
        terms.documents.map((document) => ({
          ...document,
          when: { connection: { equals: 'customers' } },
        })),
      )
    },
  ],
  [
    'has no customer system',
    (root) => {
      setProfile(root, { lookups: {} })
      edit(root, 'tenant.yaml', (text) =>
        text.replace(/ {4}secrets:\n {6}- name: CUSTOMER_URL\n(?: {6}.*\n)+/, '    secrets: []\n'),
      )
      setClaims(root, claimsWithout('app_metadata.lookups'))
    },
  ],
])

/** What a build reads of a project. */
export const copyProject = (from: string, to: string): void => {
  for (const part of ['actions', 'cli', 'portal', 'tenant.yaml', 'package.json']) {
    cpSync(join(from, part), join(to, part), { recursive: true })
  }
}
