import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { readTermsFolder } from '../../portal/terms-folder.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'terms-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const read = (files: Readonly<Record<string, string>>) => {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), content)
  }
  return readTermsFolder(folder)
}

test('a text is known by document, version and language, with its note and its hash', () => {
  const { files, problems } = read({
    'terms/1.0.de-CH.md': '\uFEFF# T\r\n',
    'terms/1.0.de-CH.changes.md': '- Neu\r\n',
    'published.json': '{}',
    '.DS_Store': '',
    'terms/.1.0.de.md.swp': '',
  })
  expect(problems).toEqual([])
  expect(files).toEqual([
    {
      path: 'terms/1.0.de-CH.md',
      document: 'terms',
      version: '1.0',
      locale: 'de-CH',
      markdown: '# T\n',
      // echo '# T' | sha256sum
      sha256: '63f9dda6643341501cef7b9d2a8a2bcefda8ec16d62d0ef2ce63dc2b9a69424f',
      changes: '- Neu\n',
    },
  ])
})

test.each([
  ['terms/terms.md', 'without version and language'],
  ['terms/v1.md', 'without language'],
  ['terms/v1.en.txt', 'of another type'],
  ['terms/v 1.en.md', 'with a space in the version'],
  ['terms/v1.e.md', 'with a language that is none'],
  ['terms/v1.en-x.md', 'with a language that no browser knows'],
])('a file %s (%s) is a problem', (file) => {
  expect(read({ [file]: '# T\n' }).problems).toEqual([
    {
      path: file,
      message: 'must be named <version>.<locale>.md or <version>.<locale>.changes.md',
      code: 'terms_file_invalid',
    },
  ])
})

test.each([
  ['v1.en.md', 'v1.en.md'],
  ['Terms/v1.en.md', 'Terms'],
])('a file %s is in no folder of a document', (file, named) => {
  expect(read({ [file]: '# T\n' }).problems).toEqual([
    { path: named, message: 'is no folder named like a document id', code: 'terms_file_invalid' },
  ])
})

test.each([
  ['empty', ''],
  ['without a title', 'Some text.\n'],
  ['with a lower heading first', '## Terms\n'],
  ['with an empty title', '# \n\nText'],
])('a text %s is a problem', (_case, source) => {
  const { problems } = read({ 'terms/v1.en.md': source })
  expect(problems).toMatchObject([{ path: 'terms/v1.en.md' }])
  expect(problems[0]?.message).toMatch(/^must begin with its title/)
})

test('a note of changes needs its text', () => {
  expect(read({ 'terms/v1.en.changes.md': '- New\n' }).problems).toEqual([
    {
      path: 'terms/v1.en.changes.md',
      message: 'has no text beside it whose changes it could tell',
      code: 'terms_file_invalid',
    },
  ])
})
