import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseDocument } from 'yaml'
import { isObject, own } from '../actions/shared/json.ts'
import type { Problem } from './problem.ts'

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
    : unreadable('is missing')

const unreadable = (reason: string): TenantFile => ({
  actions: [],
  triggers: {},
  problems: [{ file: FILE, reason }],
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
    return unreadable(`is not YAML: ${firstLine}`)
  }
  const listed = listOf(own(tenant, 'actions'))
  const actions = listed.filter(isNamed)
  const triggers = own(tenant, 'triggers')
  const reasons = [
    ...keysOf(tenant)
      .filter((key) => key !== 'actions' && key !== 'triggers')
      .map((key) => `"${key}" is not ours to deploy; only actions and triggers are`),
    ...(actions.length > 0 ? [] : ['must list the Actions under "actions"']),
    ...(actions.length === listed.length ? [] : ['has an action without a name']),
    ...repeated(actions.map(({ name }) => name)).map((name) => `lists action "${name}" twice`),
    ...(/["']@@\w+@@["']/.test(text)
      ? ['has a quoted @@NAME@@; without quotes a missing value is an error and not the secret']
      : []),
    ...actions.flatMap((action) =>
      actionReasons(action).map((reason) => `action "${action.name}": ${reason}`),
    ),
    ...bindingReasons(actions, triggers),
  ]
  return {
    actions: actions as unknown as TenantEntry[],
    triggers: (triggers ?? {}) as TenantFile['triggers'],
    problems: reasons.map((reason) => ({ file: FILE, reason })),
  }
}

type NamedAction = Readonly<Record<string, unknown>> & { readonly name: string }

const isNamed = (action: unknown): action is NamedAction => typeof own(action, 'name') === 'string'

const actionReasons = (action: NamedAction): string[] => {
  const code = `./dist/actions/${action.name}.js`
  const [trigger, ...others] = listOf(action['supported_triggers'])
  const isPostLogin = own(trigger, 'id') === 'post-login' && own(trigger, 'version') === 'v3'
  const secrets = listOf(action['secrets'])
  const dependencies = listOf(action['dependencies'])
  return [
    ...keysOf(action)
      .filter((key) => !ACTION_KEYS.includes(key))
      .map((key) => `unknown key "${key}"`),
    ...(action['code'] === code ? [] : [`code must be ${code}`]),
    ...(action['runtime'] === 'node22' ? [] : ['runtime must be node22']),
    ...(action['deployed'] === true ? [] : ['deployed must be true']),
    ...(isPostLogin && others.length === 0
      ? []
      : ['supported_triggers must be post-login v3 alone']),
    ...['secrets', 'dependencies']
      .filter((key) => action[key] !== undefined && !Array.isArray(action[key]))
      .map((key) => `${key} must be a list`),
    ...(secrets.length > LIMITS.secrets ? [`has more than ${LIMITS.secrets} secrets`] : []),
    ...repeated(secrets.map((secret) => own(secret, 'name'))).map(
      (name) => `sets secret ${String(name)} twice`,
    ),
    ...(dependencies.length > LIMITS.dependencies
      ? [`has more than ${LIMITS.dependencies} dependencies`]
      : []),
    ...dependencies
      .filter((dependency) => !isDependency(dependency))
      .map(() => 'each dependency needs a name and a version in quotes, and nothing else'),
    ...secrets.flatMap((secret) => {
      const name = own(secret, 'name')
      if (typeof name !== 'string') return ['each secret needs a name and a value']
      return own(secret, 'value') === `@@${name}@@`
        ? []
        : [`secret ${name} must be written @@${name}@@`]
    }),
  ]
}

const bindingReasons = (actions: readonly NamedAction[], triggers: unknown): string[] => {
  const bindings = listOf(own(triggers, 'post-login'))
  const bound = bindings.map((binding) => own(binding, 'action_name'))
  return [
    ...(bindings.length > LIMITS.bindings
      ? [`post-login has more than ${LIMITS.bindings} bindings`]
      : []),
    ...bindings
      .flatMap(keysOf)
      .filter((key) => key !== 'action_name' && key !== 'display_name')
      .map((key) => `post-login: unknown key "${key}" in a binding`),
    ...bindings
      .filter((binding) => typeof own(binding, 'display_name') !== 'string')
      .map(
        (binding) =>
          `post-login: the binding of "${String(own(binding, 'action_name'))}" has no display_name`,
      ),
    ...keysOf(triggers)
      .filter((trigger) => trigger !== 'post-login')
      .map((trigger) => `trigger "${trigger}" is not one of ours`),
    ...actions
      .filter(({ name }) => bound.filter((other) => other === name).length !== 1)
      .map(({ name }) => `action "${name}" must be bound to post-login exactly once`),
    ...bound
      .filter((name) => !actions.some((action) => action.name === name))
      .map((name) => `post-login binds "${String(name)}", which is not among the actions`),
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
