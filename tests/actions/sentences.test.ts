import { expect, test } from '@jest/globals'
import { SENTENCES as terms } from '../../actions/enforce-terms/sentences.ts'
import { SENTENCES as access } from '../../actions/guard-access/sentences.ts'

test.each([
  ['guard-access', access],
  ['enforce-terms', terms],
])('%s has a sentence for every code in every language', (_, sentences) => {
  const byLanguage: Record<string, Record<string, string>> = sentences
  const codes = Object.keys(sentences.en)
  for (const [language, said] of Object.entries(byLanguage)) {
    expect(Object.keys(said)).toEqual(codes)
    const short = Object.values(said).filter((sentence) => !/^\S.{20,}[.؟?]$/u.test(sentence))
    expect({ language, short }).toEqual({ language, short: [] })
  }
})
