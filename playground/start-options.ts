import { argumentsWrong, readArguments } from '../cli/read-arguments.ts'

export interface StartOptions {
  reset: boolean
  /** Of the tenant; demo application, portal and customer service take the next three. */
  port: number
}

const DEFAULT_PORT = 4401

const USAGE = `npm start [-- --reset] [-- --port NUMBER]
  --reset         begin again: forget users, sessions, Actions, secrets and the
                  certificate
  --port NUMBER   port of the tenant; demo application, portal and customer
                  service take the next three (default ${DEFAULT_PORT})`

export const parseStartOptions = (args: readonly string[]): StartOptions => {
  const values = readArguments(args, USAGE, {
    reset: { type: 'boolean', default: false },
    port: { type: 'string', default: String(DEFAULT_PORT) },
  })
  const port = Number(values.port)
  if (!Number.isInteger(port) || port < 1024 || port > 65532) {
    throw argumentsWrong('--port takes a number from 1024 to 65532.', USAGE)
  }
  return { reset: values.reset, port }
}
