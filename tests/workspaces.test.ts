/** What each workspace leans on: the packages that it declares, and the folders that it may import. */
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { expect, test } from '@jest/globals'
import { build } from 'esbuild'
import { SIGNING_KEY } from '../test-kit/portal/terms-link.ts'

const ROOT = join(import.meta.dirname, '..')

/** Started as a process or by an option of Node, so no import names them. */
const STARTED = ['tsx', 'auth0-deploy-cli']

/** What these files import, and what that imports in turn; types aside. */
const importsOf = async (
  entryPoints: string[],
): Promise<{ packages: string[]; folders: string[] }> => {
  const { metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    outdir: 'out',
    metafile: true,
    write: false,
    logLevel: 'silent',
  })
  const packages = Object.values(metafile.outputs)
    .flatMap((output) => output.imports)
    .filter(({ external, path }) => external === true && !path.startsWith('node:'))
    .map(({ path }) => /^(@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? path)
  const folders = Object.keys(metafile.inputs).map((file) =>
    file.startsWith('actions/shared/') ? 'actions/shared' : (file.split('/')[0] ?? ''),
  )
  return { packages: sorted(packages), folders: sorted(folders) }
}

const sorted = (names: readonly string[]): string[] => [...new Set(names)].sort()

const declaredBy = (workspace: string): string[] => {
  const text = readFileSync(join(ROOT, workspace, 'package.json'), 'utf8')
  const { dependencies } = JSON.parse(text) as { dependencies: Record<string, string> }
  return Object.keys(dependencies)
}

test.each([
  ['portal', ['actions/shared', 'cli', 'portal']],
  ['local-tenant', ['local-tenant']],
  ['deploy', ['actions/shared', 'build', 'cli', 'deploy']],
])('%s declares the packages it imports, and imports from %j alone', async (workspace, allowed) => {
  const files = readdirSync(join(ROOT, workspace), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.includes('node_modules'))
    .map((file) => join(workspace, file))
  const { packages, folders } = await importsOf(files)
  const declared = declaredBy(workspace)
  const started = STARTED.filter((name) => declared.includes(name))
  expect(sorted([...packages, ...started])).toEqual(declared)
  expect(folders).toEqual(allowed)
})

test('the portal that runs needs the token contract, cli/ and nothing else of the repository', async () => {
  expect((await importsOf(['portal/start.ts'])).folders).toEqual([
    'actions/shared',
    'cli',
    'portal',
  ])
})

test('the portal starts from its own packages alone, installed without those for development', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'portal-alone-'))
  try {
    for (const part of ['package.json', 'portal', 'actions/shared', 'cli']) {
      cpSync(join(ROOT, part), join(folder, part), { recursive: true })
    }
    for (const path of await installedFor('portal')) {
      cpSync(path, join(folder, relative(ROOT, path)), { recursive: true })
    }
    const child = spawn('npm', ['start', '--silent', '--workspace', 'portal'], {
      cwd: folder,
      detached: true,
      env: {
        PATH: process.env['PATH'],
        HOME: folder,
        TERMS_TOKEN_SECRET: SIGNING_KEY,
        LOGIN_HOSTS: 'login.example.com',
        PORT: '0',
      },
    })
    let said = ''
    child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()))
    const exited = once(child, 'exit')
    const [line] = (await Promise.race([
      once(child.stdout, 'data'),
      exited.then(() => [JSON.stringify({ said })]),
    ])) as [Buffer | string]
    const { url } = JSON.parse(line.toString()) as { url?: string }
    expect({ url, said }).toEqual({
      url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:/),
      said: '',
    })
    expect((await fetch(`${url ?? ''}/health`)).status).toBe(200)
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGTERM')
    await exited
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}, 60_000)

/** The folders that `npm ci --workspace NAME --omit=dev` installs. */
const installedFor = async (workspace: string): Promise<string[]> => {
  const options = ['ls', '--workspace', workspace, '--omit=dev', '--all', '--parseable']
  // It exits with 1 for what it finds superfluous, which is no matter here.
  const { stdout } = await new Promise<{ stdout: string }>((resolve) =>
    execFile('npm', options, { cwd: ROOT }, (_error, out) => resolve({ stdout: out })),
  )
  const paths = stdout.split('\n').filter((path) => path.includes('/node_modules/'))
  expect(paths.length).toBeGreaterThan(declaredBy(workspace).length)
  return paths
}
