import { parseArgs } from 'node:util'

export interface StartOptions {
  reset: boolean
  /** Of the tenant; demo application, portal and customer service take the next three. */
  port: number
}

const DEFAULT_PORT = 4401

const USAGE = `npm start [-- --reset] [-- --port NUMBER]
  --reset         begin again: forget users, sessions, Actions, secrets and the certificate
  --port NUMBER   port of the tenant; demo application, portal and customer
                  service take the next three (default ${DEFAULT_PORT})`

/** Reads the command line. Throws what is wrong with it, and the usage. */
export const parseStartOptions = (argv: readonly string[]): StartOptions => {
  let values
  try {
    const reset = { type: 'boolean', default: false } as const
    values = parseArgs({ args: [...argv], options: { reset, port: { type: 'string' } } }).values
  } catch (error) {
    throw new Error(`${(error as Error).message}\n\n${USAGE}`)
  }
  const port = Number(values.port ?? DEFAULT_PORT)
  if (!Number.isInteger(port) || port < 1024 || port > 65532) {
    throw new Error(`--port takes a number from 1024 to 65532\n\n${USAGE}`)
  }
  return { reset: values.reset, port }
}
