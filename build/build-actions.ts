import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { own } from '../actions/shared/json.ts'
import { problemAt, type Problem, type Result } from '../actions/shared/problem.ts'
import { bundleAction, type BundledText } from './bundle-action.ts'
import { checkActions, type ProjectFiles } from './check-actions.ts'
import { loadProblem } from './load-problem.ts'
import { loadTypeScript } from './load-typescript.ts'
import { loadTenantFile, type TenantEntry } from './tenant-file.ts'

export interface Bundle {
  name: string
  /** Relative to the project. */
  file: string
  bytes: number
  /** SHA-256 of the bundle without its header, in hex. */
  hash: string
}

/** What was built, and what whoever builds should know. */
export interface Build {
  bundles: Bundle[]
  warnings: Problem[]
}

/**
 * Bundles each Action of the project in `root` into `root/dist`, and refuses, with the file and the
 * reason, what would fail or mislead only after the deployment. Nothing is written when there is a
 * problem, so what lies in `dist` was always accepted whole.
 */
export const buildActions = async (root: string): Promise<Result<Build>> => {
  const tenant = await loadTenantFile(root)
  const all = await actionFolders(root)
  const folders = await wantedFolders(root, all, tenant.actions)
  const leftOut = all.filter((name) => !folders.includes(name))
  const problems = [...tenant.problems, ...foldersAgainstTenant(folders, tenant.actions)]
  problems.push(...(await checkActions(folders, leftOut, tenant.actions, projectFiles(root))))
  const built: BundledText[] = []
  for (const name of folders) {
    const entry = tenant.actions.find((action) => action.name === name)
    const bundle = await bundleAction(root, name, packagesOf(entry))
    if (bundle.ok) built.push(bundle.value)
    else problems.push(...bundle.problems)
  }
  const hasTerms =
    folders.includes('enforce-terms') &&
    !problems.some(({ path }) => path.startsWith('actions/enforce-terms/'))
  if (hasTerms) problems.push(...(await portalProblems(root)))
  const warnings = problems.filter(({ isWarning }) => isWarning)
  if (problems.length > warnings.length)
    return { ok: false, problems: unique(problems.filter(({ isWarning }) => !isWarning)) }
  try {
    return { ok: true, value: { bundles: await writeBundles(root, built), warnings } }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    const reason = `cannot be written (${code ?? message}); give this user the right to write there`
    return { ok: false, problems: problemAt('dist/', reason, 'file_failed') }
  }
}

/** A mistake in shared code is found in each bundle, and named once. */
const unique = (problems: readonly Problem[]): Problem[] => {
  const texts = problems.map(({ path, message }) => `${path} ${message}`)
  return problems.filter((_problem, index) => texts.indexOf(texts[index] ?? '') === index)
}

const actionFolders = async (root: string): Promise<string[]> => {
  const entries = await readdir(join(root, 'actions'), { withFileTypes: true })
  return entries
    .filter((entry) => entry.isDirectory() && entry.name !== 'shared')
    .map((entry) => entry.name)
    .sort()
}

/** The folders, but not an optional Action that tenant.yaml does not list. */
const wantedFolders = async (
  root: string,
  folders: readonly string[],
  actions: readonly TenantEntry[],
): Promise<string[]> => {
  const wanted = await Promise.all(
    folders.map(async (name) => {
      // A tenant.yaml without any Action was refused already.
      if (actions.length === 0 || actions.some((action) => action.name === name)) return true
      const loaded = await projectFiles(root).load(`actions/${name}/manifest.ts`)
      return !loaded.ok || own(loaded.value['manifest'], 'optional') !== true
    }),
  )
  return folders.filter((_name, index) => wanted[index])
}

const foldersAgainstTenant = (
  folders: readonly string[],
  actions: readonly TenantEntry[],
): Problem[] => [
  ...folders
    // A tenant.yaml without any Action was refused already.
    .filter(() => actions.length > 0)
    .filter((name) => !actions.some((action) => action.name === name))
    .flatMap((name) =>
      problemAt(`actions/${name}/`, 'is not in tenant.yaml', 'tenant_file_invalid'),
    ),
  ...actions
    .filter(({ name }) => !folders.includes(name))
    .flatMap(({ name }) =>
      problemAt(
        `tenant.yaml: actions.${name}`,
        `has no folder actions/${name}/`,
        'tenant_file_invalid',
      ),
    ),
]

/** `tenant.yaml` may hold anything there; its own check says so. */
const packagesOf = (entry: TenantEntry | undefined): string[] => {
  const dependencies: unknown = entry?.dependencies
  return (Array.isArray(dependencies) ? dependencies : [])
    .map((dependency) => own(dependency, 'name'))
    .filter((name) => typeof name === 'string')
}

const projectFiles = (root: string): ProjectFiles => ({
  has: (file) => existsSync(join(root, file)),
  load: async (file) => {
    try {
      return { ok: true, value: await loadTypeScript(root, file) }
    } catch (error) {
      return { ok: false, problems: [loadProblem(error, file)] }
    }
  },
})

const PORTAL_CHECK = 'portal/check-portal.ts'
const TERMS_SETTINGS = 'actions/enforce-terms/settings.ts'

/** The texts behind what enforce-terms asks for; a project may have its Terms page elsewhere. */
const portalProblems = async (root: string): Promise<Problem[]> => {
  if (![PORTAL_CHECK, TERMS_SETTINGS].every((file) => existsSync(join(root, file)))) return []
  try {
    const portal = await loadTypeScript(root, PORTAL_CHECK)
    const { settings } = await loadTypeScript(root, TERMS_SETTINGS)
    const check = portal['checkPortal'] as (root: string, documents: unknown) => Problem[]
    return check(root, own(settings, 'documents'))
  } catch (error) {
    return [loadProblem(error, PORTAL_CHECK)]
  }
}

/** A file that already says what it should is left alone: somebody may be reading it. */
const writeBundles = async (root: string, built: readonly BundledText[]): Promise<Bundle[]> => {
  const folder = join(root, 'dist', 'actions')
  await mkdir(folder, { recursive: true })
  // The package is ESM; without this a require of a bundle would give an empty object.
  await writeWhenChanged(join(root, 'dist', 'package.json'), '{ "type": "commonjs" }\n')
  for (const name of await readdir(folder)) {
    if (!built.some((bundle) => name === `${bundle.name}.js`)) await rm(join(folder, name))
  }
  const bundles: Bundle[] = []
  for (const { name, text, hash } of built) {
    const file = join(folder, `${name}.js`)
    await writeWhenChanged(file, text)
    bundles.push({ name, file: relative(root, file), bytes: Buffer.byteLength(text), hash })
  }
  return bundles
}

const writeWhenChanged = async (file: string, text: string): Promise<void> => {
  const known = existsSync(file) ? await readFile(file, 'utf8') : undefined
  if (known !== text) await writeFile(file, text)
}
