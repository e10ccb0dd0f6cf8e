import { parsePattern, type Node } from '../../actions/shared/check-pattern.ts'

/** How a search went: where the first match begins, and how often a character was tested. */
export interface CountedSearch {
  readonly index: number
  readonly steps: number
}

/**
 * Replaces each match as a backtracking matcher does, and counts. It works on what the build read
 * the pattern as, so that a wrong reading gives another result than the engine's.
 */
export const countSteps = (pattern: string, flags: string, text: string): CountedSearch => {
  const parsed = parsePattern(pattern, flags)
  const characters = Array.from(text)
  let steps = 0

  const matchAt = (node: Node, at: number, then: (end: number) => boolean): boolean => {
    switch (node.kind) {
      case 'point': {
        steps += 1
        const point = characters[at]?.codePointAt(0) ?? -1
        const isIn = node.points.some(([first, last]) => first <= point && point <= last)
        return isIn && then(at + 1)
      }
      case 'assertion':
        steps += 1
        return holds(node.source, at) && then(at)
      case 'choice':
        return node.branches.some((branch) => matchAt(branch, at, then))
      case 'sequence':
        return matchAll(node.nodes, at, then)
      case 'repeat': {
        const round = (from: number, count: number): boolean =>
          (count < node.max &&
            matchAt(node.item, from, (end) => end > from && round(end, count + 1))) ||
          (count >= node.min && then(from))
        return round(at, 0)
      }
    }
  }
  const matchAll = (
    nodes: readonly Node[],
    at: number,
    then: (end: number) => boolean,
  ): boolean => {
    const [node, ...rest] = nodes
    return node === undefined ? then(at) : matchAt(node, at, (end) => matchAll(rest, end, then))
  }
  const isWord = (at: number): boolean => /^\w$/.test(characters[at] ?? '')
  const holds = (source: string, at: number): boolean => {
    if (source === '^') return at === 0
    if (source === '$') return at === characters.length
    return (isWord(at - 1) !== isWord(at)) === (source === '\\b')
  }

  let index = -1
  for (let start = 0; start <= characters.length;) {
    let end = -1
    matchAt(parsed, start, (at) => {
      end = at
      return true
    })
    if (end >= 0 && index < 0) index = characters.slice(0, start).join('').length
    start = Math.max(start + 1, end)
  }
  return { index, steps }
}
