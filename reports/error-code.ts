/** The code of an error of Node, e.g. `ENOENT`; `undefined` for any other error. */
export const errorCode = (error: unknown): string | undefined => {
  const { code } = Object(error) as { code?: unknown }
  return typeof code === 'string' ? code : undefined
}
