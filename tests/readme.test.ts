import { readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { buildActions } from '../build/build-actions.ts'
import { renderBuildReport } from '../build/render-report.ts'
import { manifest as addClaims } from '../actions/add-claims/manifest.ts'
import { settings } from '../actions/add-claims/settings.ts'
import { manifest as enforceTerms } from '../actions/enforce-terms/manifest.ts'
import { manifest as enrichProfile } from '../actions/enrich-profile/manifest.ts'
import { manifest as guardAccess } from '../actions/guard-access/manifest.ts'
import { manifest as mapIdpAttributes } from '../actions/map-idp-attributes/manifest.ts'
import { keysOf, type Manifest } from '../actions/shared/manifest.ts'

const root = new URL('../', import.meta.url)
const readText = (file: string): string => readFileSync(new URL(file, root), 'utf8')
const readme = readText('README.md')

const manifests: Record<string, Manifest> = {
  'guard-access': guardAccess,
  'map-idp-attributes': mapIdpAttributes,
  'enrich-profile': enrichProfile,
  'enforce-terms': enforceTerms,
  'add-claims': addClaims,
}

const namesIn = (cell: string): string[] =>
  Array.from(cell.matchAll(/`([^`]+)`/g), ([, name]) => name ?? '')

interface Row {
  name: string
  writes: string[]
  secrets: string[]
  claims: string[]
  fails: string
}

const rows: Row[] = readme
  .split('\n')
  .filter((line) => /^\| `[a-z-]+`/.test(line) && line.split('|').length === 9)
  .map((line) => {
    const [, name = '', , , writes = '', secrets = '', claims = '', fails = ''] = line.split('|')
    return {
      name: namesIn(name)[0] ?? '',
      writes: namesIn(writes),
      secrets: namesIn(secrets),
      claims: namesIn(claims),
      fails: fails.trim(),
    }
  })

describe('the README', () => {
  test('lists the Actions in the order in which tenant.yaml binds them', () => {
    const bound = Array.from(
      readText('tenant.yaml').matchAll(/action_name: ([\w-]+)/g),
      ([, name]) => name,
    )
    expect(rows.map(({ name }) => name)).toEqual(bound)
  })

  test.each(rows)(
    'tells what $name writes, its secrets, its claims and which way it fails',
    (row) => {
      const manifest = manifests[row.name]
      const claims = row.name === 'add-claims' ? settings.claims.map(({ claim }) => claim) : []
      expect(row).toEqual({
        name: row.name,
        writes: manifest && keysOf(manifest),
        secrets: manifest?.secrets,
        claims: [...new Set(claims)],
        fails: manifest?.fails,
      })
    },
  )

  test('names only scripts that exist', () => {
    const { scripts } = JSON.parse(readText('package.json')) as { scripts: Record<string, string> }
    const named = Array.from(readme.matchAll(/npm run ([\w:-]+)/g), ([, script]) => script ?? '')
    expect(named.filter((script) => !Object.hasOwn(scripts, script))).toEqual([])
  })

  test('links only to files that exist', () => {
    const links = Array.from(
      readme.matchAll(/\]\((?!https?:)([^)#]+)\)/g),
      ([, file]) => file ?? '',
    )
    expect(() => links.forEach(readText)).not.toThrow()
  })

  test('shows what npm run build prints, sizes and hashes apart', async () => {
    const report = renderBuildReport(await buildActions(new URL('.', root).pathname))
    const [, shown] = /\$ npm run build\n([^`]+)```/.exec(readme) ?? []
    const withoutNumbers = (text = ''): string =>
      text.replace(/\s+\d+ +\d+ % +[0-9a-f]{12}$/gm, ' …').trim()
    expect(withoutNumbers(shown)).toBe(withoutNumbers(report))
  })
})
