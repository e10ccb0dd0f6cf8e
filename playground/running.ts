import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isObject } from '../local-tenant/json.ts'
import { CommandFailure } from '../cli/failure.ts'
import { createLocalFetch, type LocalFetch } from './local-fetch.ts'
import { localFolder, readLocalJson, writeLocalJson, type LocalFolder } from './local-folder.ts'

/** What `npm start` leaves for tools that talk to the running tenant. */
export interface RunningTenant {
  /** Without a slash at the end. */
  tenantUrl: string
  portalUrl: string
  demoUrl: string
  /** The certificate authority of all three, PEM. */
  caFile: string
  /** A client with a Management API token for users, to read also clients, connections, Actions. */
  tools: { clientId: string; clientSecret: string }
}

export const writeRunning = (folder: LocalFolder, running: RunningTenant): void => {
  writeLocalJson(folder.running, running)
}

/** `undefined` when no `npm start` has left a note. It outlives the tenant. */
export const readRunning = (folder: LocalFolder): RunningTenant | undefined => {
  const note = readLocalJson(folder.running)
  return isRunningTenant(note) ? note : undefined
}

/** The tenant of the note, if it answers, and with the certificate of this folder. */
export const findRunning = async (folder: LocalFolder): Promise<RunningTenant | undefined> => {
  const note = readRunning(folder)
  if (note === undefined) return undefined
  try {
    const fetch = createLocalFetch(readFileSync(note.caFile, 'utf8'))
    const signal = AbortSignal.timeout(ANSWER_MS)
    const health: unknown = await (await fetch(`${note.tenantUrl}/local/health`, { signal })).json()
    return isObject(health) && health['issuer'] === `${note.tenantUrl}/` ? note : undefined
  } catch {
    return undefined
  }
}

/** The tenant that `npm start` of this project runs, and a fetch that trusts it. */
export const demandRunning = async (): Promise<{ running: RunningTenant; fetch: LocalFetch }> => {
  const running = await findRunning(localFolder(join(import.meta.dirname, '..')))
  if (running === undefined) {
    throw new CommandFailure(
      'not_running',
      'The local tenant does not run. Start it in another terminal: npm start',
    )
  }
  return { running, fetch: createLocalFetch(readFileSync(running.caFile, 'utf8')) }
}

const ANSWER_MS = 5_000

const isRunningTenant = (note: unknown): note is RunningTenant =>
  isObject(note) &&
  ['tenantUrl', 'portalUrl', 'demoUrl', 'caFile'].every((key) => typeof note[key] === 'string') &&
  isObject(note['tools']) &&
  typeof note['tools']['clientId'] === 'string' &&
  typeof note['tools']['clientSecret'] === 'string'
