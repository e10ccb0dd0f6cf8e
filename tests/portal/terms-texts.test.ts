import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { findTermsText, readTermsTexts } from '../../portal/terms-texts.ts'

const V1 = { id: 'tos', version: 'v1' }

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'terms-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const readFolder = (files: Readonly<Record<string, string>>) => {
  mkdirSync(join(folder, 'tos'))
  for (const [name, content] of Object.entries(files))
    writeFileSync(join(folder, 'tos', name), content)
  return readTermsTexts(pathToFileURL(`${folder}/`))
}

describe('reading the terms', () => {
  test('renders Markdown and takes the title from its first heading', () => {
    const source = '\n# Terms & conditions\n\nBe *kind*.\n'
    const texts = readFolder({ 'v1.en.md': source })
    expect(findTermsText(texts, V1, ['en'])).toEqual({
      document: 'tos',
      version: 'v1',
      locale: 'en',
      title: 'Terms & conditions',
      html: '<h1>Terms &amp; conditions</h1>\n<p>Be <em>kind</em>.</p>\n',
      hash: createHash('sha256').update(source).digest('hex').slice(0, 16),
    })
  })

  test('shows raw HTML of the source as text', () => {
    const source = '# T\n\n<script>alert(1)</script>\n\nan <img src=x onerror="alert(2)"> inline\n'
    const html = findTermsText(readFolder({ 'v1.en.md': source }), V1, [])?.html
    expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;')
    expect(html).toContain('&lt;img src=x onerror=&quot;alert(2)&quot;&gt;')
    expect(html).not.toMatch(/<(?:script|img)/)
  })

  test.each([
    ['terms.md', 'without version and locale'],
    ['v1.md', 'without locale'],
    ['v1.en.txt', 'of another type'],
    ['v 1.en.md', 'with a space in the version'],
    ['v1.e.md', 'with a locale that is none'],
  ])('refuses a file named %s (%s)', (name) => {
    expect(() => readFolder({ [name]: '# T\n' })).toThrow(`${name}: name it`)
  })

  test.each([
    ['empty', ''],
    ['without a title', 'Some text.\n'],
    ['with a lower heading first', '## Terms\n'],
  ])('refuses a text %s', (_case, source) => {
    expect(() => readFolder({ 'v1.en.md': source })).toThrow('v1.en.md: begin the text')
  })
})

describe('choosing a text', () => {
  test.each<[string, string[], string]>([
    ['the first language that has a text', ['fr', 'de', 'en'], 'de'],
    ['the language for one of its regions', ['de-AT', 'en'], 'de'],
    ['a region of its own before the language', ['de-CH', 'en'], 'de-CH'],
    ['a region whatever its case', ['DE-ch'], 'de-CH'],
    ['a shorter form of a long tag', ['de-CH-1996'], 'de-CH'],
    ['English when no language fits', ['fr', 'it'], 'en'],
    ['English when there is no language', [], 'en'],
  ])('takes %s', (_case, locales, expected) => {
    const texts = readFolder({ 'v1.en.md': '# T', 'v1.de.md': '# T', 'v1.de-CH.md': '# T' })
    expect(findTermsText(texts, V1, locales)?.locale).toBe(expected)
  })

  test('takes what there is when even English is missing', () => {
    expect(findTermsText(readFolder({ 'v1.fr.md': '# T' }), V1, ['de'])?.locale).toBe('fr')
  })

  test.each(['v2', 'constructor', '__proto__', 'toString'])('finds no version %s', (version) => {
    expect(
      findTermsText(readFolder({ 'v1.en.md': '# T' }), { id: 'tos', version }, ['en']),
    ).toBeUndefined()
  })
})

test('every shipped version has a text in English and in German', () => {
  const texts = readTermsTexts(new URL('../../portal/terms/', import.meta.url))
  const locales = [...texts].map(([version, ofVersion]) => [version, [...ofVersion.keys()].sort()])
  expect(locales).toEqual([
    ['privacy-policy/2025-01-15', ['de', 'en']],
    ['product-news/2025-01-15', ['de', 'en']],
    ['terms-of-service/2025-01-15', ['de', 'en']],
    ['terms-of-service/2026-11-01', ['de', 'en']],
  ])
})
