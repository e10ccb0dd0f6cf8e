import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import {
  contrast,
  contrastProblems,
  derivePalette,
  isColour,
  PALETTE_NAMES,
  type Palette,
} from '../../portal/colours.ts'

test.each([
  ['#000000', '#ffffff', 21],
  ['#777777', '#ffffff', 4.478],
  ['#ff0000', '#ffffff', 3.998],
  ['#00ff00', '#000000', 15.304],
  ['#0000ff', '#000000', 2.444],
  ['#0a0a0a', '#000000', 1.0607],
  ['#0b0b0b', '#000000', 1.067],
])('the contrast of %s and %s is %d', (one, other, expected) => {
  expect(contrast(one, other)).toBeCloseTo(expected, 3)
  expect(contrast(other, one)).toBeCloseTo(expected, 3)
})

test.each([
  ['#1d4ed8', true],
  ['#1D4ED8', true],
  ['x#1d4ed8', false],
  ['#1d4ed8f', false],
  ['#1d4ed', false],
  ['#1d4edg', false],
  [0x1d4ed8, false],
])('%p is a colour: %p', (value, expected) => {
  expect(isColour(value)).toBe(expected)
})

describe('a palette', () => {
  const BASE = { accent: '#1d4ed8', background: '#f3f5f8', surface: '#ffffff', text: '#1c2430' }

  test('is mixed of the four colours that were chosen', () => {
    expect(derivePalette(BASE)).toEqual({
      ...BASE,
      'accent-hover': '#1d47bd',
      'on-accent': '#ffffff',
      muted: '#5c616a',
      line: '#dfe0e2',
      'control-line': '#82878d',
      hover: '#f1f2f3',
      tint: '#edf1fc',
    })
    expect(derivePalette({ ...BASE, accent: '#8fb4ff' })['on-accent']).toBe('#0b1220')
  })

  test('that is one colour fails by every pair that lies on each other, and by how much', () => {
    const white = Object.fromEntries(PALETTE_NAMES.map((name) => [name, '#ffffff'])) as Palette
    expect(
      contrastProblems(white).map((problem) =>
        problem.replaceAll(' #ffffff', '').replace(' has a contrast of 1.00:1, and needs', ''),
      ),
    ).toEqual([
      'text on surface 4.5:1',
      'text on background 4.5:1',
      'text on hover 4.5:1',
      'text on tint 4.5:1',
      'muted on surface 4.5:1',
      'muted on background 4.5:1',
      'accent on surface 4.5:1',
      'accent on background 4.5:1',
      'accent on tint 4.5:1',
      'on-accent on accent 4.5:1',
      'on-accent on accent-hover 4.5:1',
      'control-line on surface 3:1',
    ])
    expect(contrastProblems(derivePalette(BASE))).toEqual([])
  })

  test('has every colour that the stylesheet asks for', () => {
    const css = readFileSync(join(import.meta.dirname, '../../portal/assets/portal.css'), 'utf8')
    const own = Array.from(css.matchAll(/^\s+--([a-z-]+):/gm), ([, name]) => name)
    const used = new Set(Array.from(css.matchAll(/var\(--([a-z-]+)/g), ([, name]) => name))
    expect([...used].filter((name) => !own.includes(name)).sort()).toEqual(
      [...PALETTE_NAMES].sort(),
    )
    expect(Object.keys(derivePalette(BASE)).sort()).toEqual([...PALETTE_NAMES].sort())
  })
})
