import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { DeployFailure } from './failure.ts'

/**
 * Reads `environments/<name>.env`, which git ignores. In CI there is no such file and the variables
 * come from the process: then only the example has to be there, so that a wrong name is noticed.
 */
export const readEnvironment = (root: string, name: string): Record<string, string> => {
  const folder = join(root, 'environments')
  const file = join(folder, `${name}.env`)
  const names = existsSync(folder)
    ? readdirSync(folder).flatMap((entry) => /^([\w-]+)\.env\.example$/.exec(entry)?.[1] ?? [])
    : []
  if (!/^[\w-]+$/.test(name) || !(names.includes(name) || existsSync(file))) {
    throw new DeployFailure(
      'arguments_wrong',
      `--env ${name}: there is no such environment; environments/ has ${names.join(', ') || 'none'}`,
    )
  }
  if (!existsSync(file)) return {}
  return Object.fromEntries(
    Object.entries(parseEnv(readFileSync(file, 'utf8'))).flatMap(([key, value]) =>
      value === undefined ? [] : [[key, value]],
    ),
  )
}
