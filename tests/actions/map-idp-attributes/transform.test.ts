import { describe, expect, test } from '@jest/globals'
import { compileTransform } from '../../../actions/map-idp-attributes/transform.ts'
import { MAX_MATCHED_LENGTH as MAX_TEXT } from '../../../actions/shared/when.ts'
import type { Transform } from '../../../actions/map-idp-attributes/mapping.ts'

const run = (transform: Transform, texts: readonly string[]) => compileTransform(transform)(texts)

describe('a transform', () => {
  test.each<[string, Transform, string[], string[]]>([
    ['trim takes spaces away at both ends', 'trim', [' a b\n', 'c'], ['a b', 'c']],
    ['lower', 'lower', ['ÄB'], ['äb']],
    ['upper', 'upper', ['äb'], ['ÄB']],
    ['join makes one text, sorted', { join: ', ' }, ['b', 'a', 'b'], ['a, b']],
    ['join may put nothing between', { join: '' }, ['b', 'a'], ['ab']],
    ['join makes nothing of nothing', { join: ', ' }, [], []],
    ['split cuts every text', { split: ';' }, ['a;b', 'c'], ['a', 'b', 'c']],
    ['stripPrefix', { stripPrefix: 'app-' }, ['app-a', 'b', 'app-'], ['a', 'b', '']],
    ['stripSuffix', { stripSuffix: '-x' }, ['a-x', 'b', '-x'], ['a', 'b', '']],
    [
      'capture takes the first group and drops what does not match',
      { capture: { pattern: '^CN=([^,]+)' } },
      ['CN=Sales,OU=x', 'cn=lower', 'OU=y'],
      ['Sales'],
    ],
    ['capture without a group takes the match', { capture: { pattern: '\\d+' } }, ['a12b'], ['12']],
    [
      'capture may ignore case',
      { capture: { pattern: '^cn=(\\w+)', ignoreCase: true } },
      ['CN=Sales'],
      ['Sales'],
    ],
    [
      'replace changes every match',
      { replace: { pattern: '[ _]', with: '-' } },
      ['a b_c', 'd'],
      ['a-b-c', 'd'],
    ],
    [
      'replace may use groups',
      { replace: { pattern: '^(\\d\\d)\\.(\\d\\d)\\.(\\d{4})$', with: '$3-$2-$1' } },
      ['20.11.2026'],
      ['2026-11-20'],
    ],
    [
      'lookUp translates and drops what is not listed',
      { lookUp: { table: { R: 'Research' } } },
      ['R', 'S', 'constructor'],
      ['Research'],
    ],
    [
      'lookUp may say what is not listed',
      { lookUp: { table: { R: 'Research' }, otherwise: 'Other' } },
      ['R', 'S'],
      ['Research', 'Other'],
    ],
    ['filter by prefix', { filter: { prefix: 'app-' } }, ['app-a', 'b-app-'], ['app-a']],
    ['filter by suffix', { filter: { suffix: '-x' } }, ['a-x', '-x-b'], ['a-x']],
    ['filter by what it contains', { filter: { contains: 'x' } }, ['axb', 'b'], ['axb']],
    [
      'filter by a pattern',
      { filter: { matches: { pattern: '^a\\d$', ignoreCase: true } } },
      ['A1', 'a2', 'b1'],
      ['A1', 'a2'],
    ],
    ['limit takes the first in order', { limit: 2 }, ['c', 'a', 'b', 'a'], ['a', 'b']],
  ])('%s', (_title, transform, texts, result) => {
    expect(run(transform, texts)).toEqual(result)
  })

  const roles = {
    'acme-admins': 'admin',
    'acme-*': 'member',
    '*-editors': ['editor', 'reader'],
    'app-*-users': 'user',
    '*': 'everyone',
  }
  test.each<[string, string[]]>([
    ['acme-admins', ['admin', 'everyone', 'member']],
    ['acme-', ['everyone', 'member']],
    ['x-editors', ['editor', 'everyone', 'reader']],
    ['acme-editors', ['editor', 'everyone', 'member', 'reader']],
    ['app-1-users', ['everyone', 'user']],
    ['app-users', ['everyone']],
    ['acme', ['everyone']],
    ['constructor', ['everyone']],
  ])('roles gives %s what each matching group has', (group, granted) => {
    expect([...(run({ roles }, [group]) ?? [])].sort()).toEqual(granted)
  })

  test('roles without * gives nothing to other groups', () => {
    expect(run({ roles: { a: 'x' } }, ['a', 'b', 'a*', '*'])).toEqual(['x'])
  })

  const long = 'x'.repeat(MAX_TEXT + 1)
  test.each<[Transform, readonly string[] | undefined]>([
    ['lower', undefined],
    [{ filter: { prefix: 'y' } }, undefined],
    [{ lookUp: { table: {}, otherwise: 'y' } }, undefined],
    [{ replace: { pattern: 'x', with: '' } }, undefined],
    [{ roles: { a: 'x' } }, undefined],
    [{ join: '' }, undefined],
    [{ limit: 1 }, undefined],
    [{ split: 'x' }, Array.from({ length: MAX_TEXT + 2 }, () => '')],
  ])('%j takes no text that is too long, unless it splits', (transform, result) => {
    expect(run(transform, [long])).toEqual(result)
  })
})
