import { expect, test } from '@jest/globals'
import { readChoices } from '../../portal/answer-form.ts'

const TERMS = { id: 'terms', version: '1', required: true }
const PRIVACY = { id: 'privacy', version: '1', required: true }

const answersIn = (fields: unknown, documents: Parameters<typeof readChoices>[1]) =>
  [...readChoices(fields, documents, 'accepted').values()].map(({ answer }) => answer)

test('a button answers the only document of a page, and none of several', () => {
  expect(answersIn({}, [TERMS])).toEqual(['accepted'])
  expect(answersIn({}, [TERMS, PRIVACY])).toEqual([undefined, undefined])
  expect(answersIn({ answer_terms: 'declined' }, [TERMS, PRIVACY])).toEqual(['declined', undefined])
})
