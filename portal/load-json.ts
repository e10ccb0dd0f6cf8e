import { readFileSync } from 'node:fs'
import type { Result } from '../actions/shared/problem.ts'

/** What a JSON file holds. The path of a problem is empty, because the caller knows the file. */
export const loadJson = (file: string): Result<unknown> => {
  try {
    return { ok: true, value: JSON.parse(readFileSync(file, 'utf8')) }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const problem =
      code === 'ENOENT'
        ? { message: 'is missing', code: 'file_missing' }
        : { message: `cannot be read: ${code ?? 'it is not JSON'}`, code: 'file_unreadable' }
    return { ok: false, problems: [{ path: '', ...problem }] }
  }
}
