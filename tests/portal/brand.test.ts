import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { parseBrand, requireBrand, renderBrandStyles } from '../../portal/brand.ts'
import { FIXTURE_PORTAL } from '../../test-kit/portal/fixture-pages.ts'
import { contrast } from '../../portal/colours.ts'

const LIGHT = { accent: '#1d4ed8', background: '#f3f5f8', surface: '#ffffff', text: '#1c2430' }
const DARK = { accent: '#8fb4ff', background: '#10141a', surface: '#1a2029', text: '#e8ebf0' }
const GOOD = { name: 'Acme', colours: { light: LIGHT, dark: DARK }, defaultLocale: 'de' }

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'brand-'))
  writeFileSync(join(folder, 'logo.png'), 'png')
})
afterAll(() => rmSync(folder, { recursive: true }))

const problemsOf = (value: unknown): readonly string[] => {
  const parsed = parseBrand(value, folder)
  return parsed.ok ? [] : parsed.problems.map(({ path, message }) => `${path} ${message}`)
}

describe('a brand', () => {
  test('needs a name, colours and a language', () => {
    expect(problemsOf(GOOD)).toEqual([])
    expect(problemsOf({})).toEqual([
      'name must be a string of 1 to 60 characters',
      'defaultLocale must be a language tag such as "en"',
      'colours.light must hold accent, background, surface, text, each as #rrggbb',
      'colours.dark must hold accent, background, surface, text, each as #rrggbb',
    ])
  })

  test('has a logo and links if it likes', () => {
    const parsed = parseBrand(
      {
        ...GOOD,
        logo: { file: 'logo.png', wordmark: true },
        links: { imprint: 'https://acme.example/', support: 'mailto:help@acme.example' },
      },
      folder,
    )
    expect(parsed).toMatchObject({
      value: {
        name: 'Acme',
        logo: { contentType: 'image/png', extension: '.png', wordmark: true },
        links: { imprint: 'https://acme.example/', support: 'mailto:help@acme.example' },
        defaultLocale: 'de',
      },
    })
  })

  test.each<[string, unknown, string]>([
    ['no object', [], 'must hold an object'],
    ['a name that is empty', { ...GOOD, name: ' ' }, 'name must be a string'],
    ['an unknown member', { ...GOOD, font: 'x' }, 'font is unknown; known are name,'],
    ['a language that is none', { ...GOOD, defaultLocale: 'e' }, 'defaultLocale must be'],
    ['a logo without a file', { ...GOOD, logo: {} }, 'logo must hold file'],
    ['a logo of another type', { ...GOOD, logo: { file: 'a.gif' } }, 'logo.file must end in .svg,'],
    [
      'a logo that is missing',
      { ...GOOD, logo: { file: 'b.png' } },
      'logo.file b.png is not there',
    ],
    [
      'a link to a script',
      { ...GOOD, links: { imprint: 'javascript:1' } },
      'links.imprint must be',
    ],
    ['a link over plain HTTP', { ...GOOD, links: { privacy: 'http://a.b' } }, 'links.privacy must'],
    ['an unknown link', { ...GOOD, links: { shop: 'https://a.b' } }, 'links.shop is unknown'],
    ['links that are none', { ...GOOD, links: 'https://a.b' }, 'links.links is unknown'],
    [
      'a colour by name',
      { ...GOOD, colours: { light: { ...LIGHT, text: 'black' }, dark: DARK } },
      'colours.light must hold',
    ],
    [
      'a colour too many',
      { ...GOOD, colours: { light: { ...LIGHT, shadow: '#000000' }, dark: DARK } },
      'colours.light must hold',
    ],
  ])('is refused: %s', (_case, value, expected) => {
    expect(problemsOf(value)).toEqual([expect.stringContaining(expected)])
  })

  test('is refused with colours that cannot be read, and says by how much', () => {
    const pale = { ...LIGHT, text: '#8a8a8a' }
    expect(problemsOf({ ...GOOD, colours: { light: pale, dark: DARK } })).toContain(
      'colours.light text #8a8a8a on surface #ffffff has a contrast of 3.45:1, and needs 4.5:1',
    )
  })

  test('reaches the pages as a stylesheet for light and dark', () => {
    const styles = renderBrandStyles(requireBrand(join(FIXTURE_PORTAL, 'brand.json')))
    expect(styles).toMatch(/^:root \{\n {2}--accent: #1d4ed8;/)
    expect(styles).toMatch(/prefers-color-scheme: dark\) \{\n:root \{\n {2}--accent: #8fb4ff;/)
    expect(styles).toContain('--on-accent: #ffffff')
  })

  test('whose file is broken stops the start with every problem', () => {
    const file = join(folder, 'brand.json')
    writeFileSync(file, '{"name": ""}')
    expect(() => requireBrand(file)).toThrow(
      expect.objectContaining({
        code: 'brand_invalid',
        details: expect.stringMatching(
          /brand.json: name must .*\n.*defaultLocale must .*\n.*colours/,
        ),
      }),
    )
  })
})

test.each([
  ['#000000', '#ffffff', 21],
  ['#ffffff', '#ffffff', 1],
  ['#767676', '#ffffff', 4.54],
  ['#ffffff', '#1d4ed8', 6.7],
])('the contrast of %s and %s is %f', (one, other, expected) => {
  expect(contrast(one, other)).toBeCloseTo(expected, 2)
})
