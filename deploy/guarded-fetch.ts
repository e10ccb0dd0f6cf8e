/**
 * How every request of ours reaches the tenant: through the proxy that the environment names, to
 * no other origin, within a time, and not before the tenant wants to be asked again.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { fetch as undiciFetch, ProxyAgent } from 'undici'
import { DeployFailure } from './failure.ts'
import { oneLine } from '../cli/safe-text.ts'

export interface GuardOptions {
  domain: string
  fetch: typeof fetch
  /** Gets a line when a request waits. */
  tell: (text: string) => void
  timeoutMs?: number
  wait?: (milliseconds: number) => Promise<unknown>
  now?: () => number
}

const TIMEOUT_MS = 30_000

/** A command that stood still for longer would look dead; a pipeline pays for each minute. */
const LONGEST_WAIT_MS = 120_000

export const guardFetch = ({
  domain,
  fetch,
  tell,
  timeoutMs = TIMEOUT_MS,
  wait = sleep,
  now = Date.now,
}: GuardOptions): typeof fetch => {
  let pause: Pause | undefined
  return async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input)
    const request = `${init?.method ?? 'GET'} ${url.pathname}`
    if (pause !== undefined) {
      await observe(pause)
      pause = undefined
    }
    const answer = await sendWithin({ domain, fetch, timeoutMs }, request, input, init)
    if (answer.status >= 300 && answer.status < 400) {
      throw new DeployFailure('domain_wrong', describeRedirect(domain, request, answer))
    }
    pause = readPause(request, answer, now())
    // We wait for it ourselves: the SDK must not wait once more for the same header.
    for (const { name } of PAUSES) answer.headers.delete(name)
    return answer
  }

  async function observe({ until, why }: Pause): Promise<void> {
    const milliseconds = until - now()
    if (milliseconds > LONGEST_WAIT_MS) {
      throw new DeployFailure(
        'rate_limited',
        `${domain} ${why} and wants to be asked again in ${seconds(milliseconds)}. ` +
          `That is too long to wait for: run again after ${new Date(until).toISOString().slice(0, 19)}Z. What is done stays done.`,
      )
    }
    if (milliseconds <= 0) return
    tell(`Waiting ${seconds(milliseconds)}: ${domain} ${why} and asks for it.`)
    await wait(milliseconds)
  }
}

type Sending = Required<Pick<GuardOptions, 'domain' | 'fetch' | 'timeoutMs'>>

/** Reads the whole answer, so that the time limit holds for the body, too. */
const sendWithin = async (
  { domain, fetch: send, timeoutMs }: Sending,
  request: string,
  input: Parameters<typeof fetch>[0],
  init: RequestInit | undefined,
): Promise<Response> => {
  const signal = AbortSignal.timeout(timeoutMs)
  try {
    const answer = await send(input, { ...init, redirect: 'manual', signal })
    const { status, statusText } = answer
    const body = await answer.arrayBuffer()
    return new Response(body.byteLength === 0 ? null : body, {
      status,
      statusText,
      headers: [...answer.headers],
    })
  } catch (error) {
    if (!signal.aborted) throw error
    throw new DeployFailure(
      'timed_out',
      `${domain} did not answer ${request} within ${seconds(timeoutMs)}.` +
        (request.startsWith('GET') || request.endsWith('/oauth/token')
          ? ' Run again.'
          : ' It may have been done: run npm run plan to see.'),
      { cause: error },
    )
  }
}

interface Pause {
  /** Milliseconds since 1970. */
  until: number
  why: string
}

/** The headers that say when to ask again. The first one that is there counts. */
const PAUSES: readonly { name: string; until: (value: string, now: number) => number }[] = [
  {
    name: 'retry-after',
    until: (value, now) => (/^\d+$/.test(value) ? now + Number(value) * 1000 : Date.parse(value)),
  },
  { name: 'x-ratelimit-reset', until: (value) => Number(value) * 1000 },
]

const readPause = (request: string, answer: Response, now: number): Pause | undefined => {
  if (answer.status !== 429 && answer.status < 500) return undefined
  for (const { name, until } of PAUSES) {
    const value = answer.headers.get(name)
    // Auth0 sends the reset of the rate limit with every answer; only a 429 is about it.
    if (value === null || (name === 'x-ratelimit-reset' && answer.status !== 429)) continue
    const moment = until(value, now)
    if (moment > now) return { until: moment, why: `answered ${answer.status} to ${request}` }
  }
  return undefined
}

const describeRedirect = (domain: string, request: string, answer: Response): string => {
  const location = answer.headers.get('location')
  const target =
    location !== null && URL.canParse(location, `https://${domain}`)
      ? new URL(location, `https://${domain}`).origin
      : 'nowhere'
  return (
    `${domain} redirects ${request} to ${oneLine(target)} (${answer.status}). Nothing was sent there: ` +
    'is AUTH0_DOMAIN the own domain of the tenant?'
  )
}

const seconds = (milliseconds: number): string =>
  milliseconds < 1000 ? `${milliseconds} ms` : `${Math.ceil(milliseconds / 1000)} s`

/** The `fetch` that goes through a proxy by CONNECT, so that the proxy sees no content. */
export const fetchThrough = (proxy: string): typeof fetch => {
  const dispatcher = new ProxyAgent(proxy)
  const send: unknown = (input: string | URL, init: object = {}) =>
    undiciFetch(input, { ...init, dispatcher })
  return send as typeof fetch
}
