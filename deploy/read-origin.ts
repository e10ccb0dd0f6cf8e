import { createHash } from 'node:crypto'

/** Where code in a tenant comes from, told by the first line that the build puts on each bundle. */
export type Origin =
  /** A build of ours, this one or another. */
  | { kind: 'build'; hash: string }
  /** Was a build of ours; somebody changed it since. */
  | { kind: 'edited'; hash: string }
  /** Not from here. */
  | { kind: 'unknown' }

/** Reads `// <name> sha256:<hash of the rest>` and holds the rest to it. */
export const readOrigin = (name: string, code: string): Origin => {
  const header = /^\/\/ (\S+) sha256:([0-9a-f]{64})\r?\n/.exec(code)
  const [line = '', owner, hash = ''] = header ?? []
  if (owner !== name) return { kind: 'unknown' }
  const found = createHash('sha256').update(code.slice(line.length)).digest('hex')
  return { kind: found === hash ? 'build' : 'edited', hash }
}
