import { describe, expect, test } from '@jest/globals'
import { SENTENCES as TERMS } from '../../../actions/enforce-terms/sentences.ts'
import { SENTENCES as ACCESS } from '../../../actions/guard-access/sentences.ts'
import {
  denySentence,
  FAILURE_SENTENCES,
  type Sentences,
} from '../../../actions/shared/deny-sentence.ts'

describe.each<[string, Sentences]>([
  ['enforce-terms', TERMS],
  ['guard-access', ACCESS],
  ['a failure', FAILURE_SENTENCES],
])('the sentences of %s', (_name, sentences) => {
  test.each(Object.keys(sentences.en))('tell %s in German too', (code) => {
    expect(sentences['de']?.[code]).toMatch(/^[A-Z][^@<>]{10,150}\.$/)
    expect(denySentence(sentences, code, ['de'])).not.toBe(sentences.en[code])
  })

  test('translate no code that there is not', () => {
    const codes = Object.keys(sentences.en)
    for (const translated of Object.values<object>(sentences as never)) {
      expect(codes).toEqual(expect.arrayContaining(Object.keys(translated)))
    }
  })
})

test.each<[string[], 'en' | 'de']>([
  [[], 'en'],
  [['de'], 'de'],
  [['DE-at'], 'de'],
  [['fr', 'de-CH'], 'de'],
  [['en-GB', 'de'], 'en'],
  [['fr'], 'en'],
  [['constructor'], 'en'],
])('a user who reads %j is told in "%s"', (locales, language) => {
  expect(denySentence(ACCESS, 'client_blocked', locales)).toBe(ACCESS[language].client_blocked)
})

test('a sentence that nobody translated is told in English', () => {
  const sentences: Sentences = { en: { own_code: 'Not today.' }, de: {} }
  expect(denySentence(sentences, 'own_code', ['de'])).toBe('Not today.')
})
