import type { BuildFailure } from 'esbuild'

/** One reason why the build is refused. */
export interface Problem {
  /** Relative to the project, with `:line` where esbuild knows it. */
  file: string
  reason: string
}

/** An error of esbuild, with its line, or what code threw while it was loaded. */
export const problemOf = (error: unknown, file: string): Problem => {
  // No `instanceof`: code that is loaded in a context of its own has an Error of its own.
  const { errors = [], message } = Object(error) as Partial<BuildFailure>
  const [first] = errors
  if (first === undefined) {
    return { file, reason: `fails to load: ${message ?? String(error)}` }
  }
  const at = first.location ? `${first.location.file}:${first.location.line}` : file
  return { file: at, reason: first.text }
}
