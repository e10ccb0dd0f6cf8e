/** One answered request: what was asked and how it ended, never what it carried. */
export interface LoggedRequest {
  method: string
  /** Path with parameters for values, e.g. `/users/:id`; `*` when no endpoint has it. */
  path: string
  status: number
}

/** The newest requests to the Management API, and how many of all of them changed something. */
export interface RequestLog {
  record(request: LoggedRequest): void
  /** Oldest first, at most `capacity`. */
  requests(): readonly LoggedRequest[]
  /** Requests since the start that asked for a change and were granted it. */
  writes(): number
}

export const createRequestLog = (capacity = 1000): RequestLog => {
  let kept: LoggedRequest[] = []
  let writes = 0
  return {
    record(request) {
      kept = [...kept, request].slice(-capacity)
      if (request.method !== 'GET' && request.status < 400) writes += 1
    },
    requests: () => kept,
    writes: () => writes,
  }
}
