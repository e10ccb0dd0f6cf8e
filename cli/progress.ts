import ora from 'ora'

/**
 * Shows `text` while `work` goes on: a spinner with the seconds and the newest detail on a
 * terminal, one line at the start and one at the end elsewhere.
 */
export const withProgress = async <Result>(
  text: string,
  work: (showDetail: (detail: string) => void) => Promise<Result>,
): Promise<Result> => {
  // A terminal that says it has no columns makes the spinner clear lines for ever.
  const hasNoWidth = process.stderr.columns === 0
  const spinner = ora({ text, ...(hasNoWidth && { isEnabled: false }) }).start()
  const startedAt = performance.now()
  const seconds = (): string => `${Math.round((performance.now() - startedAt) / 1000)} s`
  let detail = ''
  const timer = setInterval(() => {
    spinner.text = `${text} (${seconds()}) ${detail}`.trimEnd()
  }, 500)
  try {
    const result = await work((newest) => {
      detail = newest
    })
    spinner.succeed(`${text} (${seconds()})`)
    return result
  } catch (error) {
    spinner.fail(`${text} (${seconds()})`)
    throw error
  } finally {
    clearInterval(timer)
  }
}
