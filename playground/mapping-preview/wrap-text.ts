/**
 * Breaks each line to a width: after a space or a sign that separates parts of names and URIs,
 * or, where there is none, in the middle.
 */
export const wrapText = (text: string, width: number): string =>
  text
    .split('\n')
    .flatMap((line) => wrapLine(line, width))
    .join('\n')

const wrapLine = (line: string, width: number): string[] => {
  const lines: string[] = []
  let current = ''
  for (const part of line.split(/(?<=[\s/.,:_-])/)) {
    if (current !== '' && (current + part).trimEnd().length > width) {
      lines.push(current)
      current = ''
    }
    current += part
    while (current.trimEnd().length > width) {
      lines.push(current.slice(0, width))
      current = current.slice(width)
    }
  }
  return [...lines, current].map((wrapped) => wrapped.trimEnd())
}
