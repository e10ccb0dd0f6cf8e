import { expect, test } from '@jest/globals'
import { applyMutant, makeMutants } from '../../test-kit/mutation/mutants.ts'

const changesOf = (code: string): string[] =>
  makeMutants('a.ts', code).map((mutant) => applyMutant(code, mutant))

test.each<[string, string, string[]]>([
  ['a boundary', 'a < b', ['a <= b', 'a >= b']],
  ['an equality', 'a === b', ['a !== b']],
  ['a condition', 'a && b', ['a || b']],
  ['a sum', 'a - b', ['a + b']],
  ['a boolean', 'f = true', ['f = false']],
  ['a negation', 'x = !a', ['x = a']],
  ['a number', 'n = 5', ['n = (6)', 'n = (4)']],
  ['a string', "s = 'a'", ["s = ''"]],
  ['an empty string', "s = ''", ["s = 'mutated'"]],
  ['a pattern at each anchor', 'r = /^a$/u', ['r = /a$/u', 'r = /^a/u']],
  ['a branch', 'x = a ? b : c', ['x = true ? b : c', 'x = false ? b : c']],
  ['a list', 'x = [a]', ['x = []']],
  ['some and every', 'x = a.some(b)', ['x = a.every(b)']],
  ['a call that changes its subject', 'x = a.trim()', ['x = a']],
])('%s is changed', (_, code, expected) => {
  expect(changesOf(`const y = () => (${code})`)).toEqual(
    expected.map((changed) => `const y = () => (${changed})`),
  )
})

test('a statement is removed and an if always or never taken', () => {
  expect(changesOf('if (a) b()')).toEqual(['if (true) b()', 'if (false) b()', 'if (a) ;'])
})

test('types, imports, names of members and an anchor behind a backslash stay', () => {
  const code = `import a from 'b'\ntype A = 'a' | 1\nconst x: 'a' = { 'k': /\\^a\\$/ }`
  expect(changesOf(code)).toEqual([])
})
