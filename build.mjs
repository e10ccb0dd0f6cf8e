/**
 * Bundles each Action into one CommonJS file that Auth0 can run, and refuses, with the file and the
 * reason, what would fail or mislead only after the deployment.
 *
 *   node build.mjs
 */
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire, isBuiltin } from 'node:module'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { compileFunction } from 'node:vm'
import { build } from 'esbuild'
import { parseDocument } from 'yaml'

/**
 * Our own limit. Auth0's is 100 kB for each Action, bundled packages included. Our largest Action takes
 * about 34 kB before a team adds documents; nothing is minified, so that it can be read in Auth0.
 */
export const MAX_BUNDLE_BYTES = 40_000

/** Auth0's limits. https://auth0.com/docs/customize/actions/limitations */
const LIMITS = { secrets: 30, dependencies: 10, bindings: 20 }

const HANDLERS = ['onExecutePostLogin', 'onContinuePostLogin']
const ACTION_KEYS = [
  'name',
  'code',
  'runtime',
  'deployed',
  'supported_triggers',
  'dependencies',
  'secrets',
]

/**
 * One reason why the build is refused.
 * @typedef {{ file: string, reason: string }} Problem
 *
 * @typedef {{ name: string, file: string, bytes: number, hash: string }} Bundle
 *
 * @typedef {{ bundles: Bundle[], problems: Problem[] }} BuildResult
 */

/**
 * Builds the project in `root` into `root/dist`. Nothing is written when there is a problem, so
 * what lies in `dist` was always accepted whole.
 *
 * @param {string} root
 * @returns {Promise<BuildResult>}
 */
export const buildActions = async (root) => {
  const folders = await actionFolders(root)
  const tenant = await readTenant(root)
  const problems = [...tenant.problems, ...foldersAgainstTenant(folders, tenant.actions)]
  const { checkActions } = await ownModule('build/check-actions.ts')
  problems.push(...(await checkActions(folders, tenant.actions, projectFiles(root))))
  const built = []
  for (const name of folders) {
    const entry = tenant.actions.find((action) => action.name === name)
    const bundle = await bundleAction(root, name, namesOf(entry?.dependencies))
    problems.push(...bundle.problems)
    if (bundle.text !== undefined) built.push({ name, text: bundle.text, hash: bundle.hash })
  }
  const hasTerms = !problems.some(({ file }) => file.startsWith('actions/enforce-terms/'))
  if (hasTerms) problems.push(...(await portalProblems(root)))
  if (problems.length > 0) return { bundles: [], problems: unique(problems) }
  try {
    return { bundles: await writeBundles(root, built), problems }
  } catch (error) {
    const reason = `cannot be written (${error.code ?? error.message}); give this user the right to write there`
    return { bundles: [], problems: [{ file: 'dist/', reason }] }
  }
}

/** What every Action bundles breaks every Action: it is named once. */
const unique = (problems) => {
  const texts = problems.map(({ file, reason }) => `${file}: ${reason}`)
  return problems.filter((_problem, index) => texts.indexOf(texts[index]) === index)
}

const actionFolders = async (root) => {
  const entries = await readdir(join(root, 'actions'), { withFileTypes: true })
  return entries
    .filter((entry) => entry.isDirectory() && entry.name !== 'shared')
    .map((entry) => entry.name)
    .sort()
}

/**
 * `tenant.yaml` as data. An unquoted `@@NAME@@` is no YAML, so it is quoted before parsing.
 *
 * @param {string} root
 */
export const readTenant = async (root) => {
  const file = 'tenant.yaml'
  const unreadable = (reason) => ({ actions: [], triggers: {}, problems: [{ file, reason }] })
  if (!existsSync(join(root, file))) return unreadable('is missing')
  const text = await readFile(join(root, file), 'utf8')
  let tenant
  try {
    const document = parseDocument(text.replace(/(^|\s)@@(\w+)@@(?=\s|$)/gm, '$1"@@$2@@"'))
    // An alias of nothing is no error of the document, but has no value either.
    if (document.errors.length === 0) tenant = document.toJS()
    else throw document.errors[0]
  } catch (error) {
    const [firstLine] = error.message.split('\n')
    return unreadable(`is not YAML: ${firstLine}`)
  }
  const actions = listOf(tenant?.actions).filter(isNamed)
  const reasons = [
    ...Object.keys(tenant ?? {})
      .filter((key) => key !== 'actions' && key !== 'triggers')
      .map((key) => `"${key}" is not ours to deploy; only actions and triggers are`),
    ...(actions.length > 0 ? [] : ['must list the Actions under "actions"']),
    ...(actions.length === listOf(tenant?.actions).length ? [] : ['has an action without a name']),
    ...repeated(actions.map(({ name }) => name)).map((name) => `lists action "${name}" twice`),
    ...(/["']@@\w+@@["']/.test(text)
      ? ['has a quoted @@NAME@@; without quotes a missing value is an error and not the secret']
      : []),
    ...actions.flatMap((action) =>
      actionReasons(action).map((reason) => `action "${action.name}": ${reason}`),
    ),
    ...bindingReasons(actions, tenant?.triggers),
  ]
  return {
    actions,
    triggers: tenant?.triggers ?? {},
    problems: reasons.map((reason) => ({ file, reason })),
  }
}

const actionReasons = (action) => {
  const code = `./dist/actions/${action.name}.js`
  const [trigger, ...others] = listOf(action.supported_triggers)
  const isPostLogin = trigger?.id === 'post-login' && trigger.version === 'v3'
  const secrets = listOf(action.secrets)
  const dependencies = listOf(action.dependencies)
  return [
    ...Object.keys(action)
      .filter((key) => !ACTION_KEYS.includes(key))
      .map((key) => `unknown key "${key}"`),
    ...(action.code === code ? [] : [`code must be ${code}`]),
    ...(action.runtime === 'node22' ? [] : ['runtime must be node22']),
    ...(action.deployed === true ? [] : ['deployed must be true']),
    ...(isPostLogin && others.length === 0
      ? []
      : ['supported_triggers must be post-login v3 alone']),
    ...['secrets', 'dependencies']
      .filter((key) => action[key] !== undefined && !Array.isArray(action[key]))
      .map((key) => `${key} must be a list`),
    ...(secrets.length > LIMITS.secrets ? [`has more than ${LIMITS.secrets} secrets`] : []),
    ...repeated(secrets.map((secret) => secret?.name)).map((name) => `sets secret ${name} twice`),
    ...(dependencies.length > LIMITS.dependencies
      ? [`has more than ${LIMITS.dependencies} dependencies`]
      : []),
    ...dependencies
      .filter((dependency) => !isDependency(dependency))
      .map(() => 'each dependency needs a name and a version in quotes, and nothing else'),
    ...secrets
      .filter((secret) => secret?.value !== `@@${secret?.name}@@`)
      .map((secret) =>
        typeof secret?.name === 'string'
          ? `secret ${secret.name} must be written @@${secret.name}@@`
          : 'each secret needs a name and a value',
      ),
  ]
}

const bindingReasons = (actions, triggers) => {
  const bindings = listOf(triggers?.['post-login'])
  const bound = bindings.map((binding) => binding?.action_name)
  return [
    ...(bindings.length > LIMITS.bindings
      ? [`post-login has more than ${LIMITS.bindings} bindings`]
      : []),
    ...bindings
      .flatMap((binding) => Object.keys(binding ?? {}))
      .filter((key) => key !== 'action_name' && key !== 'display_name')
      .map((key) => `post-login: unknown key "${key}" in a binding`),
    ...bindings
      .filter((binding) => typeof binding?.display_name !== 'string')
      .map((binding) => `post-login: the binding of "${binding?.action_name}" has no display_name`),
    ...Object.keys(triggers ?? {})
      .filter((trigger) => trigger !== 'post-login')
      .map((trigger) => `trigger "${trigger}" is not one of ours`),
    ...actions
      .filter(({ name }) => bound.filter((other) => other === name).length !== 1)
      .map(({ name }) => `action "${name}" must be bound to post-login exactly once`),
    ...bound
      .filter((name) => !actions.some((action) => action.name === name))
      .map((name) => `post-login binds "${name}", which is not among the actions`),
  ]
}

const repeated = (names) => names.filter((name, index) => names.indexOf(name) !== index)

const isDependency = (dependency) =>
  typeof dependency?.name === 'string' &&
  typeof dependency.version === 'string' &&
  Object.keys(dependency).every((key) => ['name', 'version', 'registry_url'].includes(key))

const listOf = (value) => (Array.isArray(value) ? value : [])

const isNamed = (action) => typeof action?.name === 'string'

const foldersAgainstTenant = (folders, actions) => [
  ...folders
    // Without any Action, tenant.yaml was found wanting already: not once more for each folder.
    .filter(() => actions.length > 0)
    .filter((name) => !actions.some((action) => action.name === name))
    .map((name) => ({ file: `actions/${name}/`, reason: 'is not in tenant.yaml' })),
  ...actions
    .filter(({ name }) => !folders.includes(name))
    .map(({ name }) => ({
      file: 'tenant.yaml',
      reason: `action "${name}" has no folder actions/${name}/`,
    })),
]

const namesOf = (entries) =>
  listOf(entries)
    .map((entry) => entry?.name)
    .filter((name) => typeof name === 'string')

/** An error of esbuild, with its line, or what code threw while it was loaded. */
const problemOf = (error, file) => {
  const [first] = error?.errors ?? []
  if (first === undefined) {
    return { file, reason: `fails to load: ${error?.message ?? String(error)}` }
  }
  const at = first.location ? `${first.location.file}:${first.location.line}` : file
  return { file: at, reason: first.text }
}

/** The texts behind what enforce-terms asks for; a project may have its Terms page elsewhere. */
const portalProblems = async (root) => {
  const files = ['portal/check-portal.ts', 'actions/enforce-terms/settings.ts']
  if (files.some((file) => !existsSync(join(root, file)))) return []
  try {
    const [portal, terms] = await Promise.all(files.map((file) => importTypeScript(root, file)))
    return portal.checkPortal(root, terms.settings.documents)
  } catch (error) {
    return [problemOf(error, files[0])]
  }
}

const projectFiles = (root) => ({
  has: (file) => existsSync(join(root, file)),
  load: async (file) => {
    try {
      return { exports: await importTypeScript(root, file) }
    } catch (error) {
      return { problem: problemOf(error, file) }
    }
  },
})

const OWN_FOLDER = dirname(fileURLToPath(import.meta.url))
const ownModules = new Map()

/** A module of the build itself, bundled once. */
const ownModule = (file) => {
  const module = ownModules.get(file) ?? importTypeScript(OWN_FOLDER, file)
  ownModules.set(file, module)
  return module
}

/** Leaves packages to Node, which loads each once; bundling them took most of a build's time. */
const ownPackages = {
  name: 'own-packages',
  setup: ({ onResolve }) => {
    onResolve({ filter: /^[^./]/ }, ({ path, kind }) =>
      kind === 'entry-point' || isBuiltin(path)
        ? undefined
        : { path: import.meta.resolve(path), external: true },
    )
  },
}

const importTypeScript = async (root, file) => {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [file],
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    write: false,
    logLevel: 'silent',
    plugins: [ownPackages],
  })
  const source = Buffer.from(outputFiles[0].contents).toString('base64')
  return import(`data:text/javascript;base64,${source}`)
}

const bundleAction = async (root, name, declared) => {
  const file = `actions/${name}/action.ts`
  if (!existsSync(join(root, file))) return { problems: [{ file, reason: 'is missing' }] }
  let result
  try {
    result = await build({
      absWorkingDir: root,
      entryPoints: [file],
      bundle: true,
      // Auth0 wraps the file in a function and reads `exports`: only CommonJS works there.
      format: 'cjs',
      // An older target would turn async functions into plain ones, which Auth0 refuses.
      target: 'node22',
      platform: 'node',
      // What is not ours stays a require, so that the check below sees it.
      packages: 'external',
      charset: 'utf8',
      legalComments: 'none',
      metafile: true,
      write: false,
      logLevel: 'silent',
    })
  } catch (error) {
    return { problems: [problemOf(error, file)] }
  }
  const body = result.outputFiles[0].text
  const hash = createHash('sha256').update(body).digest('hex')
  const text = `// ${name} sha256:${hash}\n${body}`
  const [output] = Object.values(result.metafile.outputs)
  const reasons = [
    ...requireProblems(output.imports, body, declared),
    ...textProblems(text),
    ...(await loadProblems(root, text, declared)),
  ]
  return { text, hash, problems: reasons.map((reason) => ({ file, reason })) }
}

const requireProblems = (imports, body, declared) => [
  ...imports
    .filter(({ external }) => external)
    .map(({ path }) => path)
    .filter((path) => !isBuiltin(path) && !declared.includes(packageName(path)))
    .map((path) => `requires "${path}", neither a Node builtin nor a dependency in tenant.yaml`),
  ...(/\brequire\s*\(\s*[^"'\s]/.test(body) ? ['has a require whose name is computed'] : []),
  ...(/\bimport\s*\(/.test(body) ? ['has a dynamic import(), which Actions do not have'] : []),
]

const packageName = (path) =>
  path
    .split('/')
    .slice(0, path.startsWith('@') ? 2 : 1)
    .join('/')

const textProblems = (text) => {
  const marker = /##\w+##|@@\w+@@/.exec(text)
  const bytes = Buffer.byteLength(text)
  return [
    ...(marker ? [`holds ${marker[0]}, which the Deploy CLI would replace`] : []),
    ...(bytes > MAX_BUNDLE_BYTES ? [`is ${bytes} bytes, more than ${MAX_BUNDLE_BYTES}`] : []),
  ]
}

/** Loads the bundle as Auth0 does: the text is the body of a function, the exports are looked up. */
const loadProblems = async (root, text, declared) => {
  const module = { exports: {} }
  const requireBuiltin = createRequire(join(root, 'package.json'))
  const gatedRequire = (id) => {
    if (isBuiltin(id) || declared.includes(packageName(id))) return requireBuiltin(id)
    throw new Error(`Cannot find module '${id}'`)
  }
  try {
    const load = compileFunction(text, ['module', 'exports', 'console', 'require'])
    load(module, module.exports, console, gatedRequire)
  } catch (error) {
    return [problemOf(error).reason]
  }
  const names = Object.keys(Object(module.exports))
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
      .filter((name) => module.exports[name]?.constructor?.name !== 'AsyncFunction')
      .map((name) => `${name} is not a native async function, which Auth0 refuses`),
  ]
}

/** A file that already says what it should is left alone: somebody may be reading it. */
const writeBundles = async (root, built) => {
  const folder = join(root, 'dist', 'actions')
  await mkdir(folder, { recursive: true })
  // The package is ESM; without this a require of a bundle would give an empty object.
  await writeWhenChanged(join(root, 'dist', 'package.json'), '{ "type": "commonjs" }\n')
  for (const name of await readdir(folder)) {
    if (!built.some((bundle) => name === `${bundle.name}.js`)) await rm(join(folder, name))
  }
  const bundles = []
  for (const { name, text, hash } of built) {
    const file = join(folder, `${name}.js`)
    await writeWhenChanged(file, text)
    bundles.push({ name, file: relative(root, file), bytes: Buffer.byteLength(text), hash })
  }
  return bundles
}

const writeWhenChanged = async (file, text) => {
  const known = existsSync(file) ? await readFile(file, 'utf8') : undefined
  if (known !== text) await writeFile(file, text)
}

/**
 * @param {BuildResult} result
 * @returns {string}
 */
export const renderBuildReport = ({ bundles, problems }) => {
  if (problems.length > 0) {
    const lines = problems.map(({ file, reason }) => `  ${file}: ${reason}`)
    return [`Build refused, ${problems.length} problem(s):`, ...lines].join('\n')
  }
  const width = Math.max(...bundles.map(({ name }) => name.length), 'Action'.length)
  const rows = bundles.map(({ name, bytes, hash }) => {
    const share = `${Math.round((100 * bytes) / MAX_BUNDLE_BYTES)} %`
    return [
      name.padEnd(width),
      String(bytes).padStart(7),
      share.padStart(7),
      ` ${hash.slice(0, 12)}`,
    ]
  })
  const head = ['Action'.padEnd(width), 'bytes'.padStart(7), 'of max'.padStart(7), ' sha256']
  return [head, ...rows].map((cells) => cells.join('  ')).join('\n')
}

if (
  process.argv[1] !== undefined &&
  import.meta.url === pathToFileURL(resolve(process.argv[1])).href
) {
  const result = await buildActions(dirname(fileURLToPath(import.meta.url)))
  if (result.problems.length > 0) {
    console.error(renderBuildReport(result))
    process.exitCode = 1
  } else {
    console.log(renderBuildReport(result))
  }
}
