import type { Problem } from '../actions/shared/problem.ts'

/** Puts the file before the path of each problem. */
export const inFile = (file: string, problems: readonly Problem[]): Problem[] =>
  problems.map((problem) => ({
    ...problem,
    path: problem.path === '' ? file : `${file}: ${problem.path}`,
  }))

export const renderProblem = ({ path, message, code }: Problem): string =>
  `${path} ${message} [${code}]`

/** One line for each; every command lists problems like this. */
export const renderProblems = (problems: readonly Problem[]): string =>
  problems.map((problem) => `  ${renderProblem(problem)}`).join('\n')
