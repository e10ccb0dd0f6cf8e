import { withProgress } from './progress.ts'
import { forTerminal, oneLine } from './safe-text.ts'
import { runDeployCli, type DeployCliRun } from './run-deploy-cli.ts'

/**
 * Runs the Deploy CLI with a progress display. Throws with the end of what it printed when it
 * failed.
 */
export const importTenant = async (
  text: string,
  run: Pick<DeployCliRun, 'inputFile' | 'env'>,
): Promise<void> => {
  await withProgress(text, async (showDetail) => {
    const { exitCode, output } = await runDeployCli({
      ...run,
      onLine: (line) => showDetail(forTerminal(oneLine(line))),
    })
    if (exitCode !== 0) {
      const end = forTerminal(output.split('\n').slice(-15).join('\n'))
      throw new Error(`The Deploy CLI failed (exit code ${exitCode}):\n${end}`)
    }
  })
}
