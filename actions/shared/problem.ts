/** What is wrong with what somebody wrote: a settings file, a variable, a bundle, a text. */
export interface Problem {
  /**
   * In settings from the settings object down, e.g. `mappings[2].target`. Elsewhere the file or the
   * variable, with a place in it behind a colon: `actions/add-claims/settings.ts: claims[0].from`.
   */
  readonly path: string
  /** What is wrong and what to do, as the rest of a sentence that begins with the path. */
  readonly message: string
  /** The kind of mistake in snake_case; it never changes once it is released. */
  readonly code: string
  /** The build says it and goes on. */
  readonly isWarning?: true
}

/** A value, or every reason why there is none. */
export type Result<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly problems: readonly Problem[] }

/** A problem at `path` when `message` says one. */
export const problemAt = (
  path: string,
  message: string | undefined,
  code = 'setting_invalid',
): Problem[] => (message === undefined ? [] : [{ path, message, code }])

/** `path` with one more step: `documents[0]`, `defaults.mode`, `lookups["a.b"]`. */
export const memberPath = (path: string, key: unknown): string => {
  if (typeof key === 'number') return `${path}[${key}]`
  const name = String(key)
  if (!/^[A-Za-z_$][\w$]*$/.test(name)) return `${path}[${JSON.stringify(name)}]`
  return path === '' ? name : `${path}.${name}`
}
