/** The git-ignored folder in which everything local persists. */
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { writePrivateFile } from '../local-tenant/write-private-file.ts'

export interface LocalFolder {
  path: string
  certificate: string
  /** The tenant's state: users, clients, Actions, sessions. */
  state: string
  /** The values of the Actions' secrets. */
  secrets: string
  /** Where the tenant runs, or ran last. */
  running: string
}

export const localFolder = (root: string): LocalFolder => {
  const path = join(root, '.local')
  return {
    path,
    certificate: join(path, 'certificate'),
    state: join(path, 'tenant.json'),
    secrets: join(path, 'secrets.json'),
    running: join(path, 'running.json'),
  }
}

/** Forgets everything, the certificate included. */
export const resetLocalFolder = ({ path }: LocalFolder): void => {
  rmSync(path, { recursive: true, force: true })
}

/** What a file in the folder holds, `undefined` if it is not there or not JSON. */
export const readLocalJson = (file: string): unknown => {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return undefined
  }
}

/** Readable for this user only: some of these files hold secrets. */
export const writeLocalJson = (file: string, value: unknown): void => {
  writePrivateFile(file, JSON.stringify(value, null, 2))
}
