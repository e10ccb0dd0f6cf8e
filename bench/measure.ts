export const medianOf = (values: readonly number[]): number =>
  values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN

export interface Effort {
  /** Measured in each round, after as many calls that only warm up. */
  calls: number
  rounds: number
}

/**
 * Microseconds that one call takes: the median of several rounds. CPU time is that of the whole
 * process and does not mind what else the machine does; what waits for threads is better timed.
 */
export const measureMicroseconds = async (
  run: () => unknown,
  { calls, rounds }: Effort,
  clock: () => number = cpuMicroseconds,
): Promise<number> => {
  const times: number[] = []
  for (let round = 0; round <= rounds; round += 1) {
    const since = clock()
    for (let call = 0; call < calls; call += 1) await run()
    if (round > 0) times.push((clock() - since) / calls)
  }
  return medianOf(times)
}

const cpuMicroseconds = (): number => {
  const { user, system } = process.cpuUsage()
  return user + system
}

export const wallMicroseconds = (): number => performance.now() * 1000
