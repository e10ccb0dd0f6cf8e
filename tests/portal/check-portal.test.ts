import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { buildActions } from '../../build/build-actions.ts'
import { settings } from '../../test-kit/fixture/actions/enforce-terms/settings.ts'
import { checkPortal } from '../../portal/check-portal.ts'
import { FIXTURE } from '../../test-kit/fixture-project.ts'

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'project-'))
  cpSync(join(FIXTURE, 'portal'), join(root, 'portal'), { recursive: true })
})
afterEach(() => rmSync(root, { recursive: true }))

const path = (name: string): string => join(root, 'portal', name)
const edit = (name: string, act: (text: string) => string): void => {
  writeFileSync(path(name), act(readFileSync(path(name), 'utf8')))
}
const check = () => checkPortal(root, settings.documents)

test('the texts and the brand of the fixture are without a problem', () => {
  expect(check()).toEqual([])
})

describe('the build names file and remedy of', () => {
  test('a version that users are asked for without a text in the default language', () => {
    const documents = [...settings.documents, { id: 'news', versions: [{ version: 'v1' }] }]
    expect(checkPortal(root, documents)).toEqual([
      {
        path: 'portal/terms/news/v1.en.md',
        message:
          'is missing; enforce-terms asks for this version, and brand.json names the language',
        code: 'file_missing',
      },
    ])
  })

  test('a default language that one text lacks', () => {
    edit('brand.json', (text) => text.replace('"en"', '"ar"'))
    expect(check().map(({ path }) => path)).toEqual([
      'portal/terms/terms-of-service/2025-01-15.ar.md',
    ])
  })

  test('a text that was published and has changed', () => {
    edit('terms/product-news/2025-01-15.de.md', (text) => `${text}!`)
    expect(check()).toMatchObject([
      {
        path: 'portal/terms/product-news/2025-01-15.de.md',
        message: expect.stringMatching(/has changed/),
      },
    ])
  })

  test('a lock that is missing', () => {
    rmSync(path('terms/published.json'))
    expect(check()).toMatchObject([
      {
        path: 'portal/terms/published.json',
        message: expect.stringMatching(/npm run terms:publish makes it$/),
      },
    ])
  })

  test('a text that is named wrongly', () => {
    writeFileSync(path('terms/product-news/v2.md'), '# News')
    expect(check()).toMatchObject([{ path: 'portal/terms/product-news/v2.md' }])
  })

  test('colours that are hard to read', () => {
    edit('brand.json', (text) => text.replace('#1d4ed8', '#9db4f0'))
    expect(check()).toMatchObject([
      {
        path: 'portal/brand.json: colours.light',
        message: expect.stringMatching(/^accent #9db4f0 on/),
      },
      { path: 'portal/brand.json: colours.light' },
      { path: 'portal/brand.json: colours.light' },
    ])
  })

  test('a brand that is missing', () => {
    rmSync(path('brand.json'))
    expect(check()).toEqual([
      { path: 'portal/brand.json', message: 'is missing', code: 'file_missing' },
    ])
  })
})

test('a project whose Terms page is elsewhere has nothing to check', () => {
  rmSync(path(''), { recursive: true })
  expect(check()).toEqual([])
})

test('npm run build writes nothing when a published text has changed', async () => {
  for (const name of ['actions', 'cli', 'tenant.yaml', 'package.json'])
    cpSync(join(FIXTURE, name), join(root, name), { recursive: true })
  symlinkSync(join(FIXTURE, 'node_modules'), join(root, 'node_modules'))
  edit('terms/terms-of-service/2026-11-01.en.md', (text) => text.replace('16 years', '18 years'))
  expect(await buildActions(root)).toEqual({
    ok: false,
    problems: [
      {
        path: 'portal/terms/terms-of-service/2026-11-01.en.md',
        message: expect.stringMatching(/^was published and has changed/),
        code: 'terms_changed',
      },
    ],
  })
}, 30_000)
