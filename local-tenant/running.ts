import type { LocalFolder } from './local-folder.ts'
import { readLocalJson, writeLocalJson } from './local-folder.ts'

/** What `npm start` leaves for tools that talk to the running tenant. */
export interface RunningTenant {
  /** Without a slash at the end. */
  tenantUrl: string
  portalUrl: string
  demoUrl: string
  /** The certificate authority of all three, PEM. */
  caFile: string
  /** A client that may read users and clients. */
  tools: { clientId: string; clientSecret: string }
}

export const writeRunning = (folder: LocalFolder, running: RunningTenant): void => {
  writeLocalJson(folder, folder.running, running)
}

/** `undefined` when no `npm start` has left a note. Whether it still runs, only a request tells. */
export const readRunning = (folder: LocalFolder): RunningTenant | undefined =>
  readLocalJson(folder.running) as RunningTenant | undefined
