import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { buildActions } from '../../build/build-actions.ts'
import { MAX_BUNDLE_BYTES, MAX_CODE_BYTES } from '../../build/bundle-action.ts'
import { buildRefused, renderBuildReport } from '../../build/render-report.ts'
import { renderFailure } from '../../cli/failure.ts'
import { withoutAction } from '../../test-kit/build/edit-tenant.ts'
import { MiniProject } from '../../test-kit/build/mini-project.ts'
import { ACTION_NAMES } from '../../test-kit/fixture-project.ts'

const NAMES = [...ACTION_NAMES].sort()

const ACTION = 'actions/guard-access/action.ts'
const ACTION_SETTINGS = 'actions/guard-access/settings.ts'
const ACTION_SCHEMA = 'actions/guard-access/schema.ts'
const ACTION_MANIFEST = 'actions/guard-access/manifest.ts'

let project: MiniProject
beforeEach(async () => {
  project = await MiniProject.create()
})
afterEach(async () => {
  await project.remove()
})

const build = async () => {
  const built = await buildActions(project.root)
  return built.ok
    ? { bundles: built.value.bundles, problems: [] }
    : { bundles: [], problems: built.problems.map(({ path, message }) => ({ path, message })) }
}

/** The build refuses with these problems and nothing else, and writes nothing. */
const expectRefusal = async (...problems: { path: unknown; message: unknown }[]) => {
  expect(await build()).toEqual({ bundles: [], problems })
  expect(await project.distFiles()).toEqual({})
}

const MAPPINGS = 'actions/map-idp-attributes/settings.ts'

const mappingsFile = (count: number): string => {
  const mappings = Array.from({ length: count }, (_, index) => ({
    when: { strategy: { equals: 'samlp' } },
    from: [{ currentIdentity: [`attribute_${index}`] }],
    as: 'string',
    to: { metadata: 'app_metadata', path: ['idp', `attribute_${index}`] },
  }))
  // What other settings read must still be written.
  const others = ['department', 'groups', 'employee_number'].map((name) => ({
    when: {},
    from: [{ attribute: [name], of: 'primary' }],
    as: 'string',
    to: { metadata: 'app_metadata', path: ['idp', name] },
  }))
  const settings = {
    defaults: { mode: 'force', missing: 'keep', unusable: 'delete' },
    limits: { length: 256, elements: 50, bytes: 2048 },
    mappings: [...mappings, ...others],
  }
  return `export const settings = ${JSON.stringify(settings, null, 2)}`
}

describe('a build', () => {
  test('writes one file for each Action, and says what lies in dist is CommonJS', async () => {
    const { bundles, problems } = await build()
    expect(problems).toEqual([])
    expect(bundles.map(({ name }) => name)).toEqual(NAMES)
    expect(Object.keys(await project.distFiles()).sort()).toEqual([
      ...NAMES.map((name) => `dist/actions/${name}.js`),
      'dist/package.json',
    ])
    expect(JSON.parse(await project.read('dist/package.json'))).toEqual({ type: 'commonjs' })
  })

  test('puts name and hash above each file, and the hash is that of the rest', async () => {
    for (const { name, file, hash, bytes } of (await build()).bundles) {
      const text = await project.read(file)
      const end = text.indexOf('\n')
      expect(text.slice(0, end)).toBe(`// ${name} sha256:${hash}`)
      expect(hash).toBe(
        createHash('sha256')
          .update(text.slice(end + 1))
          .digest('hex'),
      )
      expect(bytes).toBe(Buffer.byteLength(text))
    }
  })

  test('says in the second line where each file comes from and what becomes of an edit', async () => {
    for (const { name, file } of (await build()).bundles) {
      const [, second] = (await project.read(file)).split('\n')
      expect(second).toBe(
        `// Generated from actions/${name}/ of a repository. Edit there and deploy: an edit made here is lost then.`,
      )
    }
  })

  test('twice gives the same bytes, and in another folder too', async () => {
    await build()
    const first = await project.distFiles()
    await build()
    expect(await project.distFiles()).toEqual(first)

    const elsewhere = await MiniProject.create()
    await buildActions(elsewhere.root)
    expect(await elsewhere.distFiles()).toEqual(first)
    await elsewhere.remove()
  })

  test('keeps every bundle readable and far below the limit of Auth0', async () => {
    for (const { file, bytes } of (await build()).bundles) {
      expect(bytes).toBeLessThan(MAX_BUNDLE_BYTES)
      const text = await project.read(file)
      expect(text).toContain('onExecutePostLogin = async (event, api) =>')
      expect(text.length / text.split('\n').length).toBeLessThan(80)
    }
  })

  test('leaves out an Action that a project may do without, when tenant.yaml does not name it', async () => {
    await project.write(
      'tenant.yaml',
      withoutAction(await project.read('tenant.yaml'), 'guard-access'),
    )
    const { bundles, problems } = await build()
    expect(problems).toEqual([])
    expect(bundles.map(({ name }) => name)).toEqual(NAMES.filter((name) => name !== 'guard-access'))
  })

  test('takes away what an Action that is gone left in dist', async () => {
    await project.write('dist/actions/gone.js', '// gone')
    await build()
    expect(Object.keys(await project.distFiles())).not.toContain('dist/actions/gone.js')
  })

  test('that is refused leaves dist as it was', async () => {
    await build()
    const before = await project.distFiles()
    await project.append(ACTION, 'export const onSomething = async () => undefined')
    expect((await build()).problems).toHaveLength(1)
    expect(await project.distFiles()).toEqual(before)
  })

  test('that is refused for several reasons names them all', async () => {
    await project.append(ACTION, 'export const a = 1\nexport const b = 2')
    await project.append('actions/add-claims/action.ts', 'export const c = 3')
    expect((await build()).problems.map(({ path, message }) => `${path} ${message}`)).toEqual([
      'actions/add-claims/action.ts exports c, which Auth0 does not know',
      `${ACTION} exports a, which Auth0 does not know`,
      `${ACTION} exports b, which Auth0 does not know`,
    ])
  })
})

describe('a handler is refused', () => {
  test('when it is a plain function', async () => {
    await project.replace(ACTION, '= async (event, api) =>', '= (event, api): any =>')
    await expectRefusal({
      path: ACTION,
      message: 'onExecutePostLogin is not a native async function, which Auth0 refuses',
    })
  })

  test('when a plain function is wrapped around the async one', async () => {
    await project.replace(
      ACTION,
      'export const onExecutePostLogin: Handler',
      'const handle: Handler',
    )
    await project.append(
      ACTION,
      'export const onExecutePostLogin: Handler = (event, api) => handle(event, api)',
    )
    await expectRefusal({
      path: ACTION,
      message: 'onExecutePostLogin is not a native async function, which Auth0 refuses',
    })
  })

  test('when it is an async generator', async () => {
    await project.append(ACTION, 'export async function* onContinuePostLogin() { yield 1 }')
    await expectRefusal({
      path: ACTION,
      message: 'onContinuePostLogin is not a native async function, which Auth0 refuses',
    })
  })

  test('when it is no function', async () => {
    await project.append(ACTION, 'export const onContinuePostLogin = 1')
    await expectRefusal({
      path: ACTION,
      message: 'onContinuePostLogin is not a native async function, which Auth0 refuses',
    })
  })

  test('when Auth0 does not know its name', async () => {
    await project.append(
      ACTION,
      'export const onExecutePreUserRegistration = async () => undefined',
    )
    await expectRefusal({
      path: ACTION,
      message: 'exports onExecutePreUserRegistration, which Auth0 does not know',
    })
  })

  test('when it is a default export', async () => {
    await project.append(ACTION, 'export default onExecutePostLogin')
    await expectRefusal({ path: ACTION, message: 'exports default, which Auth0 does not know' })
  })

  test('when onExecutePostLogin is missing', async () => {
    await project.replace(
      ACTION,
      'export const onExecutePostLogin',
      'export const onContinuePostLogin',
    )
    await expectRefusal({ path: ACTION, message: 'does not export onExecutePostLogin' })
  })

  test('when nothing looks at the answer of the page that the user is sent to', async () => {
    const redirect = "await api.redirect.sendUserTo('https://pages.example.com')"
    const message =
      'sends the user to a page, but does not export onContinuePostLogin: no answer is checked'
    await project.replace(
      ACTION,
      '= async (event, api) => {',
      `= async (event, api) => { ${redirect}`,
    )
    await expectRefusal({ path: ACTION, message })
  })

  test('when the exports are no object', async () => {
    await project.write(ACTION, 'module.exports = null')
    await expectRefusal({ path: ACTION, message: 'does not export onExecutePostLogin' })
  })

  test.each([
    ['an error', 'throw new Error("at the top")', 'fails to load: at the top'],
    ['something else', 'throw null', 'fails to load: null'],
  ])('when the file throws %s while it is loaded', async (_title, statement, message) => {
    await project.append(ACTION, statement)
    await expectRefusal({ path: ACTION, message })
  })
})

describe('a require', () => {
  const use = async (statement: string) => {
    await project.write(ACTION, `${statement}\n${await project.read(ACTION)}`)
  }

  test('of a Node builtin is accepted', async () => {
    await use("import { hostname } from 'os'\nimport 'node:url'\nvoid hostname")
    expect((await build()).problems).toEqual([])
  })

  test('of a package that tenant.yaml does not name is refused', async () => {
    await use("import { decodeJwt } from 'jose'\nvoid decodeJwt")
    const { problems } = await build()
    expect(problems).toContainEqual({
      path: ACTION,
      message: 'requires "jose", neither a Node builtin nor a dependency in tenant.yaml',
    })
    expect(await project.distFiles()).toEqual({})
  })

  test('of it inside a handler is refused too', async () => {
    await project.append(
      ACTION,
      'export const onContinuePostLogin = async () => { require("yaml/util") }',
    )
    await expectRefusal({
      path: ACTION,
      message: 'requires "yaml/util", neither a Node builtin nor a dependency in tenant.yaml',
    })
  })

  test('of a declared dependency is accepted, of a file in it too', async () => {
    await project.replace(
      'tenant.yaml',
      'dependencies: []',
      "dependencies: [{ name: yaml, version: '2.9.1' }]",
    )
    await use("import { parse } from 'yaml'\nimport 'yaml/util'\nvoid parse")
    expect((await build()).problems).toEqual([])
    expect(await project.read('dist/actions/guard-access.js')).toContain('require("yaml")')
  })

  test('of a dependency that only another Action declares is refused', async () => {
    await project.replace(
      'tenant.yaml',
      'dependencies: []',
      "dependencies: [{ name: yaml, version: '2.9.1' }]",
    )
    await project.append(
      'actions/add-claims/action.ts',
      'export const onContinuePostLogin = async () => { require("yaml") }',
    )
    await expectRefusal({
      path: 'actions/add-claims/action.ts',
      message: 'requires "yaml", neither a Node builtin nor a dependency in tenant.yaml',
    })
  })

  test('whose name is computed is refused', async () => {
    await project.append(
      ACTION,
      'export const onContinuePostLogin = async (event: any) => { require(event.name) }',
    )
    await expectRefusal({ path: ACTION, message: 'has a require whose name is computed' })
  })

  test('that is an import() is refused', async () => {
    await project.append(
      ACTION,
      'export const onContinuePostLogin = async () => { await import("node:os") }',
    )
    await expectRefusal({
      path: ACTION,
      message: 'has a dynamic import(), which Actions do not have',
    })
  })
})

describe('the text of a bundle is refused', () => {
  const MARKER = 'which the Deploy CLI would replace'

  test.each([
    ['##NAME## in a text', "'##NAME##'", '##NAME##'],
    ['@@NAME@@ in a text', "'a@@NAME@@b'", '@@NAME@@'],
    ['@@NAME@@ written with an escape', "'\\u0040@NAME@@'", '@@NAME@@'],
    ['##NAME## in a template', '`${Date.now()}##NAME##`', '##NAME##'],
    ['##NAME## in a regular expression', '/##NAME##/', '##NAME##'],
    ['@@NAME@@ in the name of a member', "{ '@@NAME@@': 1 }", '@@NAME@@'],
    ['##NAME## in a comment that esbuild keeps', 'Date(), /* ##NAME## */ 1', '##NAME##'],
  ])('when it holds %s', async (_title, expression, marker) => {
    await project.append(
      ACTION,
      `export const onContinuePostLogin = async () => { console.log(${expression}) }`,
    )
    await expectRefusal({ path: ACTION, message: `holds ${marker}, ${MARKER}` })
  })

  test('when it comes from a module of ours', async () => {
    await project.replace('actions/shared/apply-allow.ts', "'client'", "'##CLIENT##'")
    const { problems } = await build()
    expect(problems).toHaveLength(NAMES.length)
    expect(problems[0]).toEqual({
      path: 'actions/add-claims/action.ts',
      message: `holds ##CLIENT##, ${MARKER}`,
    })
  })

  test('but not when only a comment of the source held it', async () => {
    await project.append(ACTION, '// ##NAME## and @@NAME@@')
    expect((await build()).problems).toEqual([])
  })

  test('when it has more code than our limit', async () => {
    await project.append(ACTION, `void Object('${'x'.repeat(MAX_CODE_BYTES)}')`)
    await expectRefusal({
      path: ACTION,
      message: expect.stringMatching(
        /^has \d{5} bytes of code beside its settings, more than 50000$/,
      ),
    })
  })

  test('when its settings make it larger than Auth0 takes', async () => {
    await project.write(MAPPINGS, mappingsFile(1200))
    await expectRefusal({
      path: 'actions/map-idp-attributes/action.ts',
      message: expect.stringMatching(/^is \d{6} bytes, more than the 100000 that Auth0 takes$/),
    })
  })

  test('but not with 500 mappings, for which it gives up what only readers need', async () => {
    await project.write(MAPPINGS, mappingsFile(500))
    const { bundles, problems } = await build()
    expect(problems).toEqual([])
    const bundle = bundles.find(({ name }) => name === 'map-idp-attributes')
    expect(bundle?.bytes).toBeLessThanOrEqual(MAX_BUNDLE_BYTES)
    expect(await project.read('dist/actions/map-idp-attributes.js')).toContain(
      '{currentIdentity:["attribute_499"]}',
    )
  })
})

describe('an Action is refused', () => {
  test('that tenant.yaml does not name', async () => {
    await project.write('actions/new-one/action.ts', await project.read(ACTION))
    await project.write(
      'actions/new-one/manifest.ts',
      "export const manifest = { writes: [], reads: [], secrets: [], fails: 'open' }",
    )
    for (const file of ['settings.ts', 'schema.ts', 'facts.ts', 'sentences.ts', 'decide.ts']) {
      await project.write(
        `actions/new-one/${file}`,
        await project.read(`actions/guard-access/${file}`),
      )
    }
    await expectRefusal({ path: 'actions/new-one/', message: 'is not in tenant.yaml' })
  })

  test('that has no folder', async () => {
    await project.delete('actions/guard-access')
    await expectRefusal({
      path: 'tenant.yaml: actions.guard-access',
      message: 'has no folder actions/guard-access/',
    })
  })

  test('without action.ts', async () => {
    await project.delete(ACTION)
    await expectRefusal({ path: ACTION, message: 'is missing' })
  })

  test('without settings.ts', async () => {
    await project.delete(ACTION_SETTINGS)
    await expectRefusal(
      { path: ACTION_SETTINGS, message: 'is missing' },
      {
        path: expect.stringMatching(/^actions\/guard-access\/action\.ts:\d+$/),
        message: expect.stringContaining('Could not resolve'),
      },
    )
  })

  test.each([
    ['action.ts', 'const = 1'],
    ['decide.ts', 'export const x ='],
  ])('with a syntax error in %s, with its line', async (name, statement) => {
    const file = `actions/guard-access/${name}`
    const lines = (await project.read(file)).split('\n').length
    await project.append(file, statement)
    await expectRefusal({
      path: expect.stringMatching(new RegExp(`^${file}:${lines + 1}$|^${file}:${lines + 2}$`)),
      message: expect.stringMatching(/^does not compile: (?:Expected|Unexpected)/),
    })
  })
})

test('a syntax error in what all Actions share is named once', async () => {
  await project.write('actions/shared/decision.ts', 'export const = 1')
  await expectRefusal({
    path: 'actions/shared/decision.ts:1',
    message: expect.stringContaining('Expected identifier'),
  })
})

describe('settings are refused', () => {
  test.each([
    [
      'with a reserved key',
      'enrich-profile',
      'newsletter: ',
      "'$where': ",
      'signUpFields.$where',
      '"$where" holds "." or "$", which Auth0 refuses; choose another key',
    ],
    [
      'with a dotted key',
      'enrich-profile',
      'newsletter: ',
      "'news.letter': ",
      'signUpFields["news.letter"]',
      '"news.letter" holds "." or "$", which Auth0 refuses; choose another key',
    ],
    [
      'with a restricted claim',
      'add-claims',
      '`${NAMESPACE}/department`',
      "'roles'",
      'claims[3].claim',
      '"roles" is restricted: Auth0 would drop it; put a namespace before it',
    ],
    [
      'with a connection that has no name',
      'guard-access',
      'emailTrustedConnections: []',
      "emailTrustedConnections: ['']",
      'emailTrustedConnections[0]',
      'is empty; give the name of a connection',
    ],
    [
      'with terms that end before they begin',
      'enforce-terms',
      "effectiveAt: '2026-11-01T00:00:00Z'",
      "effectiveAt: '2024-11-01T00:00:00Z'",
      'documents[0].versions[1].effectiveAt',
      expect.stringContaining('is not after that of the version before'),
    ],
  ])('%s', async (_title, name, old, text, path, message) => {
    const file = `actions/${name}/settings.ts`
    await project.replace(file, old, text)
    expect((await build()).problems).toContainEqual({ path: `${file}: ${path}`, message })
    expect(await project.distFiles()).toEqual({})
  })

  test.each([
    ['reserved', 'app_metadata.user_id', 'is reserved by Auth0 in app_metadata'],
    ['refused', 'app_metadata.a$', 'holds "." or "$", which Auth0 refuses'],
    [
      'the name of a root attribute',
      'app_metadata.name',
      'would hide the root attribute of the same name',
    ],
  ])('whose manifest writes a key that is %s', async (_title, target, reason) => {
    await project.replace(ACTION_MANIFEST, 'writes: []', `writes: ['${target}']`)
    await expectRefusal({ path: `${ACTION_SETTINGS}: ${target}`, message: reason })
  })

  test('that write a key of another Action', async () => {
    await project.replace(ACTION_MANIFEST, 'writes: []', "writes: ['app_metadata.terms.version']")
    await expectRefusal({
      path: `${ACTION_SETTINGS}: app_metadata.terms`,
      message: 'belongs to enforce-terms',
    })
  })

  test('that name a secret which tenant.yaml lacks', async () => {
    await project.replace(ACTION_MANIFEST, 'secrets: []', "secrets: ['API_KEY']")
    await expectRefusal({
      path: 'tenant.yaml: actions.guard-access',
      message: 'lacks the secret API_KEY',
    })
  })

  test('that lack a secret which tenant.yaml names', async () => {
    await project.replace(
      'tenant.yaml',
      'secrets: []',
      'secrets:\n      - name: API_KEY\n        value: @@API_KEY@@',
    )
    await expectRefusal({
      path: 'tenant.yaml: actions.guard-access',
      message: 'sets the secret API_KEY, which nothing in it reads',
    })
  })

  test('when no schema says what they may be', async () => {
    await project.delete(ACTION_SCHEMA)
    await expectRefusal({ path: ACTION_SCHEMA, message: 'is missing' })
  })

  test.each([
    ['settings.ts', 'nothing', 'export {}', 'settings is undefined; it must be an object'],
    ['schema.ts', 'nothing', 'export {}', 'must export checkSettings'],
    ['manifest.ts', 'nothing', 'export {}', 'manifest is undefined; it must be an object'],
    [
      'manifest.ts',
      'null',
      'export const manifest = null',
      'manifest is null; it must be an object',
    ],
    [
      'manifest.ts',
      'half a manifest',
      'export const manifest = { write: [], secrets: [], fails: "closed" }',
      'write is unknown: did you mean `writes`?',
      'reads is missing; it must be a list',
    ],
    [
      'manifest.ts',
      'another way to fail',
      'export const manifest = { writes: [], reads: [], secrets: [], fails: "shut" }',
      'fails is "shut"; it must be "open" or "closed"',
    ],
  ])('when %s exports %s', async (name, _title, text, ...lines) => {
    const file = `actions/guard-access/${name}`
    // The code of the Action needs its settings.
    const kept = name === 'settings.ts' ? 'const settings = undefined\nexport { settings }' : text
    await project.write(file, kept)
    await expectRefusal(
      ...lines.map((line) => {
        const [, member = '', message] = /^(?:(\S+) )??((?:is|must) .*)$/.exec(line) ?? []
        return { path: member === '' ? file : `${file}: ${member}`, message }
      }),
    )
  })

  test('with a syntax error, with its line', async () => {
    await project.write(ACTION_SETTINGS, 'export const settings = {}\nexport const = 1')
    expect((await build()).problems).toContainEqual({
      path: `${ACTION_SETTINGS}:2`,
      message: expect.stringContaining('Expected identifier'),
    })
  })

  test('that throw while they are loaded', async () => {
    await project.append(ACTION_SETTINGS, 'throw new Error("no settings today")')
    expect((await build()).problems).toContainEqual({
      path: ACTION_SETTINGS,
      message: 'fails to load: no settings today',
    })
  })

  test('whose checks throw', async () => {
    await project.write(
      ACTION_SCHEMA,
      'export const checkSettings = () => { throw new Error("odd") }',
    )
    await expectRefusal({ path: ACTION_SCHEMA, message: 'fails in checkSettings: Error: odd' })
  })
})

describe('tenant.yaml is refused', () => {
  const inGuardAccess = ([member, message]: readonly [string, unknown]) => ({
    path: `tenant.yaml: actions.guard-access.${member}`,
    message,
  })

  test.each<[string, string, string, (readonly [string, unknown])[]]>([
    [
      'with an unknown key',
      'deployed: true',
      'deploy: true',
      [
        ['deploy', expect.stringMatching(/^is unknown; known are name, code, /)],
        ['deployed', 'must be true'],
      ],
    ],
    [
      'with an Action that is not deployed',
      'deployed: true',
      'deployed: false',
      [['deployed', 'must be true']],
    ],
    ['with a text for deployed', 'deployed: true', 'deployed: yes', [['deployed', 'must be true']]],
    ['with another runtime', 'runtime: node22', 'runtime: node18', [['runtime', 'must be node22']]],
    [
      'with code from elsewhere',
      './dist/actions/guard-access.js',
      './actions/guard-access.js',
      [['code', 'must be ./dist/actions/guard-access.js']],
    ],
    [
      'with another trigger',
      '{ id: post-login, version: v3 }',
      '{ id: post-login, version: v2 }',
      [['supported_triggers', 'must be post-login v3 alone']],
    ],
    [
      'with a second trigger',
      '[{ id: post-login, version: v3 }]',
      '[{ id: post-login, version: v3 }, { id: send-phone-message, version: v2 }]',
      [['supported_triggers', 'must be post-login v3 alone']],
    ],
  ])('%s', async (_title, old, text, reasons) => {
    await project.replace('tenant.yaml', old, text)
    await expectRefusal(...reasons.map(inGuardAccess))
  })

  test('with something that is not ours to deploy', async () => {
    await project.append('tenant.yaml', 'clients: []')
    await expectRefusal({
      path: 'tenant.yaml: clients',
      message: 'is not ours to deploy; only actions and triggers are',
    })
  })

  test.each([
    ['itself', 'the-secret-itself'],
    ['under another name', '@@ANOTHER@@'],
    ['with the other marker, which YAML reads as a comment', '##TERMS_TOKEN_SECRET##'],
    ['with the other marker, quoted', "'##TERMS_TOKEN_SECRET##'"],
  ])('with a secret written %s', async (_title, value) => {
    await project.replace('tenant.yaml', 'value: @@TERMS_TOKEN_SECRET@@', `value: ${value}`)
    await expectRefusal({
      path: 'tenant.yaml: actions.enforce-terms.secrets.TERMS_TOKEN_SECRET',
      message: 'must be written @@TERMS_TOKEN_SECRET@@',
    })
  })

  test('with a secret in quotes, where a missing value would become the secret', async () => {
    await project.replace('tenant.yaml', '@@TERMS_TOKEN_SECRET@@', "'@@TERMS_TOKEN_SECRET@@'")
    await expectRefusal({
      path: 'tenant.yaml',
      message: expect.stringContaining('quoted @@NAME@@'),
    })
  })

  test('with an Action that is not bound', async () => {
    await project.replace(
      'tenant.yaml',
      '    - { action_name: guard-access, display_name: guard-access }\n',
      '',
    )
    await expectRefusal({
      path: 'tenant.yaml: triggers.post-login',
      message: 'must bind "guard-access" exactly once',
    })
  })

  test('with an Action that is bound twice', async () => {
    await project.append('tenant.yaml', '    - { action_name: guard-access, display_name: again }')
    await expectRefusal({
      path: 'tenant.yaml: triggers.post-login',
      message: 'must bind "guard-access" exactly once',
    })
  })

  test('with a binding of nothing', async () => {
    await project.append('tenant.yaml', '    - { action_name: ghost, display_name: ghost }')
    await expectRefusal({
      path: 'tenant.yaml: triggers.post-login',
      message: 'binds "ghost", which is not among the actions',
    })
  })

  test('with a trigger that is not ours', async () => {
    await project.append('tenant.yaml', '  pre-user-registration: []')
    await expectRefusal({
      path: 'tenant.yaml: triggers.pre-user-registration',
      message: 'is not one of ours',
    })
  })

  test('with the same Action twice', async () => {
    const text = await project.read('tenant.yaml')
    const first = text.slice(
      text.indexOf('  - name: guard-access'),
      text.indexOf('  - name: map-idp'),
    )
    await project.replace('tenant.yaml', first, first + first)
    await expectRefusal({ path: 'tenant.yaml: actions', message: 'lists "guard-access" twice' })
  })

  test('that is no YAML, once and with the line, not once for each Action', async () => {
    await project.append('tenant.yaml', 'actions: [')
    await expectRefusal({
      path: 'tenant.yaml',
      message: expect.stringMatching(/^is not YAML: .* at line \d+/),
    })
  })

  test('that is not there', async () => {
    await project.delete('tenant.yaml')
    await expectRefusal({ path: 'tenant.yaml', message: 'is missing' })
  })

  test.each([
    ['nothing', ''],
    ['null', 'null'],
    ['a text', 'tenant'],
    ['a number', '7'],
    ['a list', '[1, null]'],
    ['actions that are null', 'actions:\ntriggers:'],
    ['actions that are a text', 'actions: all\ntriggers: all'],
    ['actions by name', 'actions: { guard-access: {} }\ntriggers: {}'],
    ['entries that are null', 'actions: [null, ~]\ntriggers: { post-login: [null] }'],
    ['entries that are texts', 'actions: [a, 1]\ntriggers: { post-login: [a, 1] }'],
    ['names that are no texts', 'actions: [{ name: 1 }, { name: [a] }, { name: null }]'],
    ['triggers in a list', 'actions: [{ name: guard-access }]\ntriggers: [post-login]'],
    ['bindings that are a text', 'triggers: { post-login: guard-access }'],
    ['bindings by name', 'triggers: { post-login: { guard-access: {} } }'],
    ['an alias of nothing', 'actions: *nothing'],
    ['itself, without end', '&all\nactions: [*all]\ntriggers: *all'],
    ['a key that is a list', '? [a]\n: 1'],
    ['a tag', 'actions: !!js/function "1"'],
    ['two documents', 'actions: []\n---\nactions: []'],
    ['a key twice', 'actions: []\nactions: []'],
  ])('that holds %s, without a crash', async (_title, text) => {
    await project.write('tenant.yaml', text)
    const { bundles, problems } = await build()
    expect(bundles).toEqual([])
    expect(problems).toContainEqual({
      path: expect.stringMatching(/^tenant\.yaml/),
      message: expect.any(String),
    })
    expect(await project.distFiles()).toEqual({})
  })

  test.each([
    ['secrets', 'a text', 'secrets: all'],
    ['secrets', 'null in a list', 'secrets: [null]'],
    ['secrets', 'a name in a list', 'secrets: [API_KEY]'],
    ['secrets', 'a mapping', 'secrets: { API_KEY: x }'],
    ['dependencies', 'a text', 'dependencies: yaml'],
    ['dependencies', 'null in a list', 'dependencies: [null]'],
    ['dependencies', 'a name in a list', 'dependencies: [yaml]'],
    ['dependencies', 'a mapping', 'dependencies: { yaml: 2 }'],
    ['dependencies', 'one without a version', 'dependencies: [{ name: yaml }]'],
    ['supported_triggers', 'null', 'supported_triggers:'],
    ['supported_triggers', 'a text', 'supported_triggers: post-login'],
    ['supported_triggers', 'null in a list', 'supported_triggers: [null]'],
  ])('whose %s are %s, without a crash', async (key, _title, text) => {
    const before = await project.read('tenant.yaml')
    await project.write('tenant.yaml', before.replace(new RegExp(`${key}: .*`), text))
    expect((await build()).problems).toContainEqual({
      path: expect.stringMatching(/^tenant\.yaml: actions\.guard-access\./),
      message: expect.any(String),
    })
    expect(await project.distFiles()).toEqual({})
  })
})

describe('npm run build', () => {
  const run = promisify(execFile)
  const report = async () => {
    const built = await buildActions(project.root)
    return built.ok
      ? renderBuildReport(built.value.bundles)
      : renderFailure(buildRefused(built.problems))
  }

  test('prints a table of sizes, and the names of the files it refuses', async () => {
    const table = (await report()).split('\n')
    expect(table[0]).toMatch(/^Action +bytes +of max +sha256$/)
    expect(table).toHaveLength(1 + NAMES.length)
    expect(table[1]).toMatch(/^add-claims +\d{4,5} +\d+ % +[0-9a-f]{12}$/)

    await project.append(ACTION, 'export const a = 1')
    expect(await report()).toBe(
      'Build refused. Correct this and run again: [repository_invalid]\n' +
        `  ${ACTION} exports a, which Auth0 does not know [bundle_invalid]`,
    )
  })

  test('ends with an error when it refuses, and says why on stderr', async () => {
    await project.append(ACTION, 'export const a = 1')
    await expect(run(process.execPath, ['build.mjs'], { cwd: project.root })).rejects.toMatchObject(
      {
        code: 1,
        stdout: '',
        stderr: expect.stringContaining('exports a, which Auth0 does not know'),
      },
    )
  })
})
