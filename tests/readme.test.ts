import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { buildActions } from '../build/build-actions.ts'
import { renderBuildReport } from '../build/render-report.ts'
import { keysOf } from '../actions/shared/manifest.ts'
import { ACTION_NAMES, FIXTURE, REPOSITORY } from '../test-kit/fixture-project.ts'
import { settings } from '../test-kit/fixture/actions/add-claims/settings.ts'
import { MANIFESTS } from '../test-kit/laws/fixture-subject.ts'
import { describeReadme, README } from '../test-kit/readme.ts'

const namesIn = (cell: string): string[] =>
  Array.from(cell.matchAll(/`([^`]+)`/g), ([, name]) => name ?? '')

interface Row {
  name: string
  writes: string[]
  secrets: string[]
  claims: string[]
  fails: string
}

const rows: Row[] = README.split('\n')
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

describeReadme('the README', () => {
  test('lists the Actions in the order in which tenant.yaml binds them', () => {
    const bound = Array.from(
      readFileSync(join(FIXTURE, 'tenant.yaml'), 'utf8').matchAll(/action_name: ([\w-]+)/g),
      ([, name]) => name,
    )
    expect(rows.map(({ name }) => name)).toEqual(bound)
  })

  test.each(ACTION_NAMES)(
    'tells what %s writes, its secrets, its claims and which way it fails',
    (name) => {
      const manifest = MANIFESTS[name]
      const claims = name === 'add-claims' ? settings.claims.map(({ claim }) => claim) : []
      expect(rows.filter((row) => row.name === name)).toEqual([
        {
          name,
          writes: keysOf(manifest),
          secrets: manifest.secrets,
          claims: [...new Set(claims)],
          fails: manifest.fails,
        },
      ])
    },
  )

  test('names only scripts that exist', () => {
    const { scripts } = JSON.parse(readFileSync(join(REPOSITORY, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>
    }
    const named = Array.from(README.matchAll(/npm run ([\w:-]+)/g), ([, script]) => script ?? '')
    expect(named.filter((script) => !Object.hasOwn(scripts, script))).toEqual([])
  })

  test('links only to files that exist', () => {
    const links = Array.from(
      README.matchAll(/\]\((?!https?:)([^)#]+)\)/g),
      ([, file]) => file ?? '',
    )
    expect(links.filter((file) => !existsSync(join(REPOSITORY, file)))).toEqual([])
  })

  test('shows what npm run build prints, sizes and hashes apart', async () => {
    const built = await buildActions(FIXTURE)
    const report = renderBuildReport(built.ok ? built.value.bundles : [])
    const [, shown] = /\$ npm run build\n([^`]+)```/.exec(README) ?? []
    const withoutNumbers = (text = ''): string =>
      text.replace(/\s+\d+ +\d+ % +[0-9a-f]{12}$/gm, ' …').trim()
    expect(withoutNumbers(shown)).toBe(withoutNumbers(report))
  })
})
