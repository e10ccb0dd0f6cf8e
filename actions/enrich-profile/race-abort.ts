/** The result of `work`, or a rejection as soon as `signal` aborts, whether `work` listens or not. */
export const raceAbort = <Result>(
  work: () => Promise<Result>,
  signal: AbortSignal,
): Promise<Result> =>
  new Promise((resolve, reject) => {
    const giveUp = (): void => {
      reject(new Error('out of time'))
    }
    if (signal.aborted) {
      giveUp()
      return
    }
    signal.addEventListener('abort', giveUp, { once: true })
    work().then(resolve, reject)
  })
