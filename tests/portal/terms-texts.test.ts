import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import {
  findShownText,
  findTermsText,
  localesOf,
  loadTermsTexts,
  type TermsText,
} from '../../portal/terms-texts.ts'
import { FIXTURE_PORTAL } from '../../test-kit/portal/fixture-pages.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'terms-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const readFolder = (files: Readonly<Record<string, string>>) => {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), content)
  }
  return loadTermsTexts(folder)
}

const V1 = { id: 'terms', version: 'v1' }

const only = (files: Readonly<Record<string, string>>): TermsText | undefined =>
  findTermsText(readFolder(files), V1, ['en'], 'en')

describe('reading the texts', () => {
  test('renders Markdown below the title, and the note of what changed', () => {
    const files = {
      'terms/v1.en.md': '\n# Terms & conditions\n\nBe *kind*.\n\n## Always\n',
      'terms/v1.en.changes.md': '- Be **kinder**.\n',
    }
    expect(only(files)).toEqual({
      document: 'terms',
      version: 'v1',
      locale: 'en',
      direction: 'ltr',
      title: 'Terms & conditions',
      hash: '0ECQm5PiliRH3GSef_7jNOj3BclJnwYh',
      html: '<p>Be <em>kind</em>.</p>\n<h2>Always</h2>\n',
      nestedHtml: '<p>Be <em>kind</em>.</p>\n<h3>Always</h3>\n',
      changesHtml: '<ul>\n<li>Be <strong>kinder</strong>.</li>\n</ul>\n',
    })
  })

  test('the hash is the beginning of the SHA-256 of the file', () => {
    // echo '# T' | openssl sha256 -binary | basenc --base64url | cut -c 1-32
    expect(only({ 'terms/v1.en.md': '# T\n' })?.hash).toBe('Y_ndpmQzQVAc73udKoorzv2o7BbWLQ7y')
  })

  test('the hash is the same on a computer that writes CRLF', () => {
    const lf = only({ 'terms/v1.en.md': '# T\n\nText.\n' })
    const crlf = only({ 'terms/v1.en.md': '# T\r\n\r\nText.\r\n' })
    expect(crlf).toEqual(lf)
  })

  test('shows raw HTML of the source as text', () => {
    const source = '# T\n\n<script>alert(1)</script>\n\nan <img src=x onerror="alert(2)"> inline\n'
    const html = only({ 'terms/v1.en.md': source })?.html
    expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;')
    expect(html).toContain('&lt;img src=x onerror=&quot;alert(2)&quot;&gt;')
    expect(html).not.toMatch(/<(?:script|img)/)
  })

  test.each([
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    'javascript&#58;alert(1)',
    'javascript&colon;alert(1)',
    'java&#x0A;script:alert(1)',
    'java&Tab;script:alert(1)',
    '&#1;javascript:alert(1)',
    '\u0001javascript:alert(1)',
    '\u00a0javascript:alert(1)',
    'data:text/html;base64,PHNjcmlwdD4=',
    'vbscript:msgbox(1)',
    'blob:https://x.example/1',
    'file:///etc/passwd',
    '//evil.example/x',
    '/terms?answer_terms=accepted',
    'relative',
    '\\\\evil.example',
  ])('drops a link and a picture to %j, and keeps their words', (address) => {
    const source = [
      `a [*link*](<${address}>) here`,
      `a ![*picture*](<${address}> "t") here`,
      `a [*reference*][r] here\n\n[r]: <${address}> "t"`,
      `auto <${address}> link`,
    ].join('\n\n')
    const html = only({ 'terms/v1.en.md': `# T\n\n${source}\n` })?.html ?? ''
    expect(html).toContain('<em>link</em>')
    expect(html).toContain('picture')
    expect(html).not.toMatch(/<(?:a|img)[\s>]|(?:href|src)=/)
  })

  test.each([
    'https://a.example/x?y=1&z=2',
    'HTTP://a.example',
    'mailto:help@a.example',
    'tel:+49301234',
    '#part',
  ])('keeps a link to %s', (address) => {
    const html = only({ 'terms/v1.en.md': `# T\n\n[there](${address})\n` })?.html
    expect(html).toBe(`<p><a href="${address.replace('&', '&amp;')}">there</a></p>\n`)
  })

  test('keeps an unsafe link within a safe one, and quotes in titles, from breaking out', () => {
    const source = `[![p](javascript:alert(1))](https://a.example '"><script>x</script>')`
    const html = only({ 'terms/v1.en.md': `# T\n\n${source}\n` })?.html
    expect(html).toBe(
      '<p><a href="https://a.example" title="&quot;&gt;&lt;script&gt;x&lt;/script&gt;">p</a></p>\n',
    )
  })

  test('draws a box of the text as a character, never as a box of the form', () => {
    const html = only({ 'terms/v1.en.md': '# T\n\n- [x] done\n- [ ] open\n' })?.html ?? ''
    expect(html).toMatch(/☑ done[\s\S]*☐ open/)
    expect(html).not.toContain('<input')
  })

  test('a folder that the build would refuse is not served', () => {
    expect(() => readFolder({ 'terms/v1.en.md': 'no title', 'terms/x.txt': '' })).toThrow(
      expect.objectContaining({
        code: 'terms_invalid',
        details: expect.stringMatching(
          /terms\/v1\.en\.md must begin with its title.*\n.*terms\/x\.txt must be named/,
        ),
      }),
    )
  })
})

describe('choosing a text', () => {
  const files = {
    'terms/v1.en.md': '# T',
    'terms/v1.de.md': '# T de',
    'terms/v1.de-CH.md': '# T de-CH',
    'terms/v1.ar.md': '# T ar',
  }

  test.each<[string, string[], string]>([
    ['the first language that has a text', ['fr', 'de', 'en'], 'de'],
    ['the language for one of its regions', ['de-AT', 'en'], 'de'],
    ['a region of its own before the language', ['de-CH', 'en'], 'de-CH'],
    ['a region whatever its case', ['DE-ch'], 'de-CH'],
    ['a shorter form of a long tag', ['de-CH-1996'], 'de-CH'],
    ['the default language when none fits', ['fr', 'it', ''], 'ar'],
    ['the default language when there is none', [], 'ar'],
  ])('takes %s', (_case, wishes, expected) => {
    expect(findTermsText(readFolder(files), V1, wishes, 'ar')?.locale).toBe(expected)
  })

  test('takes what there is when even the default language is missing', () => {
    const texts = readFolder({ 'terms/v1.fr.md': '# T' })
    expect(findTermsText(texts, V1, ['de'], 'en')?.locale).toBe('fr')
  })

  test('says which way it is written', () => {
    const texts = readFolder(files)
    const directions = ['ar', 'de'].map((wish) => findTermsText(texts, V1, [wish], 'en')?.direction)
    expect(directions).toEqual(['rtl', 'ltr'])
  })

  test.each([
    ['terms', 'v2'],
    ['terms', 'constructor'],
    ['terms', '__proto__'],
    ['constructor', 'v1'],
    ['other', 'v1'],
  ])('finds no text for %s in version %s', (id, version) => {
    expect(findTermsText(readFolder(files), { id, version }, ['en'], 'en')).toBeUndefined()
  })

  test('finds the text that was shown by its hash, whatever its language', () => {
    const texts = readFolder(files)
    const german = findTermsText(texts, V1, ['de'], 'en')
    expect(findShownText(texts, V1, german?.hash ?? '')).toBe(german)
    expect(findShownText(texts, V1, '0000000000000000')).toBeUndefined()
    expect(findShownText(texts, { ...V1, version: 'v2' }, german?.hash ?? '')).toBeUndefined()
  })

  test('offers every language that one of the documents has', () => {
    const texts = readFolder({ ...files, 'news/v1.fr.md': '# N' })
    expect(localesOf(texts, [V1, { id: 'news', version: 'v1' }])).toEqual([
      'ar',
      'de',
      'de-CH',
      'en',
      'fr',
    ])
  })
})

test('every version of the fixture has a text in English and in German, the newest in Arabic', () => {
  const texts = loadTermsTexts(join(FIXTURE_PORTAL, 'terms'))
  const locales = [...texts].map(([key, of]) => [key, of.map(({ locale }) => locale)])
  expect(locales).toEqual([
    ['privacy-policy/2025-01-15', ['ar', 'de', 'en']],
    ['product-news/2025-01-15', ['ar', 'de', 'en']],
    ['terms-of-service/2025-01-15', ['de', 'en']],
    ['terms-of-service/2026-11-01', ['ar', 'de', 'en']],
  ])
})
