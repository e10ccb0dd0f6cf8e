/**
 * Makes text that others wrote safe to show: names, code and answers of a tenant, lines of the
 * Deploy CLI. Nothing in it can steer a terminal, give a command to a CI or hide in a line.
 */

/** Controls, bidi and other invisible characters, line separators, halves of a surrogate pair. */
const INVISIBLE = /(?![\n\t])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu

/** `::` after white space is a command of GitHub; `##[`, `##vso[` and the like are one anywhere. */
const LINE_COMMAND = /^(\s*):(?=:)/gm
const INLINE_COMMAND = /##(?=\w*\[)/g

/**
 * For a terminal or a log. Keeps line feeds and tabs; shows what cannot be seen as `\u001b`, and
 * puts a space into what a CI would take as a command.
 */
export const forTerminal = (text: string): string =>
  text
    .replaceAll(INVISIBLE, escapeUnits)
    .replaceAll(LINE_COMMAND, '$1: ')
    .replaceAll(INLINE_COMMAND, '# #')

/** The same within one line: line feeds and tabs are shown as well. */
export const oneLine = (text: string): string =>
  text.replaceAll(INVISIBLE, escapeUnits).replaceAll(/[\n\t]/g, escapeUnits)

/** JSON that `forTerminal` leaves as it is: the same value, with all that is unsafe escaped. */
export const safeJson = (value: unknown): string =>
  JSON.stringify(value, null, 2)
    .replaceAll(INVISIBLE, escapeUnits)
    .replaceAll(INLINE_COMMAND, '\\u0023#')

/** A copy of plain data in which every string is one line, but for those under the keys `except`. */
export const oneLineStrings = <Data>(data: Data, except: readonly string[] = []): Data => {
  const copy = (value: unknown): unknown => {
    if (typeof value === 'string') return oneLine(value)
    if (Array.isArray(value)) return value.map(copy)
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(
      Object.entries(value).map(([key, member]) => [
        key,
        except.includes(key) ? member : copy(member),
      ]),
    )
  }
  return copy(data) as Data
}

const escapeUnits = (character: string): string =>
  Array.from(
    { length: character.length },
    (_, index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`,
  ).join('')
