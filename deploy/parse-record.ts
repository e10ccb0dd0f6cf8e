import type { TenantBinding } from './tenant.ts'
import type {
  DeploymentRecord,
  RecordedAction,
  RecordedBindings,
  RecordedChange,
  RecordedRun,
  VersionRef,
} from './deployment-record.ts'

/** A record, or what is wrong with it. Members that this version does not know are kept. */
export type ParsedRecord = { ok: true; record: DeploymentRecord } | { ok: false; problem: string }

/** Reads a record from the text of its file. With `domain` it must be that tenant's. */
export const parseRecord = (text: string, domain?: string): ParsedRecord => {
  try {
    const raw: unknown = JSON.parse(text)
    return { ok: true, record: recordOf(raw, domain) }
  } catch (error) {
    return { ok: false, problem: error instanceof Error ? error.message : String(error) }
  }
}

const recordOf = (value: unknown, wanted: string | undefined): DeploymentRecord => {
  const raw = objectOf(value, 'the record')
  if (raw['schema'] !== 1) {
    throw new Error(`schema is ${JSON.stringify(raw['schema'])}, this version reads 1`)
  }
  const domain = stringOf(raw['domain'], 'domain')
  if (domain !== (wanted ?? domain)) throw new Error(`it is the record of ${domain}`)
  return {
    ...raw,
    schema: 1,
    domain,
    actions: Object.fromEntries(
      Object.entries(objectOf(raw['actions'], 'actions')).map(([name, action]) => [
        name,
        actionOf(action, `actions.${name}`),
      ]),
    ),
    ...(raw['lastRun'] !== undefined && { lastRun: runOf(raw['lastRun']) }),
  }
}

const actionOf = (value: unknown, at: string): RecordedAction => {
  const raw = objectOf(value, at)
  const trigger = objectOf(raw['trigger'], `${at}.trigger`)
  return {
    ...raw,
    id: stringOf(raw['id'], `${at}.id`),
    version: versionOf(raw['version'], `${at}.version`),
    hash: stringOf(raw['hash'], `${at}.hash`),
    trigger: {
      id: stringOf(trigger['id'], `${at}.trigger.id`),
      version: stringOf(trigger['version'], `${at}.trigger.version`),
    },
    modules: listOf(raw['modules'], `${at}.modules`).map((name) => stringOf(name, `${at}.modules`)),
    secretsSetAt: Object.fromEntries(
      Object.entries(objectOf(raw['secretsSetAt'], `${at}.secretsSetAt`)).map(([name, date]) => [
        name,
        stringOf(date, `${at}.secretsSetAt.${name}`),
      ]),
    ),
  }
}

const runOf = (value: unknown): RecordedRun => {
  const raw = objectOf(value, 'lastRun')
  const { kind } = raw
  if (kind !== 'deploy' && kind !== 'rollback') throw new Error('lastRun.kind is unknown')
  return {
    ...raw,
    kind,
    at: stringOf(raw['at'], 'lastRun.at'),
    actions: listOf(raw['actions'], 'lastRun.actions').map(changeOf),
    bindings: listOf(raw['bindings'], 'lastRun.bindings').map(bindingsOf),
    ...optional(raw, 'by', stringOf),
    ...optional(raw, 'commit', stringOf),
  }
}

const changeOf = (value: unknown): RecordedChange => {
  const at = 'lastRun.actions'
  const raw = objectOf(value, at)
  const { created } = raw
  if (typeof created !== 'boolean') throw new Error(`${at}: created is not true or false`)
  return {
    ...raw,
    name: stringOf(raw['name'], `${at}: name`),
    id: stringOf(raw['id'], `${at}: id`),
    created,
    ...optional(raw, 'before', versionOf),
    ...optional(raw, 'after', versionOf),
    ...optional(raw, 'revived', (list, path) =>
      listOf(list, path).map((name) => stringOf(name, path)),
    ),
  }
}

const bindingsOf = (value: unknown): RecordedBindings => {
  const raw = objectOf(value, 'lastRun.bindings')
  const list = (name: 'before' | 'after'): TenantBinding[] =>
    listOf(raw[name], `lastRun.bindings: ${name}`).map((entry) => {
      const binding = objectOf(entry, `lastRun.bindings: ${name}`)
      return {
        ...binding,
        actionName: stringOf(binding['actionName'], `lastRun.bindings: actionName`),
        displayName: stringOf(binding['displayName'], `lastRun.bindings: displayName`),
      }
    })
  return {
    ...raw,
    trigger: stringOf(raw['trigger'], 'lastRun.bindings: trigger'),
    before: list('before'),
    after: list('after'),
  }
}

const versionOf = (value: unknown, at: string): VersionRef => {
  const raw = objectOf(value, at)
  const { number } = raw
  if (typeof number !== 'number') throw new Error(`${at}.number is not a number`)
  return { id: stringOf(raw['id'], `${at}.id`), number }
}

const optional = <Name extends string, Value>(
  raw: Readonly<Record<string, unknown>>,
  name: Name,
  parse: (value: unknown, at: string) => Value,
): { [Key in Name]?: Value } =>
  raw[name] === undefined
    ? {}
    : ({ [name]: parse(raw[name], `lastRun: ${name}`) } as { [Key in Name]?: Value })

const objectOf = (value: unknown, at: string): Record<string, unknown> => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Error(`${at} is not an object`)
  }
  return value as Record<string, unknown>
}

const listOf = (value: unknown, at: string): unknown[] => {
  if (!Array.isArray(value)) throw new Error(`${at} is not a list`)
  return value as unknown[]
}

const stringOf = (value: unknown, at: string): string => {
  if (typeof value !== 'string') throw new Error(`${at} is not a string`)
  return value
}
