/** Programs of ours as one file each, because loading a hundred through tsx is most of a short run. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import * as esbuild from 'esbuild'

const REPOSITORY = join(import.meta.dirname, '..')

export interface BundledPrograms {
  /** Of `playground/start.ts`, for example: what Node runs, in the folder of a project. */
  fileOf: (program: string) => string
  remove: () => void
}

/** What a program finds beside its source, it finds in the folder that it runs in. */
export const bundlePrograms = async (programs: readonly string[]): Promise<BundledPrograms> => {
  // Where Node finds the packages.
  const cache = join(REPOSITORY, 'node_modules', '.cache')
  mkdirSync(cache, { recursive: true })
  const folder = mkdtempSync(join(cache, 'programs-'))
  await esbuild.build({
    entryPoints: programs.map((program) => join(REPOSITORY, program)),
    outdir: folder,
    outbase: REPOSITORY,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20',
    plugins: [
      {
        name: 'source-folder',
        setup(build) {
          build.onLoad({ filter: /\.ts$/ }, ({ path }) => {
            const file = `process.cwd() + ${JSON.stringify(`/${relative(REPOSITORY, path)}`)}`
            const contents = readFileSync(path, 'utf8')
              .replaceAll(
                'import.meta.dirname',
                `(${file}).slice(0, ${-1 - basename(path).length})`,
              )
              .replaceAll('import.meta.url', `new URL('file://' + ${file}).href`)
            return { contents, loader: 'ts', resolveDir: dirname(path) }
          })
        },
      },
    ],
  })
  return {
    fileOf: (program) => join(folder, program.replace(/\.ts$/, '.mjs')),
    remove: () => rmSync(folder, { recursive: true }),
  }
}
