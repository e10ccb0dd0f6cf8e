/**
 * Proves that a regular expression takes few steps for the largest attribute that is read, or
 * refuses it. Runs in the build, never in Auth0.
 *
 * A backtracking matcher is slow when it can share one stretch of a string between repeats in many
 * ways. So a repeat may hold no repeat and no alternative, and at most one unbounded repeat of the
 * pattern may overlap with what follows it; a pattern without `^` has that one already, because
 * the search may begin anywhere. What follows that one repeat must not run over the places where
 * it could begin again. Then the steps grow with the string, and no faster; the rest is counting:
 * every part costs its steps as often as the parts before it can end differently. Harmless patterns
 * are refused too where a proof would need more than this.
 */
import { MAX_MATCHED_LENGTH } from './when.ts'
import { MAX_INPUT_ELEMENTS, MAX_INPUT_LENGTH } from './strings.ts'

/**
 * Most steps of one pattern for the largest attribute, and of all patterns together. A step is one
 * test of one character. V8 takes 4 to 10 ns for one, Auth0 ends an Action after 20 s.
 */
export const MAX_PATTERN_STEPS = 100_000_000
export const MAX_STEPS = 500_000_000

/** The steps that a pattern takes at most, or says in words why it may not be used. */
export type PatternCost = { readonly steps: number } | { readonly problem: string }

export const patternCost = (pattern: string, ignoreCase = false): PatternCost => {
  try {
    const parsed = parsePattern(pattern, ignoreCase ? 'iu' : 'u')
    const plan = planOf(parsed)
    if ('problem' in plan) return plan
    const steps = stepsForLargest((length) => stepsOfSearch(parsed, plan, length))
    if (steps <= MAX_PATTERN_STEPS) return { steps }
    return {
      problem: `may take ${inWords(steps)} steps for an attribute of ${inWords(MAX_INPUT_LENGTH)} characters, and ${inWords(MAX_PATTERN_STEPS)} are allowed: use fewer counts, optional parts and alternatives, or begin it with ^`,
    }
  } catch (error) {
    if (error instanceof Refusal) return { problem: error.message }
    throw error
  }
}

export const inWords = (count: number): string =>
  count.toLocaleString('en-US', { maximumSignificantDigits: 2 })

/** Steps for an attribute as large as it may be, cut into strings as unlucky as it may be. */
const stepsForLargest = (stepsFor: (length: number) => number): number => {
  // Shorter strings cannot fill an attribute, because it has only so many elements.
  const shortest = MAX_INPUT_LENGTH / MAX_INPUT_ELEMENTS
  let perCharacter = 0
  for (let length = shortest; length <= MAX_MATCHED_LENGTH; length += 1) {
    perCharacter = Math.max(perCharacter, stepsFor(length) / length)
  }
  return MAX_INPUT_ELEMENTS * stepsFor(shortest) + MAX_INPUT_LENGTH * perCharacter
}

class Refusal extends Error {}

const refuse = (reason: string): never => {
  throw new Refusal(reason)
}

/** Ranges of code points. */
type Points = readonly (readonly [first: number, last: number])[]

export interface Repeat {
  readonly kind: 'repeat'
  readonly min: number
  readonly max: number
  readonly item: Node
  readonly source: string
}

export type Node =
  | { readonly kind: 'point'; readonly points: Points }
  | { readonly kind: 'assertion'; readonly source: string }
  | { readonly kind: 'sequence'; readonly nodes: readonly Node[] }
  | { readonly kind: 'choice'; readonly branches: readonly Node[] }
  | Repeat

/** Largest count in braces. */
const MAX_COUNT = 64

/** Throws what `patternCost` says in words. */
export const parsePattern = (pattern: string, flags: string): Node => {
  try {
    new RegExp(pattern, flags)
  } catch (error) {
    const [, reason = 'cannot be read'] = /: ([^:]*)$/.exec(String(error)) ?? []
    refuse(
      `is no regular expression with Unicode (${reason}): a backslash stands only before one of ^ $ \\ . * + ? ( ) [ ] { } | /, each of them alone needs one, and a - in a class comes last`,
    )
  }
  return new PatternParser(pattern, flags).parse()
}

/** One character, however it is written. */
const POINT =
  /\[(?:\\[^]|[^\]\\])*\]|\\x[\da-f]{2}|\\u\{[\da-f]+\}|\\u[\da-f]{4}(?:(?<=\\ud[89ab]..)\\ud[c-f]..)?|\\c[a-z]|\\p\{[^}]*\}|\\[^]|[^\\{}\][*+?]/iuy

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
    const [assertion] = this.#match(/[$^]|\\[bB]/y) ?? []
    if (assertion !== undefined) return { kind: 'assertion', source: assertion }
    if (this.#match(/\((?!\?)|\(\?:|\(\?<(?![=!])[^>]*>/y)) {
      const group = this.#choice()
      this.#take(')')
      return group
    }
    if (this.#peek() === '(') refuse('looks ahead or behind, or sets flags; leave that out')
    if (this.#match(/\\[1-9k]/y))
      refuse('refers back to a group, which may be slow; leave that out')
    if (!this.#match(POINT)) refuse(`holds "${this.#peek()}", which this check cannot read`)
    return { kind: 'point', points: pointsOf(this.#pattern.slice(start, this.#at), this.#flags) }
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

/** Classes recur in patterns, and each is tried on every character there is. */
const known = new Map<string, Points>()

const pointsOf = (source: string, flags: string): Points => {
  const name = `${flags}/${source}`
  const before = known.get(name)
  if (before !== undefined) return before
  if (/^[^.]$/u.test(source) && flags === 'u') return [rangeOf(source)]
  const runs = new RegExp(`(?:${source})+`, `${flags}g`)
  const points = allCharacters().flatMap(({ first, text }) =>
    Array.from(text.matchAll(runs), (run): [number, number] => {
      const start = first + countPoints(text.slice(0, run.index))
      return [start, start + countPoints(run[0]) - 1]
    }),
  )
  known.set(name, points)
  return points
}

const rangeOf = (character: string): [number, number] => {
  const point = character.codePointAt(0) ?? 0
  return [point, point]
}

const countPoints = (text: string): number => Array.from(text).length

interface Block {
  readonly first: number
  readonly text: string
}

const BLOCK = 4096
const blocks: Block[] = []

/** Halves of pairs stand alone: side by side they would be pairs. */
const allCharacters = (): readonly Block[] => {
  if (blocks.length > 0) return blocks
  for (let first = 0; first < 0x110000; first += BLOCK) {
    const characters = Array.from({ length: BLOCK }, (_, index) =>
      String.fromCodePoint(first + index),
    )
    const hasHalves = first <= 0xd800 && first + BLOCK > 0xd800
    if (!hasHalves) blocks.push({ first, text: characters.join('') })
    else blocks.push(...characters.map((text, index) => ({ first: first + index, text })))
  }
  return blocks
}

const overlap = (left: Points, right: Points): boolean =>
  left.some(([first, last]) => right.some(([start, end]) => start <= last && first <= end))

/** What a node, or the pattern's end after it, may begin with. */
interface Begin {
  readonly points: Points
  readonly mayBeEmpty: boolean
}

const NOTHING: Begin = { points: [], mayBeEmpty: true }

const beginOf = (node: Node): Begin => {
  switch (node.kind) {
    case 'point':
      return { points: node.points, mayBeEmpty: false }
    case 'assertion':
      return NOTHING
    case 'repeat': {
      const { points, mayBeEmpty } = beginOf(node.item)
      return { points, mayBeEmpty: mayBeEmpty || node.min === 0 }
    }
    case 'choice': {
      const begins = node.branches.map(beginOf)
      return {
        points: begins.flatMap(({ points }) => points),
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
    ? { points: [...begin.points, ...after.points], mayBeEmpty: after.mayBeEmpty }
    : begin

/** Each unbounded repeat with what follows it, in the order of the pattern. */
interface Loop {
  readonly repeat: Repeat
  /** What it may begin with again, and all that it may run over. */
  readonly begin: Points
  readonly points: Points
  readonly after: Begin
  /** Nothing follows that could fail, so the matcher never returns to it. */
  readonly isLast: boolean
}

/** What is known of a pattern whose steps grow with the string, and no faster. */
interface Plan {
  readonly isAnchored: boolean
  /** The repeats that overlap with what follows them: each end may lead on. */
  readonly open: ReadonlySet<Repeat>
  /** In how many ways the bounded parts may share a string, and how much of it at most. */
  readonly ways: number
  readonly reach: number
}

const planOf = (pattern: Node): Plan | { readonly problem: string } => {
  const loops: Loop[] = []
  const open = new Set<Repeat>()
  let ways = 1
  let reach = 1
  const visit = (node: Node, after: Begin, isLast: boolean): void => {
    if (node.kind === 'point') reach += 1
    else if (node.kind === 'sequence') {
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
      const points = pointsOfRun(node.item)
      const begin = beginOf(node.item).points
      const isOpen = overlap(begin, after.points)
      if (isOpen) open.add(node)
      if (node.max === Infinity) loops.unshift({ repeat: node, begin, points, after, isLast })
      else {
        reach += node.max * lengthOf(node.item)
        if (isOpen) ways *= node.max - node.min + 1
      }
    }
  }
  visit(pattern, NOTHING, true)

  const openLoops = loops.filter(({ repeat }) => open.has(repeat))
  const isAnchored = beginsAnchored(pattern)
  const [first] = openLoops
  if (openLoops.length > 1 || (first !== undefined && !isAnchored)) {
    return slow(first?.repeat.source, isAnchored)
  }
  const searched = isAnchored ? first?.after : beginOf(pattern)
  const rest = first === undefined ? loops : loops.slice(loops.indexOf(first) + 1)
  const runs = rest.find(
    ({ isLast, points }) => searched !== undefined && !isLast && overlap(points, searched.points),
  )
  if (runs) return slow(runs.repeat.source, isAnchored)
  return { isAnchored, open, ways: Math.min(ways, Number.MAX_VALUE), reach }
}

const slow = (source = '', isAnchored: boolean): { readonly problem: string } => ({
  problem:
    `may be slow on a long string, because of ${source}: ${isAnchored ? '' : 'begin it with ^, or '}` +
    'repeat a class that excludes what comes next, such as [^,]+ before a comma',
})

/** All that one round of a repeat runs over; one that could be divided differently is refused. */
const pointsOfRun = (item: Node): Points => {
  if (item.kind === 'point') return item.points
  if (item.kind === 'sequence') return item.nodes.flatMap(pointsOfRun)
  return refuse('repeats a group that holds a repeat, an alternative or an anchor; write it flat')
}

/** Characters of one round of a repeat. */
const lengthOf = (item: Node): number => (item.kind === 'sequence' ? item.nodes.length : 1)

const beginsAnchored = (node: Node): boolean => {
  if (node.kind === 'assertion') return node.source === '^'
  if (node.kind === 'choice') return node.branches.every(beginsAnchored)
  if (node.kind === 'sequence') return node.nodes[0] !== undefined && beginsAnchored(node.nodes[0])
  return false
}

/**
 * Steps to find that a part and all after it do not match: at a place where the next character
 * begins none of it, and at any place. Neither counts the runs of unbounded repeats.
 */
interface Steps {
  readonly atOnce: number
  readonly atMost: number
}

const END: Steps = { atOnce: 1, atMost: 1 }

/** Steps to search a string of this length to its end. */
const stepsOfSearch = (pattern: Node, plan: Plan, length: number): number => {
  /** Of a run, for each character: the step over it, and the look at what follows. */
  let perCharacter = 0
  const stepsOf = (node: Node, rest: Steps): Steps => {
    if (node.kind === 'point') return { atOnce: 1, atMost: 1 + rest.atMost }
    if (node.kind === 'assertion') return { atOnce: 1 + rest.atOnce, atMost: 1 + rest.atMost }
    if (node.kind === 'sequence') {
      return node.nodes.reduceRight((after, item) => stepsOf(item, after), rest)
    }
    if (node.kind === 'choice') return sum(node.branches.map((branch) => stepsOf(branch, rest)))
    const item = lengthOf(node.item)
    if (node.max <= 1) return sum([stepsOf(node.item, rest), rest])
    const atOnce = node.min === 0 ? 1 + rest.atOnce : 1
    const rounds = Math.min(node.max, Math.ceil(length / item))
    if (node.max === Infinity) {
      perCharacter += 1 + rest.atOnce
      const ends = plan.open.has(node) ? length + 1 : 1
      return { atOnce, atMost: (node.min + 1) * item + rest.atOnce + ends * rest.atMost }
    }
    const ends = Math.max(rounds - node.min, 0) + 1
    const after = plan.open.has(node) ? ends * rest.atMost : ends * rest.atOnce + rest.atMost
    return { atOnce, atMost: (rounds + 1) * item + after }
  }
  const { atOnce, atMost } = stepsOf(pattern, END)
  // A run is begun anew only from places that the bounded parts reach, in each of their ways.
  const runs = perCharacter * plan.ways * plan.reach * length
  const starts = plan.isAnchored ? atMost + length * atOnce : (length + 1) * atMost
  return starts + runs
}

const sum = (all: readonly Steps[]): Steps => ({
  atOnce: all.reduce((total, { atOnce }) => total + atOnce, 1),
  atMost: all.reduce((total, { atMost }) => total + atMost, 1),
})
