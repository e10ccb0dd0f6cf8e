/**
 * Markdown whose structure is ours alone: what `mdLine` is given as a string becomes text and nothing
 * else, so that only a template in this repository can open a table, a link or an element.
 */
import { forTerminal, oneLine } from '../cli/safe-text.ts'

export class Markdown {
  readonly source: string

  constructor(source: string) {
    this.source = source
  }
}

/**
 * Takes the template as Markdown, and each string put into it as plain text of one line. Not called
 * `md`, because Prettier would then format the template and break a table apart.
 */
export const mdLine = (
  template: TemplateStringsArray,
  ...values: readonly (string | number | Markdown)[]
): Markdown =>
  new Markdown(
    template.raw.reduce((source, part, index) => source + sourceOf(values[index - 1] ?? '') + part),
  )

/** As code within a line, in a table too. */
export const code = (text: string): Markdown => {
  const line = oneLine(text)
  return new Markdown(
    /^[\w.:/-]+$/.test(line)
      ? `\`${line}\``
      : `<code>${line.replaceAll(/[^\p{L}\p{N} -]/gu, entity)}</code>`,
  )
}

/** A block of code behind a fence that is longer than any in it. */
export const fence = (language: string, text: string): Markdown => {
  const longest = Math.max(2, ...Array.from(text.matchAll(/`+/g), ([ticks]) => ticks.length))
  const ticks = '`'.repeat(longest + 1)
  return new Markdown(`${ticks}${language}\n${forTerminal(text.trimEnd())}\n${ticks}`)
}

export const join = (parts: readonly Markdown[], separator: string): Markdown =>
  new Markdown(parts.map(({ source }) => source).join(separator))

const sourceOf = (value: string | number | Markdown): string =>
  value instanceof Markdown ? value.source : escapeText(String(value))

/** As entities, which stand for a character and never for structure. */
const escapeText = (text: string): string =>
  oneLine(text)
    .replaceAll(/[\\`*_{}[\]<>#|~&$@]/g, entity)
    .replaceAll(/:(?=\/\/)|(?<=\bwww)\./gi, entity)
    // At an end of a line these would make a list, a block of code or a paragraph.
    .replaceAll(/^[=+-]|(?<=^\d+)[.)]|[^\S ]|^ | $/g, entity)

const entity = (character: string): string => `&#${character.codePointAt(0) ?? 0};`
