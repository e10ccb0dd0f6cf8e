import type { BuildFailure } from 'esbuild'

/** One reason why the build is refused. */
export interface Problem {
  /** Relative to the project, with `:line` where esbuild knows it. */
  file: string
  reason: string
}

/** An error of esbuild, with its line, or what code threw while it was loaded. */
export const problemOf = (error: unknown, file: string): Problem => {
  const [first] = (error as Partial<BuildFailure> | undefined)?.errors ?? []
  if (first === undefined) {
    const message = error instanceof Error ? error.message : String(error)
    return { file, reason: `fails to load: ${message}` }
  }
  const at = first.location ? `${first.location.file}:${first.location.line}` : file
  return { file: at, reason: first.text }
}
