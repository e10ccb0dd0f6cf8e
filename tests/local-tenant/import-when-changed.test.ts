/** When a start imports again. The import itself, by the Deploy CLI, is in tests/end-to-end. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { importWhenChanged } from '../../local-tenant/import-when-changed.ts'
import { readLocalJson } from '../../local-tenant/local-folder.ts'
import { emptyState, type TenantState } from '../../local-tenant/store.ts'
import { bindActions } from './oidc/oidc-harness.ts'

const NAMES = ['first', 'second']
const SECRETS = { KEY: 'value-of-the-key' }

const TENANT_YAML = `actions:
  - name: first
    secrets:
      - name: KEY
        value: @@KEY@@
  - name: second
triggers:
  post-login:
    - { action_name: first, display_name: first }
    - { action_name: second, display_name: second }
`

let root: string
let state: TenantState
/** What happened, in order. */
let events: string[]

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'import-'))
  mkdirSync(join(root, 'dist'))
  for (const name of NAMES) writeFileSync(join(root, 'dist', `${name}.js`), codeOf(name))
  writeFileSync(join(root, 'tenant.yaml'), TENANT_YAML)
  state = emptyState({})
  events = []
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

const codeOf = (name: string): string => `// ${name}`

const bindAll = (): void => {
  bindActions(
    state,
    NAMES.map((name) => ({
      name,
      code: codeOf(name),
      ...(name === 'first' && { secrets: SECRETS }),
    })),
  )
}

/** A start whose import is `run`. */
const importNow = (run: () => void) => {
  const folder = { imported: join(root, 'imported.json') }
  return importWhenChanged({
    root,
    bundles: NAMES.map((name) => ({ name, file: `dist/${name}.js`, bytes: 1, hash: name })),
    env: SECRETS,
    tenant: {
      store: {
        state,
        touch: () => undefined,
        flush: () => {
          events.push(`flush with note ${JSON.stringify(readLocalJson(folder.imported))}`)
        },
      },
      managementLog: { writes: () => 0, requests: () => [], record: () => undefined },
    },
    folder,
    run: async () => {
      events.push('import')
      run()
      return Promise.resolve()
    },
  })
}

const nothing = (): void => undefined

test('a second start of the same files imports nothing', async () => {
  expect(await importNow(bindAll)).toEqual({ wasImported: true, writes: 0 })
  expect(await importNow(nothing)).toEqual({ wasImported: false, writes: 0 })
})

test('the state is on disk before the note that it was imported', async () => {
  await importNow(bindAll)
  expect(events).toEqual(['import', 'flush with note null'])
})

const foreignStates: [string, () => void, string][] = [
  ['empty', () => Object.assign(state, emptyState({})), 'first, second'],
  ['without a binding', () => state.bindings['post-login']?.pop(), 'binding of second'],
  [
    'bound in another order',
    () => state.bindings['post-login']?.reverse(),
    'binding of first, binding of second',
  ],
  ['with other code', () => spoilVersion('second', { code: '// older' }), 'second'],
  ['with an older secret', () => spoilVersion('first', { secrets: [] }), 'first'],
  ['with nothing deployed', () => delete state.actions['second']?.deployed_version_id, 'second'],
]

const spoilVersion = (name: string, changes: object): void => {
  for (const version of state.actions[name]?.versions ?? []) Object.assign(version, changes)
}

test.each(foreignStates)(
  'a state %s is imported into again, and refused when the import leaves it so',
  async (_which, spoil, lacks) => {
    await importNow(bindAll)
    spoil()
    await expect(importNow(nothing)).rejects.toThrow(`but the tenant lacks: ${lacks}`)
    expect(await importNow(bindAll)).toMatchObject({ wasImported: true })
  },
)

test('an Action of somebody else between ours is no reason to import', async () => {
  await importNow(bindAll)
  const other = { ...state.actions['first'], id: 'other', name: 'other' }
  state.actions['other'] = other as TenantState['actions'][string]
  const [binding] = state.bindings['post-login'] ?? []
  if (binding === undefined) throw new Error('nothing is bound')
  state.bindings['post-login']?.splice(1, 0, { ...binding, id: 'b', action_id: 'other' })
  expect(await importNow(nothing)).toMatchObject({ wasImported: false })
})
