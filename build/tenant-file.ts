import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseDocument } from 'yaml'
import { isObject, own } from '../actions/shared/json.ts'
import type { Problem } from '../actions/shared/problem.ts'
import { missingFile } from './load-problem.ts'

/** An Action as `tenant.yaml` lists it; it is only to be relied on when there are no problems. */
export interface TenantEntry {
  name: string
  /** Relative to `tenant.yaml`. */
  code: string
  runtime: string
  supported_triggers: { id: string; version: string }[]
  dependencies?: { name: string; version: string; registry_url?: string }[]
  /** `value` is the marker `@@NAME@@`. */
  secrets?: { name: string; value: string }[]
}

export interface TenantFile {
  actions: TenantEntry[]
  /** Bindings in execution order, by trigger. */
  triggers: Record<string, { action_name: string; display_name: string }[]>
  problems: Problem[]
}

const FILE = 'tenant.yaml'

/** Auth0's limits. https://auth0.com/docs/customize/actions/limitations */
const LIMITS = { secrets: 30, dependencies: 10, bindings: 20 }

const ACTION_KEYS = [
  'name',
  'code',
  'runtime',
  'deployed',
  'supported_triggers',
  'dependencies',
  'secrets',
]

/** Reads and checks `root/tenant.yaml`. */
export const loadTenantFile = async (root: string): Promise<TenantFile> =>
  existsSync(join(root, FILE))
    ? parseTenantFile(await readFile(join(root, FILE), 'utf8'))
    : { ...NOTHING, problems: [missingFile(FILE)] }

const NOTHING = { actions: [], triggers: {} }

/** A place in the file, and what is wrong there. */
type Wrong = readonly [place: string, message: string]

const asProblem = ([place, message]: Wrong): Problem => ({
  path: place === '' ? FILE : `${FILE}: ${place}`,
  message,
  code: 'tenant_file_invalid',
})

/** `tenant.yaml` as data. An unquoted `@@NAME@@` is no YAML, so it is quoted before parsing. */
export const parseTenantFile = (text: string): TenantFile => {
  let tenant: unknown
  try {
    const document = parseDocument(text.replace(/(^|\s)@@(\w+)@@(?=\s|$)/gm, '$1"@@$2@@"'))
    const [error] = document.errors
    if (error !== undefined) throw error
    // An alias of nothing is no error of the document, but has no value either.
    tenant = document.toJS()
  } catch (error) {
    const [firstLine = ''] = (error as Error).message.split('\n')
    return { ...NOTHING, problems: [asProblem(['', `is not YAML: ${firstLine}`])] }
  }
  const listed = listOf(own(tenant, 'actions'))
  const actions = listed.filter(isNamed)
  const triggers = own(tenant, 'triggers')
  const wrong: Wrong[] = [
    ...keysOf(tenant)
      .filter((key) => key !== 'actions' && key !== 'triggers')
      .map((key): Wrong => [key, 'is not ours to deploy; only actions and triggers are']),
    ...when(actions.length === 0, 'actions', 'must list the Actions'),
    ...when(actions.length < listed.length, 'actions', 'has an action without a name'),
    ...repeated(actions.map(({ name }) => name)).map((name): Wrong => [
      'actions',
      `lists "${name}" twice`,
    ]),
    ...when(
      /["']@@\w+@@["']/.test(text),
      '',
      'has a quoted @@NAME@@; without quotes a missing value is an error and not the secret',
    ),
    ...actions.flatMap(checkAction),
    ...checkBindings(actions, triggers),
  ]
  return {
    actions: actions as unknown as TenantEntry[],
    triggers: (triggers ?? {}) as TenantFile['triggers'],
    problems: wrong.map(asProblem),
  }
}

type NamedAction = Readonly<Record<string, unknown>> & { readonly name: string }

const isNamed = (action: unknown): action is NamedAction => typeof own(action, 'name') === 'string'

const when = (isWrong: boolean, place: string, message: string): Wrong[] =>
  isWrong ? [[place, message]] : []

const checkAction = (action: NamedAction): Wrong[] => {
  const at = `actions.${action.name}`
  const code = `./dist/actions/${action.name}.js`
  const [trigger, ...others] = listOf(action['supported_triggers'])
  const isPostLogin = own(trigger, 'id') === 'post-login' && own(trigger, 'version') === 'v3'
  const secrets = listOf(action['secrets'])
  const dependencies = listOf(action['dependencies'])
  return [
    ...keysOf(action)
      .filter((key) => !ACTION_KEYS.includes(key))
      .map((key): Wrong => [`${at}.${key}`, `is unknown; known are ${ACTION_KEYS.join(', ')}`]),
    ...when(action['code'] !== code, `${at}.code`, `must be ${code}`),
    ...when(action['runtime'] !== 'node22', `${at}.runtime`, 'must be node22'),
    ...when(action['deployed'] !== true, `${at}.deployed`, 'must be true'),
    ...when(
      !isPostLogin || others.length > 0,
      `${at}.supported_triggers`,
      'must be post-login v3 alone',
    ),
    ...['secrets', 'dependencies'].flatMap((key) =>
      when(
        action[key] !== undefined && !Array.isArray(action[key]),
        `${at}.${key}`,
        'must be a list',
      ),
    ),
    ...when(
      secrets.length > LIMITS.secrets,
      `${at}.secrets`,
      `are more than the ${LIMITS.secrets} that Auth0 takes`,
    ),
    ...repeated(secrets.map((secret) => own(secret, 'name'))).map((name): Wrong => [
      `${at}.secrets`,
      `set ${String(name)} twice`,
    ]),
    ...when(
      dependencies.length > LIMITS.dependencies,
      `${at}.dependencies`,
      `are more than the ${LIMITS.dependencies} that Auth0 takes`,
    ),
    ...dependencies.flatMap((dependency, index) =>
      when(
        !isDependency(dependency),
        `${at}.dependencies[${index}]`,
        'needs a name and a version in quotes, and nothing else',
      ),
    ),
    ...secrets.flatMap((secret, index) => {
      const name = own(secret, 'name')
      if (typeof name !== 'string')
        return when(true, `${at}.secrets[${index}]`, 'needs a name and a value')
      return when(
        own(secret, 'value') !== `@@${name}@@`,
        `${at}.secrets.${name}`,
        `must be written @@${name}@@`,
      )
    }),
  ]
}

const checkBindings = (actions: readonly NamedAction[], triggers: unknown): Wrong[] => {
  const at = 'triggers.post-login'
  const bindings = listOf(own(triggers, 'post-login'))
  const bound = bindings.map((binding) => own(binding, 'action_name'))
  return [
    ...when(
      bindings.length > LIMITS.bindings,
      at,
      `has more than the ${LIMITS.bindings} bindings that Auth0 takes`,
    ),
    ...bindings
      .flatMap(keysOf)
      .filter((key) => key !== 'action_name' && key !== 'display_name')
      .map((key): Wrong => [at, `has a binding with the unknown key "${key}"`]),
    ...bindings.flatMap((binding) =>
      when(
        typeof own(binding, 'display_name') !== 'string',
        at,
        `binds "${String(own(binding, 'action_name'))}" without a display_name`,
      ),
    ),
    ...keysOf(triggers).flatMap((trigger) =>
      when(trigger !== 'post-login', `triggers.${trigger}`, 'is not one of ours'),
    ),
    ...actions.flatMap(({ name }) =>
      when(
        bound.filter((other) => other === name).length !== 1,
        at,
        `must bind "${name}" exactly once`,
      ),
    ),
    ...bound
      .filter((name) => !actions.some((action) => action.name === name))
      .map((name): Wrong => [at, `binds "${String(name)}", which is not among the actions`]),
  ]
}

const isDependency = (dependency: unknown): boolean =>
  typeof own(dependency, 'name') === 'string' &&
  typeof own(dependency, 'version') === 'string' &&
  keysOf(dependency).every((key) => ['name', 'version', 'registry_url'].includes(key))

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? (value as unknown[]) : [])

const keysOf = (value: unknown): string[] => (isObject(value) ? Object.keys(value) : [])

const repeated = <Name>(names: readonly Name[]): Name[] =>
  names.filter((name, index) => names.indexOf(name) !== index)
