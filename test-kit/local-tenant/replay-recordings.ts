/**
 * Recorded answers beyond those of Actions, replayed in order against a tenant of their own. Ids
 * that the recording answered stand for those that the tenant answers in the same place.
 */
import { isObject } from '../../local-tenant/json.ts'
import { shapeOf, type Recorded } from './contract.ts'
import { ALL_SCOPES, startTestTenant, type TestTenant } from './test-tenant.ts'

export interface Replayed {
  exchange: string
  kind: 'same' | 'different' | 'not implemented'
  /** Paths of keys that only the recording or only the answer has. */
  difference?: unknown
  /** The operation, by its own name. */
  unimplemented?: string[]
}

export const replayRecordings = async (recordings: readonly Recorded[]): Promise<Replayed[]> => {
  const tenant = await startTestTenant()
  const replayed: Replayed[] = []
  try {
    const token = await tenant.token(...ALL_SCOPES)
    for (const source of new Set(recordings.map((recorded) => recorded.source))) {
      tenant.reset()
      const ids = new Map<string, string>()
      for (const recorded of recordings.filter((other) => other.source === source)) {
        replayed.push(await replayOne(tenant, token, recorded, ids))
      }
    }
  } finally {
    await tenant.close()
  }
  return replayed
}

const replayOne = async (
  tenant: TestTenant,
  token: string,
  { source, index, method, path, request, status, response }: Recorded,
  ids: Map<string, string>,
): Promise<Replayed> => {
  const exchange = `${source} ${index} ${method} ${path}`
  const answer = await fetch(new URL(withIds(path, ids), tenant.url), {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(method !== 'GET' && request !== null && { body: withIds(JSON.stringify(request), ids) }),
  })
  const text = await answer.text()
  const body = text === '' ? null : (JSON.parse(text) as unknown)
  if (answer.status === 501)
    return { exchange, kind: 'not implemented', unimplemented: nameIn(body) }
  learnIds(response, body, ids)
  const expected = { status, shape: shapeOf(response) }
  const answered = { status: answer.status, shape: shapeOf(body) }
  return JSON.stringify(expected) === JSON.stringify(answered)
    ? { exchange, kind: 'same' }
    : { exchange, kind: 'different', difference: differenceOf(expected, answered) }
}

const nameIn = (body: unknown): string[] =>
  isObject(body) ? [String(body['message']).replace(/^.*implement /, '')] : []

const differenceOf = (expected: unknown, answered: unknown): unknown => {
  const [here, there] = [expected, answered].map((value) => new Set(pathsIn(value)))
  return {
    recorded: [...(here ?? [])].filter((path) => there?.has(path) !== true),
    answered: [...(there ?? [])].filter((path) => here?.has(path) !== true),
  }
}

const pathsIn = (value: unknown, path = ''): string[] => {
  if (Array.isArray(value)) return value.flatMap((item) => pathsIn(item, `${path}[]`))
  if (!isObject(value)) return [`${path}: ${String(value)}`]
  return Object.entries(value).flatMap(([key, inner]) => pathsIn(inner, `${path}.${key}`))
}

/** Strings at the same place that differ: the tenant's own stands for the recorded one. */
const learnIds = (recorded: unknown, answered: unknown, ids: Map<string, string>): void => {
  if (typeof recorded === 'string' && typeof answered === 'string') {
    if (recorded !== answered && recorded.length > 8) ids.set(recorded, answered)
  } else if (Array.isArray(recorded) && Array.isArray(answered)) {
    recorded.forEach((item, at) => learnIds(item, answered[at], ids))
  } else if (isObject(recorded) && isObject(answered)) {
    for (const key of Object.keys(recorded)) learnIds(recorded[key], answered[key], ids)
  }
}

const withIds = (text: string, ids: ReadonlyMap<string, string>): string => {
  let mapped = text
  for (const [recorded, answered] of [...ids].toSorted(([a], [b]) => b.length - a.length)) {
    mapped = mapped.replaceAll(recorded, answered)
    mapped = mapped.replaceAll(encodeURIComponent(recorded), encodeURIComponent(answered))
  }
  return mapped
}
