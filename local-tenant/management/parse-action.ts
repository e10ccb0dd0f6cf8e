import type { Dependency } from '../store.ts'
import { isObject, isString, omit, unknownKey } from '../json.ts'
import { isTriggerVersion, RUNTIMES } from './triggers.ts'

/** Auth0's limits. https://auth0.com/docs/customize/actions/limitations */
export const LIMITS = {
  actions: 100,
  bindingsPerTrigger: 20,
  codeBytes: 100_000,
  dependencies: 10,
  secretNameLength: 128,
  secretValueLength: 4096,
  secrets: 30,
  versions: 50,
} as const

/** A secret as it is sent: without `value` the one stored under this name stays. */
export interface SentSecret {
  name: string
  value?: string
}

/** The part of an Action that a request may carry; a key that was not sent is absent. */
export interface SentAction {
  name?: string
  supported_triggers?: { id: string; version: string }[]
  code?: string
  runtime?: string
  dependencies?: Dependency[]
  secrets?: SentSecret[]
  /** Deploy as soon as the build is ready; POST only. */
  deploy?: boolean
}

const KNOWN = [
  'name',
  'supported_triggers',
  'code',
  'runtime',
  'dependencies',
  'secrets',
  'modules',
]

/** Checks a POST or PATCH body, or says what is wrong first. */
export const parseAction = (body: unknown, method: 'post' | 'patch'): SentAction | string => {
  if (!isObject(body)) return 'Expected type object'
  const unknown = unknownKey(body, method === 'post' ? [...KNOWN, 'deploy'] : KNOWN)
  if (unknown !== undefined) return `Additional properties not allowed: ${unknown}`
  if (method === 'post') {
    const missing = ['name', 'supported_triggers'].find((key) => body[key] === undefined)
    if (missing !== undefined) return `Missing required property: ${missing}`
  }
  const wrong = Object.entries(CHECKS)
    .filter(([key]) => body[key] !== undefined)
    .map(([key, check]) => check(body[key]))
    .find((text) => text !== undefined)
  if (wrong !== undefined) return wrong
  return omit(body, 'modules')
}

/** Per key: what is wrong with its value. */
const CHECKS: Record<string, (value: unknown) => string | undefined> = {
  name: (value) =>
    isString(value, 1, 255) && value.trim() !== ''
      ? undefined
      : 'Expected a string of 1 to 255 characters for name',
  supported_triggers: (value) => {
    if (!Array.isArray(value) || value.length !== 1)
      return 'Expected one entry in supported_triggers'
    const trigger: unknown = value[0]
    return isObject(trigger) && isTriggerVersion(trigger['id'], trigger['version'])
      ? undefined
      : 'No such trigger in supported_triggers'
  },
  code: (value) => {
    if (typeof value !== 'string') return 'Expected type string for code'
    return Buffer.byteLength(value) <= LIMITS.codeBytes
      ? undefined
      : `The code is larger than ${LIMITS.codeBytes / 1000} kB`
  },
  runtime: (value) =>
    typeof value === 'string' && RUNTIMES.includes(value)
      ? undefined
      : `No enum match for runtime: one of ${RUNTIMES.join(', ')}`,
  dependencies: (value) => {
    if (!Array.isArray(value)) return 'Expected type array for dependencies'
    if (value.length > LIMITS.dependencies) return `More than ${LIMITS.dependencies} dependencies`
    return value.every(isDependency) ? undefined : 'Expected name and version in dependencies'
  },
  secrets: (value) => {
    if (!Array.isArray(value)) return 'Expected type array for secrets'
    if (value.length > LIMITS.secrets) return `More than ${LIMITS.secrets} secrets`
    if (!value.every(isSecret)) {
      return `Expected a name up to ${LIMITS.secretNameLength} and a value up to ${LIMITS.secretValueLength} characters in secrets`
    }
    return new Set(value.map(({ name }) => name)).size === value.length
      ? undefined
      : 'A name occurs twice in secrets'
  },
  modules: (value) =>
    Array.isArray(value) && value.length === 0 ? undefined : 'There are no Action modules here',
  deploy: (value) => (typeof value === 'boolean' ? undefined : 'Expected type boolean for deploy'),
}

const isDependency = (value: unknown): boolean =>
  isObject(value) &&
  unknownKey(value, ['name', 'version', 'registry_url']) === undefined &&
  isString(value['name'], 1, 214) &&
  isString(value['version'], 1, 256) &&
  ['string', 'undefined'].includes(typeof value['registry_url'])

const isSecret = (value: unknown): value is SentSecret =>
  isObject(value) &&
  // Clients send back what they read, `updated_at` included (recorded).
  unknownKey(value, ['name', 'value', 'updated_at']) === undefined &&
  isString(value['name'], 1, LIMITS.secretNameLength) &&
  (value['value'] === undefined || isString(value['value'], 0, LIMITS.secretValueLength))
