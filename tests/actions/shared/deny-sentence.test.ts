import { expect, test } from '@jest/globals'
import { DENY_SENTENCES, type DenyCode } from '../../../actions/shared/decision.ts'
import { denySentence, TRANSLATED_DENY_SENTENCES } from '../../../actions/shared/deny-sentence.ts'

const codes = Object.keys(DENY_SENTENCES) as DenyCode[]

test.each(codes)('%s is told in German too', (code) => {
  expect(TRANSLATED_DENY_SENTENCES['de']?.[code]).toMatch(/^[A-Z][^@<>]{10,150}\.$/)
  expect(denySentence(code, ['de'])).not.toBe(DENY_SENTENCES[code])
})

test('no translation is of a code that there is not', () => {
  for (const sentences of Object.values(TRANSLATED_DENY_SENTENCES)) {
    expect(codes).toEqual(expect.arrayContaining(Object.keys(sentences)))
  }
})

test.each<[string[], string]>([
  [[], 'en'],
  [['de'], 'de'],
  [['DE-at'], 'de'],
  [['fr', 'de-CH'], 'de'],
  [['en-GB', 'de'], 'en'],
  [['fr'], 'en'],
  [['constructor'], 'en'],
])('a user who reads %j is told in "%s"', (locales, language) => {
  const english = DENY_SENTENCES.client_blocked
  const said = denySentence('client_blocked', locales)
  expect(said).toBe(TRANSLATED_DENY_SENTENCES[language]?.client_blocked ?? english)
})
