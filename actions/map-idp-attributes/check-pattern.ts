/**
 * Proves that a regular expression takes time in proportion to the text, or refuses it. Runs in the
 * build, never in Auth0.
 *
 * A backtracking matcher is slow when it can share one stretch of text between repeats in many
 * ways. So a repeat may hold no repeat and no alternative, and at most one unbounded repeat of the
 * pattern may overlap with what follows it; a pattern without `^` has that one already, because
 * the search may begin anywhere. What follows that one repeat must not run over the places where
 * it could begin again. Harmless patterns are refused too where a proof would need more than this.
 */

/** Says in words why a pattern may not be used, or `undefined` when it is fast. */
export const patternProblem = (pattern: string, ignoreCase = false): string | undefined => {
  try {
    new RegExp(pattern)
    return slownessOf(new PatternParser(pattern, ignoreCase ? 'i' : '').parse())
  } catch (error) {
    return error instanceof Error ? error.message : 'cannot be read'
  }
}

/** One bit for each UTF-16 unit. */
type Units = Uint8Array

interface Repeat {
  readonly kind: 'repeat'
  readonly min: number
  readonly max: number
  readonly item: Node
  readonly source: string
}

type Node =
  | { readonly kind: 'unit'; readonly units: Units }
  | { readonly kind: 'assertion'; readonly isStart: boolean }
  | { readonly kind: 'sequence'; readonly nodes: readonly Node[] }
  | { readonly kind: 'choice'; readonly branches: readonly Node[] }
  | Repeat

/** Largest count in braces, and most ways in which bounded parts may match one text. */
const MAX_COUNT = 64
const MAX_WAYS = 64

const refuse = (reason: string): never => {
  throw new Error(reason)
}

class PatternParser {
  #at = 0
  readonly #pattern: string
  readonly #flags: string

  constructor(pattern: string, flags: string) {
    this.#pattern = pattern
    this.#flags = flags
  }

  parse(): Node {
    return this.#choice()
  }

  #choice(): Node {
    const branches = [this.#sequence()]
    while (this.#take('|')) branches.push(this.#sequence())
    const [only] = branches
    return branches.length === 1 && only !== undefined ? only : { kind: 'choice', branches }
  }

  #sequence(): Node {
    const nodes: Node[] = []
    while (this.#at < this.#pattern.length && !/[|)]/.test(this.#peek())) {
      const start = this.#at
      const atom = this.#atom()
      const counts = this.#counts()
      nodes.push(
        counts === undefined
          ? atom
          : { kind: 'repeat', ...counts, item: atom, source: this.#pattern.slice(start, this.#at) },
      )
    }
    return { kind: 'sequence', nodes }
  }

  #atom(): Node {
    const start = this.#at
    if (this.#take('^')) return { kind: 'assertion', isStart: true }
    if (this.#take('$') || this.#match(/\\[bB]/y)) return { kind: 'assertion', isStart: false }
    if (this.#match(/\((?!\?)|\(\?:|\(\?<(?![=!])[^>]*>/y)) {
      const group = this.#choice()
      this.#take(')')
      return group
    }
    if (this.#peek() === '(') refuse('looks ahead or behind, or sets flags; leave that out')
    if (this.#match(/\\[1-9k]/y))
      refuse('refers back to a group, which may be slow; leave that out')
    const isUnit = this.#match(
      /\[(?:\\[^]|[^\]\\])*\]|\\x[\da-f]{2}|\\u[\da-f]{4}|\\c[a-z]|\\[^xucpP]|[^\\{}\][*+?]/iy,
    )
    if (!isUnit) refuse(`holds "${this.#peek()}" where it needs a backslash before it`)
    return { kind: 'unit', units: unitsOf(this.#pattern.slice(start, this.#at), this.#flags) }
  }

  #counts(): { min: number; max: number } | undefined {
    const counts = this.#match(/[*+?]|\{(\d+)(,?)(\d*)\}/y)
    if (counts === undefined) return undefined
    this.#take('?')
    const [all, least = '0', comma, most] = counts
    if (all === '*') return { min: 0, max: Infinity }
    if (all === '+') return { min: 1, max: Infinity }
    if (all === '?') return { min: 0, max: 1 }
    const min = Number(least)
    const max = comma === '' ? min : most === '' ? Infinity : Number(most)
    if (min > MAX_COUNT || (max > MAX_COUNT && max !== Infinity)) {
      refuse(`counts further than ${MAX_COUNT}`)
    }
    return { min, max }
  }

  #peek(): string {
    return this.#pattern.charAt(this.#at)
  }

  #take(text: string): boolean {
    const isThere = this.#pattern.startsWith(text, this.#at)
    if (isThere) this.#at += text.length
    return isThere
  }

  #match(expression: RegExp): RegExpExecArray | undefined {
    expression.lastIndex = this.#at
    const match = expression.exec(this.#pattern)
    if (match === null) return undefined
    this.#at += match[0].length
    return match
  }
}

const UNITS = 0x10000

/** Classes recur in patterns, and each takes a test of every unit. */
const known = new Map<string, Units>()

const unitsOf = (source: string, flags: string): Units => {
  const name = `${flags}/${source}`
  const before = known.get(name)
  if (before !== undefined) return before
  const expression = new RegExp(`^(?:${source})$`, flags)
  const units = new Uint8Array(UNITS)
  for (let unit = 0; unit < UNITS; unit += 1) {
    if (expression.test(String.fromCharCode(unit))) units[unit] = 1
  }
  known.set(name, units)
  return units
}

const union = (sets: readonly Units[]): Units => {
  const [only] = sets
  if (sets.length === 1 && only !== undefined) return only
  const units = new Uint8Array(UNITS)
  for (const set of sets) {
    for (let unit = 0; unit < UNITS; unit += 1) {
      if (set[unit] === 1) units[unit] = 1
    }
  }
  return units
}

const overlap = (left: Units, right: Units): boolean => {
  for (let unit = 0; unit < UNITS; unit += 1) {
    if (left[unit] === 1 && right[unit] === 1) return true
  }
  return false
}

/** What a node, or the pattern's end after it, may begin with. */
interface Begin {
  readonly units: Units
  readonly mayBeEmpty: boolean
}

const NOTHING: Begin = { units: /* @__PURE__ */ new Uint8Array(UNITS), mayBeEmpty: true }

const beginOf = (node: Node): Begin => {
  switch (node.kind) {
    case 'unit':
      return { units: node.units, mayBeEmpty: false }
    case 'assertion':
      return NOTHING
    case 'repeat': {
      const { units, mayBeEmpty } = beginOf(node.item)
      return { units, mayBeEmpty: mayBeEmpty || node.min === 0 }
    }
    case 'choice': {
      const begins = node.branches.map(beginOf)
      return {
        units: union(begins.map(({ units }) => units)),
        mayBeEmpty: begins.some(({ mayBeEmpty }) => mayBeEmpty),
      }
    }
    case 'sequence':
      return node.nodes.reduceRight<Begin>(
        (after, item) => followedBy(beginOf(item), after),
        NOTHING,
      )
  }
}

const followedBy = (begin: Begin, after: Begin): Begin =>
  begin.mayBeEmpty
    ? { units: union([begin.units, after.units]), mayBeEmpty: after.mayBeEmpty }
    : begin

/** Each unbounded repeat with what follows it, in the order of the pattern. */
interface Loop {
  readonly source: string
  /** What it may begin with again, and all that it may run over. */
  readonly begin: Units
  readonly units: Units
  readonly after: Begin
  /** Nothing follows that could fail, so the matcher never returns to it. */
  readonly isLast: boolean
}

const slownessOf = (pattern: Node): string | undefined => {
  const loops: Loop[] = []
  let ways = 1
  const visit = (node: Node, after: Begin, isLast: boolean): void => {
    if (node.kind === 'sequence') {
      let follow = after
      let isEnd = isLast
      for (const item of node.nodes.toReversed()) {
        visit(item, follow, isEnd)
        follow = followedBy(beginOf(item), follow)
        isEnd = false
      }
    } else if (node.kind === 'choice') {
      ways *= node.branches.length
      for (const branch of node.branches.toReversed()) visit(branch, after, isLast)
    } else if (node.kind === 'repeat' && node.max <= 1) {
      ways *= 2
      visit(node.item, after, isLast)
    } else if (node.kind === 'repeat') {
      const units = unitsOfRun(node.item)
      const begin = beginOf(node.item).units
      if (node.max === Infinity) {
        loops.unshift({ source: node.source, begin, units, after, isLast })
      } else if (overlap(begin, after.units)) ways *= node.max - node.min + 1
    }
  }
  visit(pattern, NOTHING, true)
  if (ways > MAX_WAYS) return 'has too many optional parts and alternatives; use fewer'

  const isOpen = ({ begin, after }: Loop) => overlap(begin, after.units)
  const open = loops.filter(isOpen)
  const isAnchored = beginsAnchored(pattern)
  const [first] = open
  if (open.length > 1 || (first !== undefined && !isAnchored)) {
    return slow(first?.source, isAnchored)
  }
  const searched = isAnchored ? first?.after : beginOf(pattern)
  const rest = first === undefined ? loops : loops.slice(loops.indexOf(first) + 1)
  const runs = rest.find(
    ({ isLast, units }) => searched !== undefined && !isLast && overlap(units, searched.units),
  )
  return runs && slow(runs.source, isAnchored)
}

const slow = (source = '', isAnchored: boolean): string =>
  `may be slow on a long text, because of ${source}: ${isAnchored ? '' : 'begin it with ^, or '}` +
  'repeat a class that excludes what comes next, such as [^,]+ before a comma'

/** All that one round of a repeat runs over; one that could be divided differently is refused. */
const unitsOfRun = (item: Node): Units => {
  if (item.kind === 'unit') return item.units
  if (item.kind === 'sequence') return union(item.nodes.map(unitsOfRun))
  return refuse('repeats a group that holds a repeat, an alternative or an anchor; write it flat')
}

const beginsAnchored = (node: Node): boolean => {
  if (node.kind === 'assertion') return node.isStart
  if (node.kind === 'choice') return node.branches.every(beginsAnchored)
  if (node.kind === 'sequence') return node.nodes[0] !== undefined && beginsAnchored(node.nodes[0])
  return false
}
