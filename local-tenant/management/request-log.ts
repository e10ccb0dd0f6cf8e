/** One answered request: its path and status, never its content. */
export interface LoggedRequest {
  method: string
  /** Path with parameters for values, e.g. `/users/:id`; `*` when no endpoint has it. */
  path: string
  status: number
}

/** The newest requests to the Management API, and the number of all that changed something. */
export interface RequestLog {
  record(request: LoggedRequest): void
  /** Oldest first, at most `capacity`. */
  requests(): readonly LoggedRequest[]
  /** Number of successful requests since the start that were not reads. */
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
