import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { requireValue } from '../../cli/failure.ts'
import { addNewTexts, checkPublished, loadPublishedTerms } from '../../portal/published-terms.ts'
import { readTermsFolder } from '../../portal/terms-folder.ts'
import { FIXTURE_PORTAL } from '../../test-kit/portal/fixture-pages.ts'

const POLICY = 'privacy-policy/2025-01-15.en.md'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'terms-'))
  cpSync(join(FIXTURE_PORTAL, 'terms'), folder, { recursive: true })
})
afterEach(() => rmSync(folder, { recursive: true }))

const change = (file: string, text: string): void => {
  writeFileSync(join(folder, file), text)
}

const load = () => requireValue(loadPublishedTerms(folder), 'terms_invalid', 'The lock is broken:')

const check = () => checkPublished(readTermsFolder(folder).files, load())

describe('the lock', () => {
  test('holds every text of the fixture', () => {
    expect(check()).toEqual([])
  })

  test.each<[string, string, () => void, RegExp]>([
    [
      'one that was published and has changed',
      POLICY,
      () => change(POLICY, `${readFileSync(join(folder, POLICY), 'utf8')}And more.\n`),
      /^was published and has changed; restore it .* a version of its own$/,
    ],
    [
      'one that was not published',
      'privacy-policy/2027-01-01.en.md',
      () => change('privacy-policy/2027-01-01.en.md', '# New\n'),
      /^is not published; once it is final: npm run terms:publish$/,
    ],
    [
      'one that was published and is gone',
      POLICY,
      () => rmSync(join(folder, POLICY)),
      /^was published and is gone; restore it/,
    ],
  ])('refuses a text: %s', (_case, file, act, message) => {
    act()
    expect(check()).toEqual([
      { path: file, message: expect.stringMatching(message), code: expect.any(String) },
    ])
  })

  test('leaves a note of changes free: it is no part of what is accepted', () => {
    change('terms-of-service/2026-11-01.en.changes.md', '- Better words.\n')
    expect(check()).toEqual([])
  })

  test.each(['[]', '{"terms":{"v1":{"en":"short"}}}', '{"terms":{"v1":"x"}}', '{"terms":1}'])(
    'is refused when it holds %s',
    (content) => {
      change('published.json', content)
      expect(loadPublishedTerms(folder)).toEqual({
        ok: false,
        problems: [
          {
            path: 'published.json',
            message: expect.stringMatching(/^must hold .*; npm run terms:publish makes it$/),
            code: 'terms_file_invalid',
          },
        ],
      })
    },
  )

  test('stands in the order of its names, whatever order the texts come in', () => {
    const files = readTermsFolder(folder).files
    const namesOf = (given: typeof files): string =>
      JSON.stringify(addNewTexts(given, {}).published)
    expect(namesOf(files.toReversed())).toBe(namesOf(files))
    expect(Object.keys(addNewTexts(files.toReversed(), {}).published)).toEqual([
      'privacy-policy',
      'product-news',
      'terms-of-service',
    ])
  })

  test('gets what is new, in order, and keeps what it has', () => {
    change(POLICY, '# Changed\n')
    for (const name of ['constructor', '2027-01-01'])
      change(`privacy-policy/${name}.en.md`, '# N\n')
    const before = load()
    const { published, added } = addNewTexts(readTermsFolder(folder).files, before)
    expect(added).toEqual(['privacy-policy/2027-01-01.en.md', 'privacy-policy/constructor.en.md'])
    expect(published['privacy-policy']?.['2025-01-15']).toEqual(
      before['privacy-policy']?.['2025-01-15'],
    )
    expect(Object.keys(published['privacy-policy'] ?? {})).toEqual([
      '2025-01-15',
      '2027-01-01',
      'constructor',
    ])
  })
})

describe('npm run terms:publish', () => {
  const publish = () =>
    spawnSync(
      process.execPath,
      ['--import', 'tsx', join(FIXTURE_PORTAL, 'publish-terms.ts'), folder],
      {
        encoding: 'utf8',
      },
    )

  test('publishes what is new, once', () => {
    change('privacy-policy/2027-01-01.en.md', '# New\n')
    expect(publish().stdout).toBe('published privacy-policy/2027-01-01.en.md\n')
    expect(check()).toEqual([])
    expect(publish().stdout).toBe('Nothing new: every text was published before.\n')
  })

  test('does not publish over what users accepted', () => {
    change(POLICY, '# Changed\n')
    const before = readFileSync(join(folder, 'published.json'), 'utf8')
    const { status, stderr } = publish()
    expect([status, stderr]).toEqual([
      1,
      expect.stringContaining(`${POLICY} was published and has`),
    ])
    expect(readFileSync(join(folder, 'published.json'), 'utf8')).toBe(before)
  })
})
