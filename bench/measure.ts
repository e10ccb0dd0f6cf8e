export const medianOf = (values: readonly number[]): number =>
  values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN

export interface Effort {
  /** Measured in each round, after as many calls that only warm up. */
  calls: number
  rounds: number
}

/**
 * Microseconds of CPU that one call takes: the median of several rounds. It is the time of the whole
 * process with its threads, and does not mind what else the machine does.
 */
export const measureMicroseconds = async (
  run: () => unknown,
  { calls, rounds }: Effort,
): Promise<number> => {
  const times: number[] = []
  for (let round = 0; round <= rounds; round += 1) {
    const since = cpuMicroseconds()
    for (let call = 0; call < calls; call += 1) await run()
    if (round > 0) times.push((cpuMicroseconds() - since) / calls)
  }
  return medianOf(times)
}

/** What this process has used so far. */
export const cpuMicroseconds = (): number => {
  const { user, system } = process.cpuUsage()
  return user + system
}
