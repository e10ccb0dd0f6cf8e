import type { BuildFailure } from 'esbuild'
import type { Problem } from '../actions/shared/problem.ts'

/** An error of esbuild, with its line, or what code threw while it was loaded. */
export const loadProblem = (error: unknown, file: string): Problem => {
  // No `instanceof`: code that runs in a context of its own has its own Error.
  const { errors = [], message } = Object(error) as Partial<BuildFailure>
  const [first] = errors
  const code = 'code_invalid'
  if (first === undefined) {
    return { path: file, message: `fails to load: ${message ?? String(error)}`, code }
  }
  const at = first.location ? `${first.location.file}:${first.location.line}` : file
  return { path: at, message: `does not compile: ${first.text}`, code }
}

export const missingFile = (file: string): Problem => ({
  path: file,
  message: 'is missing',
  code: 'file_missing',
})
