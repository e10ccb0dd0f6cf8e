/** One Action in one CommonJS file that Auth0 can run, and what would keep it from running there. */
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { createRequire, isBuiltin } from 'node:module'
import { join } from 'node:path'
import { compileFunction } from 'node:vm'
import { build, type BuildOptions, type Message, type Metafile } from 'esbuild'
import { problemAt, type Result } from '../actions/shared/problem.ts'
import { loadProblem, missingFile } from './load-problem.ts'

/**
 * Auth0's limit for each Action, bundled packages included.
 * https://auth0.com/docs/customize/actions/limitations
 */
export const MAX_BUNDLE_BYTES = 100_000

/**
 * Our own limit for what is not the team's settings, half of Auth0's: nothing is minified, so that it
 * can be read in Auth0, and code that grows unnoticed would take the room that settings need.
 */
export const MAX_CODE_BYTES = 50_000

/** More than the first line takes: name and hash. */
const HEADER_BYTES = 256

/** What every bundle of an Action is made with. */
export const ACTION_OPTIONS = {
  bundle: true,
  // Auth0 wraps the file in a function and reads `exports`: only CommonJS works there.
  format: 'cjs',
  // An older target would turn async functions into plain ones, which Auth0 refuses.
  target: 'node22',
  platform: 'node',
  // What is not ours stays a require, so that the checks see it.
  packages: 'external',
  charset: 'utf8',
  legalComments: 'none',
  write: false,
  logLevel: 'silent',
} as const satisfies BuildOptions

const HANDLERS = ['onExecutePostLogin', 'onContinuePostLogin']

export interface BundledText {
  name: string
  text: string
  /** SHA-256 of the bundle without its header, in hex. */
  hash: string
}

/** `declared` are the packages that `tenant.yaml` names as dependencies. */
export const bundleAction = async (
  root: string,
  name: string,
  declared: readonly string[],
): Promise<Result<BundledText>> => {
  const file = `actions/${name}/action.ts`
  if (!existsSync(join(root, file))) return { ok: false, problems: [missingFile(file)] }
  try {
    const readable = await runEsbuild(root, name, false)
    const codeBytes = Buffer.byteLength(readable.body) - readable.settingsBytes
    // Many settings must fit; what a reader needs and Auth0 does not is what can be spared.
    const isTooLong = Buffer.byteLength(readable.body) > MAX_BUNDLE_BYTES - HEADER_BYTES
    const { body, imports } = isTooLong ? await runEsbuild(root, name, true) : readable
    const hash = createHash('sha256').update(body).digest('hex')
    const text = `// ${name} sha256:${hash}\n${body}`
    const wrong = [
      ...requireReasons(imports, body, declared),
      ...markerReasons(text),
      ...loadReasons(root, text, declared),
    ]
    const problems = [
      // Of a member that stands twice the last one would win without a word.
      ...readable.warnings
        .filter(({ id }) => id === 'duplicate-object-key')
        .map((warning) => loadProblem({ errors: [warning] }, file)),
      ...wrong.flatMap((message) => problemAt(file, message, 'bundle_invalid')),
      ...sizeReasons(text, codeBytes).flatMap((message) =>
        problemAt(file, message, 'bundle_too_large'),
      ),
    ]
    return problems.length > 0 ? { ok: false, problems } : { ok: true, value: { name, text, hash } }
  } catch (error) {
    return { ok: false, problems: [loadProblem(error, file)] }
  }
}

type Imports = Metafile['outputs'][string]['imports']

const runEsbuild = async (
  root: string,
  name: string,
  minify: boolean,
): Promise<{
  body: string
  imports: Imports
  settingsBytes: number
  warnings: readonly Message[]
}> => {
  const { outputFiles, metafile, warnings } = await build({
    ...ACTION_OPTIONS,
    absWorkingDir: root,
    entryPoints: [`actions/${name}/action.ts`],
    minify,
    banner: {
      js: `// Generated from actions/${name}/ of a repository. Edit there and deploy: an edit made here is lost then.`,
    },
    metafile: true,
  })
  const outputs = Object.values(metafile.outputs)
  return {
    warnings,
    body: outputFiles[0]?.text ?? '',
    imports: outputs.flatMap((output) => output.imports),
    settingsBytes: outputs
      .map(({ inputs }) => inputs[`actions/${name}/settings.ts`]?.bytesInOutput ?? 0)
      .reduce((sum, bytes) => sum + bytes, 0),
  }
}

const requireReasons = (imports: Imports, body: string, declared: readonly string[]): string[] => [
  ...imports
    .filter(({ external }) => external)
    .map(({ path }) => path)
    .filter((path) => !isBuiltin(path) && !declared.includes(packageName(path)))
    .map((path) => `requires "${path}", neither a Node builtin nor a dependency in tenant.yaml`),
  ...(/\brequire\s*\(\s*[^"'\s]/.test(body) ? ['has a require whose name is computed'] : []),
  ...(/\bimport\s*\(/.test(body) ? ['has a dynamic import(), which Actions do not have'] : []),
]

const packageName = (path: string): string =>
  path
    .split('/')
    .slice(0, path.startsWith('@') ? 2 : 1)
    .join('/')

const markerReasons = (text: string): string[] => {
  const marker = /##\w+##|@@\w+@@/.exec(text)
  return marker ? [`holds ${marker[0]}, which the Deploy CLI would replace`] : []
}

const sizeReasons = (text: string, codeBytes: number): string[] => {
  const bytes = Buffer.byteLength(text)
  return [
    ...(bytes > MAX_BUNDLE_BYTES
      ? [`is ${bytes} bytes, more than the ${MAX_BUNDLE_BYTES} that Auth0 takes`]
      : []),
    ...(codeBytes > MAX_CODE_BYTES
      ? [`has ${codeBytes} bytes of code beside its settings, more than ${MAX_CODE_BYTES}`]
      : []),
  ]
}

/** Loads the bundle as Auth0 does: the text is the body of a function, the exports are looked up. */
const loadReasons = (root: string, text: string, declared: readonly string[]): string[] => {
  const module: { exports: unknown } = { exports: {} }
  const requireBuiltin = createRequire(join(root, 'package.json'))
  const gatedRequire = (id: string): unknown => {
    if (isBuiltin(id) || declared.includes(packageName(id))) return requireBuiltin(id)
    throw new Error(`Cannot find module '${id}'`)
  }
  try {
    const load = compileFunction(text, ['module', 'exports', 'console', 'require']) as (
      ...values: unknown[]
    ) => void
    load(module, module.exports, console, gatedRequire)
  } catch (error) {
    return [loadProblem(error, '').message]
  }
  const exported = Object(module.exports) as Record<string, { constructor?: { name?: string } }>
  const names = Object.keys(exported)
  return [
    ...(names.includes('onExecutePostLogin') ? [] : ['does not export onExecutePostLogin']),
    ...(!names.includes('onContinuePostLogin') && /\bsendUserTo\b/.test(text)
      ? ['sends the user to a page, but does not export onContinuePostLogin: no answer is checked']
      : []),
    ...names
      .filter((name) => !HANDLERS.includes(name))
      .map((name) => `exports ${name}, which Auth0 does not know`),
    ...names
      .filter((name) => HANDLERS.includes(name))
      .filter((name) => exported[name]?.constructor?.name !== 'AsyncFunction')
      .map((name) => `${name} is not a native async function, which Auth0 refuses`),
  ]
}
