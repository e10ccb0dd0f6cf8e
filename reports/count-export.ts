import type { EnforceTermsSettings } from '../actions/enforce-terms/schema.ts'
import { createAnswerCounter, type AnswerCounts } from './count-answers.ts'
import { errorCode } from './error-code.ts'
import { parseUser, type LineProblem } from './parse-user.ts'
import { readExport } from './read-export.ts'
import { createLineSplitter, type Line } from './split-lines.ts'

export interface TermsReport {
  readonly answers: AnswerCounts
  readonly malformed: {
    readonly count: number
    /** The first `MAX_LISTED_LINES`. */
    readonly listed: readonly { readonly line: number; readonly problem: LineProblem }[]
  }
  /** Why reading ended before the end, e.g. `Z_BUF_ERROR` or `EIO`. */
  readonly cutShort: string | undefined
}

export const MAX_LISTED_LINES = 20

export interface ExportProgress {
  /** Of the file as it is, packed or not. */
  readonly bytes: number
  readonly users: number
}

/**
 * Reads a user export once, from the front to the back, with one line in memory. Nothing in it can
 * make it fail; where the file breaks off, what was read until then is counted.
 */
export const countExport = async (
  source: AsyncIterable<Buffer>,
  documents: EnforceTermsSettings['documents'],
  showProgress: (progress: ExportProgress) => void = () => undefined,
): Promise<TermsReport> => {
  const primary = documents.find(({ required }) => required)?.id
  const counter = createAnswerCounter(documents)
  const splitter = createLineSplitter()
  const listed: { line: number; problem: LineProblem }[] = []
  let malformed = 0
  let users = 0
  let cutShort: string | undefined

  const count = ({ number, bytes }: Line): void => {
    const parsed = parseUser(bytes, primary)
    if (parsed.kind === 'user') {
      users += 1
      counter.add(parsed.user)
    } else if (parsed.kind === 'malformed') {
      malformed += 1
      if (listed.length < MAX_LISTED_LINES) listed.push({ line: number, problem: parsed.problem })
    }
  }

  let bytes = 0
  const watched = (async function* () {
    for await (const chunk of source) {
      bytes += chunk.length
      yield chunk
      showProgress({ bytes, users })
    }
  })()
  try {
    for await (const chunk of readExport(watched)) {
      for (const line of splitter.push(chunk)) count(line)
    }
    for (const line of splitter.end()) count(line)
  } catch (error) {
    // The line in which the file broke off is not a malformed one.
    cutShort = errorCode(error)
    if (cutShort === undefined) throw error
  }
  return { answers: counter.result(), malformed: { count: malformed, listed }, cutShort }
}
