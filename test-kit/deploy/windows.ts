/**
 * Keeps everybody else out of the one window that a deploy leaves open: from reading a list of
 * bindings, or an Action, to writing it in the next request (see "Beside colleagues" in README.md).
 *
 * Each name (`bindings`, or an Action's id) is held by one party at a time; others wait.
 */
export interface Windows {
  /** Resolves when nobody else holds `name`. */
  open(name: string): Promise<void>
  close(name: string): void
}

export const makeWindows = (): Windows => {
  const waiting = new Map<string, (() => void)[]>()
  return {
    open(name) {
      const queue = waiting.get(name)
      if (queue === undefined) {
        waiting.set(name, [])
        return Promise.resolve()
      }
      return new Promise((opened) => queue.push(opened))
    },
    close(name) {
      const next = waiting.get(name)?.shift()
      if (next === undefined) waiting.delete(name)
      else next()
    },
  }
}

export interface Passing {
  method: string
  path: string
  byCli: boolean
}

/** One run's requests, which open and close windows. */
export interface Party {
  /** Waits until the request may be answered; call what it resolves to when it is answered. */
  pass(request: Passing): Promise<() => void>
  /** The run is over. */
  end(): void
}

/**
 * A read of a list of bindings or of one Action opens a window when it comes after the first write
 * of the Deploy CLI; reads for a plan open none, because nothing is written from them. It stays open
 * until the run asks for something else than to write what it read. Every other write takes its
 * window for the time of one request: it waits while somebody else's is open.
 */
export const joinWindows = (windows: Windows): Party => {
  let held: string | undefined
  let hasWritten = false
  const end = (): void => {
    if (held !== undefined) windows.close(held)
    held = undefined
  }
  return {
    end,
    async pass({ method, path, byCli }) {
      const isRead = method === 'GET'
      hasWritten ||= byCli && !isRead
      const name = windowOf(path)
      if (held !== undefined && (isRead || byCli || held !== name)) end()
      if (name === undefined || held === name || (isRead && (byCli || !hasWritten))) {
        return () => undefined
      }
      await windows.open(name)
      if (!isRead) return () => windows.close(name)
      held = name
      return () => undefined
    },
  }
}

/** `undefined` for a list of Actions and for what is not there yet. */
const windowOf = (path: string): string | undefined =>
  path.endsWith('/bindings') ? 'bindings' : /\/actions\/actions\/([^/]+)/.exec(path)?.[1]
