import { createRequire, isBuiltin } from 'node:module'
import { format } from 'node:util'
import { compileFunction } from 'node:vm'
import type { Event, PostLoginAPI } from '@auth0/actions-types/post-login/v3'
import type { ActionTrace } from '../../local-tenant/trace.ts'

export type HandlerName = ActionTrace['handler']
export type Handlers = Partial<Record<HandlerName, Handler>>
type Handler = (event: Event, api: PostLoginAPI) => Promise<unknown>

/** What the code of an Action finds around it. */
export interface Surroundings {
  /** Gets each line of its console. Default: nobody reads it. */
  log?: (line: string) => void
  /** Stand-ins for globals, as `Date` and `fetch`. */
  globals?: Record<string, unknown>
  /** What `require` answers for ids that are no module of Node. */
  modules?: Record<string, unknown>
}

const requireHere = createRequire(import.meta.url)

/** Loads a bundle as Auth0 does: the text is the body of a function, the exports are looked up. */
export const loadAction = (code: string, around: Surroundings = {}): Handlers => {
  const { log, globals = {}, modules = {} } = around
  const print = (...args: unknown[]) => log?.(format(...args))
  const consoleOfAction = { debug: print, error: print, info: print, log: print, warn: print }
  // Stand-ins are parameters like the others: they hide the globals of the same name.
  const parameters = ['module', 'exports', 'console', 'require', ...Object.keys(globals)]
  const load = compileFunction(code, parameters) as (...args: unknown[]) => void
  const requireForAction = (id: string): unknown => {
    if (Object.hasOwn(modules, id)) return modules[id]
    if (isBuiltin(id)) return requireHere(id)
    throw new Error(`Cannot find module '${id}'`)
  }
  const module: { exports: Handlers } = { exports: {} }
  load(module, module.exports, consoleOfAction, requireForAction, ...Object.values(globals))
  return module.exports
}

/** A `Date` whose present is what `now` says, in milliseconds since the epoch. */
export const clockOf = (now: () => number): DateConstructor => {
  const Clock = class extends Date {
    constructor(...args: [] | [number | string | Date]) {
      super(args.length === 0 ? now() : args[0])
    }
    static override now(): number {
      return now()
    }
  }
  return Clock as unknown as DateConstructor
}
