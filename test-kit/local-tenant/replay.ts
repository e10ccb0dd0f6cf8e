import { isObject } from '../../local-tenant/json.ts'
import { shapeOf, type Contract, type Exchange, type Shape, type Source } from './contract.ts'
import { ALL_SCOPES, startTestTenant, type TestTenant } from './test-tenant.ts'

/**
 * Keys that Auth0 has added to every element since an answer was recorded, by source: ours has
 * them, the recording does not.
 */
export const KEYS_ADDED_LATER: Record<string, readonly string[]> = {
  // Recorded in 2023. `binding_policy` came with triggers that are bound to an entity, and
  // `default_runtime` was missing in one deprecated trigger.
  'go-auth0/Triggers.yaml': ['triggers.binding_policy', 'triggers.default_runtime'],
}

/** Requests that were made but are not among the recordings, without which a later one differs. */
export const UNRECORDED_REQUESTS = [
  {
    source: 'go-auth0/Bindings.yaml',
    before: 9,
    method: 'PATCH',
    path: '/api/v2/actions/triggers/post-login/bindings',
    request: { bindings: [] },
    // The client unbinds before it deletes; Auth0 answers 409 to deleting a bound Action.
  },
] as const

/** Between two exchanges: longer than a build without dependencies, shorter than one with. */
const STEP_MS = 100
/** Where exchanges were left out, every build has come to its end. */
const LATER_MS = 10_000

/** What one exchange came to. */
export interface Outcome {
  exchange: string
  expected: { status: number; shape: Shape | undefined }
  answered: { status: number; shape: Shape | undefined }
  /** Values that are not those of the exchange's `values`. */
  strangeValues: Record<string, unknown>
  /** Ids that should have been the ones seen before and were not. */
  strangeIds: string[]
}

/** Sends a source's requests in order to a tenant that is in the state the first one met. */
export const replaySource = async (
  { source, given = [], exchanges }: Source,
  shapes: Contract['shapes'],
): Promise<Outcome[]> => {
  let now = Date.parse('2026-01-01T00:00:00Z')
  const tenant = await startTestTenant({ now: () => now })
  const ids = new Map<string, string>()
  try {
    const token = await tenant.token(...ALL_SCOPES)
    const send = (asked: Asked): Promise<Answered> => sendTo(tenant, token, asked, ids)
    for (const { id, request, deployments } of given) {
      const made = await send({ method: 'POST', path: '/api/v2/actions/actions', request })
      ids.set(id, String(at(made.body, 'id')))
      for (let version = 1; version <= deployments; version += 1) {
        now += LATER_MS
        await send({ method: 'POST', path: `/api/v2/actions/actions/${id}/deploy` })
      }
      now += LATER_MS
    }
    const outcomes: Outcome[] = []
    for (const exchange of exchanges) {
      now += exchange.later === true ? LATER_MS : STEP_MS
      const before = UNRECORDED_REQUESTS.find(
        (request) => request.source === source && request.before === exchange.index,
      )
      if (before !== undefined) await send(before)
      const answered = await send(exchange)
      outcomes.push(compare(source, exchange, answered, shapes, ids))
    }
    return outcomes
  } finally {
    await tenant.close()
  }
}

interface Asked {
  method: string
  path: string
  request?: unknown
}

interface Answered {
  status: number
  body: unknown
}

const sendTo = async (
  tenant: TestTenant,
  token: string,
  { method, path, request }: Asked,
  ids: ReadonlyMap<string, string>,
): Promise<Answered> => {
  const response = await fetch(new URL(mapIds(path, ids), tenant.url), {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(request !== undefined && { body: mapIds(JSON.stringify(request), ids) }),
  })
  const text = await response.text()
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text) }
}

const mapIds = (text: string, ids: ReadonlyMap<string, string>): string =>
  text.replace(/\{(?:action|version)-\d+\}/g, (placeholder) => ids.get(placeholder) ?? placeholder)

const compare = (
  source: string,
  exchange: Exchange,
  { status, body }: Answered,
  shapes: Contract['shapes'],
  ids: Map<string, string>,
): Outcome => {
  const strangeIds: string[] = []
  for (const [path, placeholder] of Object.entries(exchange.ids ?? {})) {
    const id = String(at(body, path))
    const namesake = [...ids].find(([, known]) => known === id)?.[0] ?? placeholder
    if ((ids.get(placeholder) ?? id) !== id || namesake !== placeholder) strangeIds.push(path)
    ids.set(placeholder, id)
  }
  const later = KEYS_ADDED_LATER[source] ?? []
  const withoutLater = (shape: Shape | undefined): Shape | undefined =>
    shape === undefined
      ? undefined
      : later.reduce((rest, path) => without(rest, path.split('.')), shape)
  return {
    exchange: `${exchange.index} ${exchange.method} ${exchange.path}`,
    expected: {
      status: exchange.status,
      shape: withoutLater(exchange.shape === undefined ? undefined : shapes[exchange.shape]),
    },
    answered: { status, shape: withoutLater(body === undefined ? undefined : shapeOf(body)) },
    strangeValues: Object.fromEntries(
      Object.entries(exchange.values ?? {})
        .map(([path, value]) => ({ path, value, answered: at(body, path) }))
        .filter(({ value, answered }) => value !== answered)
        .map(({ path, answered }) => [path, answered]),
    ),
    strangeIds,
  }
}

const at = (value: unknown, path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>(
      (inner, key) =>
        isObject(inner) || Array.isArray(inner)
          ? (inner as Record<string, unknown>)[key]
          : undefined,
      value,
    )

/** The shape without one key, everywhere the path leads through lists. */
const without = (shape: Shape, path: readonly string[]): Shape => {
  const [key = '', ...rest] = path
  if (Array.isArray(shape)) {
    const texts = shape.map((element) => JSON.stringify(without(element, path)))
    return [...new Set(texts)].toSorted().map((text) => JSON.parse(text) as Shape)
  }
  if (typeof shape === 'string') return shape
  return Object.fromEntries(
    Object.entries(shape)
      .filter(([name]) => name !== key || rest.length > 0)
      .map(([name, inner]) => [name, name === key ? without(inner, rest) : inner]),
  )
}
