/** Runs in a worker thread: loads one Action as Auth0 does and runs its handlers. */
import { createRequire, isBuiltin } from 'node:module'
import { compileFunction } from 'node:vm'
import tls from 'node:tls'
import { parentPort, workerData } from 'node:worker_threads'
import type { Event, PostLoginAPI } from '@auth0/actions-types/post-login/v3'
import { ActionLog } from '../api/action-log.ts'
import { captureConsole } from '../api/capture-console.ts'
import { createPostLoginApi } from '../api/post-login-api.ts'
import { isObject, messageOf } from '../json.ts'
import type { RunRequest, WorkerMessage, WorkerSetup } from './worker-messages.ts'

type Handler = (event: Event, api: PostLoginAPI) => Promise<unknown>

const setup = workerData as WorkerSetup
const post = (message: WorkerMessage): void => parentPort?.postMessage(message)
// Kept from before the Action's code runs, which may replace the global ones.
const nextTurn = setImmediate
const realNow = Date.now

// Node leaves its own `require` and friends in the global scope of evaluated code.
for (const name of ['require', 'module', 'exports', '__filename', '__dirname']) {
  Reflect.deleteProperty(globalThis, name)
}

/**
 * Trust for `fetch` and `node:https` in this thread. `NODE_EXTRA_CA_CERTS` would need the process to
 * be started anew once there is a certificate.
 */
const trust = (caPem: string): void => {
  const createContext = tls.createSecureContext
  tls.createSecureContext = (options = {}) =>
    createContext({ ...options, ca: options.ca ?? [...tls.rootCertificates, caPem] })
}
if (setup.trustedCa !== undefined) trust(setup.trustedCa)

const requireHere = createRequire(setup.requireFrom)

/** Node's own modules and declared packages; a path, or any other package, is not found. */
const requireForAction = (id: string): unknown => {
  const isDeclared = setup.dependencies.some((name) => id === name || id.startsWith(`${name}/`))
  const isPath = id === '' || id.startsWith('/') || id.split('/').includes('..')
  if (isBuiltin(id) || (isDeclared && !isPath)) return requireHere(id)
  throw Object.assign(
    new Error(
      `Cannot find module '${id}': it is neither a module of Node nor among the Action's dependencies`,
    ),
    { code: 'MODULE_NOT_FOUND' },
  )
}

const compile = (): ((...args: unknown[]) => void) => {
  try {
    return compileFunction(setup.code, ['module', 'exports', 'console', 'require'], {
      filename: `${setup.name}.js`,
    }) as (...args: unknown[]) => void
  } catch (error) {
    throw new Error(`Compilation failed: ${messageOf(error)}`, { cause: error })
  }
}

let loaded: { exports: unknown } | { error: unknown } | undefined

/** Loads at the first run, whose log then has the lines of the top level. An error stays. */
const load = (): unknown => {
  if (loaded === undefined) {
    const module: { exports: unknown } = { exports: {} }
    try {
      compile()(module, module.exports, console, requireForAction)
      loaded = module
    } catch (error) {
      loaded = { error }
    }
  }
  if ('error' in loaded) throw loaded.error
  return loaded.exports
}

const handlerOf = (exported: unknown, name: string): Handler => {
  if (!isObject(exported)) {
    throw new Error('The Action must export an object.')
  }
  const handler = exported[name]
  if (typeof handler !== 'function' || handler.constructor.name !== 'AsyncFunction') {
    throw new Error(
      `Invalid function signature for the "${name}" handler. Use "exports.${name} = async function(event, api) { }" as the signature.`,
    )
  }
  return handler as Handler
}

const runHandler = async (request: RunRequest): Promise<void> => {
  const { run } = request
  const offset = request.now - realNow()
  const event = request.event as unknown as Event
  const { api, result } = createPostLoginApi(event, {
    ...request,
    now: () => realNow() + offset,
    onCommand: (command) => post({ kind: 'command', run, command }),
  })
  const log = new ActionLog((line) => post({ kind: 'log', run, line }))
  await captureConsole(log, async () => handlerOf(load(), request.handler)(event, api))
  // A promise that was rejected and left alone ends the thread before the next turn.
  await new Promise((resolve) => nextTurn(resolve))
  post({ kind: 'done', run, result })
}

parentPort?.on('message', (request: RunRequest) => {
  const { run } = request
  post({ kind: 'started', run })
  runHandler(request).catch((error: unknown) =>
    post({ kind: 'failed', run, reason: messageOf(error) }),
  )
})
post({ kind: 'ready' })
