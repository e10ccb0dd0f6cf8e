import { expect, test } from '@jest/globals'
import { MESSAGES } from '../../portal/locales.ts'

/** What a message says with these words, and without. */
const said = (message: (...words: unknown[]) => string): string[] =>
  [
    ['Acme', 3, 'more'],
    ['', 1, ''],
  ].map((words) => message(...words))

/** Every sentence, by its place. */
const sentencesIn = (messages: unknown, path = ''): [string, string][] => {
  if (typeof messages === 'string') return [[path, messages]]
  if (typeof messages === 'function') {
    return said(messages as (...words: unknown[]) => string).map((text) => [path, text])
  }
  return Object.entries(messages as object).flatMap(([name, inner]) =>
    sentencesIn(inner, `${path}.${name}`),
  )
}

test.each(Object.entries(MESSAGES))('in %s no message is empty', (_, messages) => {
  const sentences = sentencesIn(messages)
  expect(sentences.length).toBeGreaterThan(60)
  expect(sentences.filter(([, text]) => text.trim() === '')).toEqual([])
})
