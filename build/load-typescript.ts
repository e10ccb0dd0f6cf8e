import { isBuiltin } from 'node:module'
import { build, type Plugin } from 'esbuild'

/** Leaves packages to Node, which loads each once; bundling them took most of a build's time. */
const ownPackages: Plugin = {
  name: 'own-packages',
  setup(build) {
    build.onResolve({ filter: /^[^./]/ }, ({ path, kind }) =>
      kind === 'entry-point' || isBuiltin(path)
        ? undefined
        : { path: import.meta.resolve(path), external: true },
    )
  },
}

/**
 * The exports of a TypeScript file of the project in `root`, as it is now: what was loaded before is
 * not asked again. Rejects with what the file or esbuild throws.
 */
export const loadTypeScript = async (
  root: string,
  file: string,
): Promise<Readonly<Record<string, unknown>>> => {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [file],
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    write: false,
    logLevel: 'silent',
    plugins: [ownPackages],
  })
  const source = Buffer.from(outputFiles[0]?.contents ?? []).toString('base64')
  return (await import(`data:text/javascript;base64,${source}`)) as Record<string, unknown>
}
