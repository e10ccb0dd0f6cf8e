import { build, type Plugin } from 'esbuild'
import { ACTION_OPTIONS } from '../../build/bundle-action.ts'

const root = new URL('../..', import.meta.url).pathname

/** Bundles a file as the build does the Actions. */
export const bundleFile = async (file: string, plugins: Plugin[] = []): Promise<string> => {
  const { outputFiles } = await build({
    ...ACTION_OPTIONS,
    absWorkingDir: root,
    entryPoints: [file],
    plugins,
  })
  const [output] = outputFiles
  if (output === undefined) throw new Error(`${file} gave no bundle`)
  return output.text
}

/** What the bundles of `bundleWithSettings` require to get their settings. */
export const SETTINGS_MODULE = 'settings-of-the-run'

/** An Action whose settings are not bundled but asked for when it is loaded. */
export const bundleWithSettings = (action: string): Promise<string> =>
  bundleFile(`actions/${action}/action.ts`, [
    {
      name: 'settings-of-the-run',
      setup: (plugin) => {
        plugin.onResolve({ filter: /^\.\/settings\.ts$/ }, ({ importer }) =>
          importer.includes(`/actions/${action}/`)
            ? { path: SETTINGS_MODULE, external: true }
            : undefined,
        )
      },
    },
  ])
