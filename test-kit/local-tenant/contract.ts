/**
 * The facts that are kept of recorded answers of the real Management API: what was asked, in
 * which order, and the status and shape of the answer. No recorded value is among them.
 */
import { isObject } from '../../local-tenant/json.ts'

/** One entry of `management-api-actions.json`. */
export interface Recorded {
  source: string
  index: number
  method: string
  path: string
  request: unknown
  status: number
  response: unknown
}

/** A JSON type; of an array the different shapes of its elements, of an object those of its keys. */
export type Shape = 'null' | 'string' | 'number' | 'boolean' | Shape[] | { [key: string]: Shape }

export interface Exchange {
  index: number
  /** True when exchanges before this one were not recorded: time has passed. */
  later?: true
  method: string
  /** With `{action-1}` for the first id of an Action that the source names, and so on. */
  path: string
  request?: unknown
  status: number
  /** Name in `Contract.shapes`; absent where nothing was answered. */
  shape?: string
  /** Where the answer holds words and numbers of Auth0's own, and which; in a replay only. */
  values?: Record<string, unknown>
  /** Where the answer tells ids that later requests use: `actions.0.id` → `{action-1}`. */
  ids?: Record<string, string>
}

/** An Action that was there before the first exchange of its source. */
export interface GivenAction {
  id: string
  request: unknown
  /** How many versions it has had. */
  deployments: number
}

export interface Source {
  source: string
  given?: GivenAction[]
  exchanges: Exchange[]
}

export interface Contract {
  shapes: Record<string, Shape>
  sources: Source[]
}

/** Whose content the requests carry: placeholders of ours, or the recorded values for a replay. */
export type Content = 'ours' | 'recorded'

export const drawContract = (recordings: readonly Recorded[], content: Content): Contract => {
  const names = new Map<string, string>()
  const shapes: Record<string, Shape> = {}
  const nameOf = (shape: Shape): string => {
    const text = JSON.stringify(shape)
    const name = names.get(text) ?? `shape-${names.size + 1}`
    names.set(text, name)
    shapes[name] = shape
    return name
  }
  const sources = [...new Set(recordings.map(({ source }) => source))].map((source) => {
    const recorded = recordings.filter((exchange) => exchange.source === source)
    return drawSource(source, recorded, content, nameOf)
  })
  return { shapes, sources }
}

export const shapeOf = (value: unknown): Shape => {
  if (value === null) return 'null'
  if (Array.isArray(value)) return distinct(value.map(shapeOf))
  if (isObject(value)) {
    const entries = Object.entries(value).map(([key, inner]) => [key, shapeOf(inner)] as const)
    return Object.fromEntries(entries.toSorted(([one], [other]) => (one < other ? -1 : 1)))
  }
  return typeof value as 'string' | 'number' | 'boolean'
}

const distinct = (shapes: Shape[]): Shape[] => {
  const byText = new Map(shapes.map((shape) => [JSON.stringify(shape), shape]))
  return [...byText].toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([, shape]) => shape)
}

const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g

const drawSource = (
  source: string,
  recorded: readonly Recorded[],
  content: Content,
  nameOf: (shape: Shape) => string,
): Source => {
  const values = createPlaceholders(content)
  const used = new Set(recorded.flatMap(({ path }) => path.match(UUID) ?? []))
  // The first answer that shows an id tells whether its Action was made here or was there before.
  const given = recorded
    .filter(({ method }) => method === 'GET')
    .flatMap((exchange) => givenActions(exchange, recorded))
    .filter(({ id }, index, all) => all.findIndex((other) => other.id === id) === index)
    .map(({ id, action }) => ({
      id: values.id('action', id),
      request: values.request(requestOfAction(action)),
      deployments: deploymentsOf(action),
    }))
  const exchanges = recorded.map((exchange, at): Exchange => {
    const { index, method, status, request, response } = exchange
    const previous = recorded[at - 1]
    const ids = Object.fromEntries(
      idsIn(response)
        .filter(([, id]) => used.has(id))
        .map(([path, id]) => [path, values.id(kindOf(id, recorded), id)]),
    )
    return {
      index,
      ...(previous !== undefined && previous.index + 1 < index && { later: true as const }),
      method,
      path: values.path(exchange.path, recorded),
      ...(request !== null && { request: values.request(request) }),
      status,
      ...(response !== null && { shape: nameOf(shapeOf(response)) }),
      ...(content === 'recorded' && { values: telling(response) }),
      ...(Object.keys(ids).length > 0 && { ids }),
    }
  })
  return { source, ...(given.length > 0 && { given }), exchanges }
}

/** Keys whose values are Auth0's, not those of whoever made the recording. */
const TELLING_KEYS: ReadonlySet<string> = new Set([
  'all_changes_deployed',
  'deployed',
  'error',
  'number',
  'page',
  'per_page',
  'status',
  'statusCode',
  'total',
])

const telling = (response: unknown): Record<string, unknown> =>
  Object.fromEntries(
    leavesOf(response)
      // Auth0 lists triggers in another order each time.
      .filter(({ path }) => path[0] !== 'triggers' && TELLING_KEYS.has(path.at(-1) ?? ''))
      .map(({ path, value }) => [path.join('.'), value]),
  )

const leavesOf = (value: unknown, path: string[] = []): { path: string[]; value: unknown }[] =>
  Array.isArray(value) || isObject(value)
    ? Object.entries(value).flatMap(([key, inner]) => leavesOf(inner, [...path, key]))
    : [{ path, value }]

const givenActions = (
  { response, index }: Recorded,
  recorded: readonly Recorded[],
): { id: string; action: Record<string, unknown> }[] => {
  const actions = isObject(response) ? response['actions'] : undefined
  if (!Array.isArray(actions)) return []
  const isMadeHere = (id: unknown): boolean =>
    recorded.some(
      (earlier) =>
        earlier.index < index &&
        earlier.method === 'POST' &&
        isObject(earlier.response) &&
        earlier.response['id'] === id,
    )
  return actions.filter(isObject).flatMap((action) => {
    const { id } = action
    return typeof id !== 'string' || isMadeHere(id) ? [] : [{ id, action }]
  })
}

const deploymentsOf = ({ deployed_version }: Record<string, unknown>): number =>
  isObject(deployed_version) ? Number(deployed_version['number']) : 0

/** What a POST would have carried to make this Action. */
const requestOfAction = (action: Record<string, unknown>): unknown => ({
  name: action['name'],
  supported_triggers: action['supported_triggers'],
  code: action['code'],
  dependencies: action['dependencies'],
  runtime: action['runtime'],
})

const idsIn = (response: unknown): [string, string][] =>
  leavesOf(response).flatMap(({ path, value }) =>
    path.at(-1) === 'id' && typeof value === 'string' ? [[path.join('.'), value]] : [],
  )

const kindOf = (id: string, recorded: readonly Recorded[]): 'action' | 'version' =>
  recorded.some(({ path }) => path.includes(`versions/${id}`)) ? 'version' : 'action'

interface Placeholders {
  id: (kind: string, recorded: string) => string
  path: (path: string, recorded: readonly Recorded[]) => string
  request: (request: unknown) => unknown
}

/** Per source the same recorded value becomes the same value of ours. */
const createPlaceholders = (content: Content): Placeholders => {
  const known = new Map<string, string>()
  const counts = new Map<string, number>()
  const numbered = (kind: string, recorded: string): string => {
    const key = `${kind} ${recorded}`
    const old = known.get(key)
    if (old !== undefined) return old
    const count = (counts.get(kind) ?? 0) + 1
    counts.set(kind, count)
    known.set(key, `${kind}-${count}`)
    return `${kind}-${count}`
  }
  const id = (kind: string, recorded: string): string => `{${numbered(kind, recorded)}}`
  const ours = (value: unknown, path: readonly string[]): unknown => {
    if (Array.isArray(value)) return value.map((inner) => ours(inner, path))
    if (isObject(value)) {
      return Object.fromEntries(
        Object.entries(value).map(([key, inner]) => [key, ours(inner, [...path, key])]),
      )
    }
    if (typeof value !== 'string' || isVocabulary(path)) return value
    return textFor(path, value, numbered)
  }
  return {
    id,
    path(path, recorded) {
      const mapped = path
        .replace(UUID, (uuid) => id(kindOf(uuid, recorded), uuid))
        .replace(/(?<=executions\/)[^/?]+/, 'execution-1')
      if (content === 'recorded') return mapped
      return mapped.replace(/(?<=actionName=)[^&]+/, (name) =>
        numbered('action-name', decodeURIComponent(name.replaceAll('+', ' '))),
      )
    },
    request: (request) => (content === 'recorded' ? request : ours(request, [])),
  }
}

/** Auth0's own words in a request: they decide what the answer looks like. */
const isVocabulary = (path: readonly string[]): boolean => {
  const key = path.at(-1) ?? ''
  return (
    path[0] === 'supported_triggers' || key === 'runtime' || path.join('.') === 'bindings.ref.type'
  )
}

const textFor = (
  path: readonly string[],
  recorded: string,
  numbered: (kind: string, recorded: string) => string,
): string => {
  switch (path.join('.')) {
    case 'name':
    case 'bindings.ref.value':
      return numbered('action-name', recorded)
    case 'code':
      return `exports.onExecutePostLogin = async () => {} // ${numbered('code', recorded)}`
    case 'dependencies.version':
      return '1.0.0'
    case 'dependencies.registry_url':
      return 'https://registry.example/package'
    case 'secrets.updated_at':
      return '2026-01-01T00:00:00.000Z'
    default:
      return numbered(path.join('-'), recorded)
  }
}
