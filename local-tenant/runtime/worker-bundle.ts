import { fileURLToPath } from 'node:url'
import { buildSync } from 'esbuild'

let bundle: string | undefined

/**
 * The code of a worker, built at the first call, because a worker thread can load neither
 * TypeScript nor modules that jest has transformed.
 */
export const workerBundle = (): string => {
  bundle ??= buildSync({
    entryPoints: [fileURLToPath(new URL('worker.ts', import.meta.url))],
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    write: false,
  }).outputFiles.map(({ text }) => text)[0]
  if (bundle === undefined) throw new Error('The bundle of the Actions worker is empty.')
  return bundle
}
