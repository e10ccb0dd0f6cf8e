import { isObject } from '../json.ts'

/** The parameters of a request, from a query, a form or a JSON body. */
export interface Parameters {
  readonly values: Readonly<Record<string, string | undefined>>
  /** Names sent twice, or with a value that is not a string: RFC 6749 §3.1 forbids both. */
  readonly malformed: readonly string[]
}

/** A parameter without a value counts as not sent (RFC 6749 §3.1). */
export const parseParameters = (raw: unknown): Parameters => {
  const values: Record<string, string> = Object.create(null) as Record<string, string>
  const malformed: string[] = []
  for (const [name, value] of Object.entries(isObject(raw) ? raw : {})) {
    if (typeof value !== 'string') malformed.push(name)
    else if (value !== '') values[name] = value
  }
  return { values, malformed }
}

/** The words of a space-separated parameter, each once. */
export const readWords = (value: string | undefined): string[] => [
  ...new Set((value ?? '').split(' ').filter((word) => word !== '')),
]
