import { isObject, own } from '../actions/shared/json.ts'
import {
  isTextHash,
  type AskedDocument,
  type DocumentAnswer,
} from '../actions/shared/session-token.ts'
import type { TermsText } from './terms-texts.ts'

/** A document that is asked for, and the text that the page shows of it. */
export interface ShownDocument {
  readonly asked: AskedDocument
  readonly text: TermsText
  /** The languages it has, where the user's is not among them. */
  readonly onlyIn?: readonly string[]
}

/** What a form says about one document. */
export interface Choice {
  /** `undefined` where nothing was chosen, or nothing that may be chosen. */
  readonly answer: DocumentAnswer['answer'] | undefined
  /** The user ticked, or the script for the user, that the text was read. */
  readonly read: boolean
  /** `hash` of the text that the form was shown with. */
  readonly shown?: string
}

export const NO_CHOICE: Choice = { answer: undefined, read: false }

export type Choices = ReadonlyMap<string, Choice>

/** What keeps a form from being an answer, for the document with this `id`. */
export interface FormProblem {
  readonly id: string
  readonly kind: 'answer' | 'read' | 'changed'
}

/** A document that can be refused cannot be put off, and the other way round. */
export const refusalOf = ({ effective_at }: AskedDocument): 'declined' | 'deferred' =>
  effective_at === undefined ? 'declined' : 'deferred'

/**
 * Reads `answer_<id>`, `read_<id>` and `shown_<id>`. A field that was sent twice is unreadable.
 * @param button what stands for an absent `answer_<id>` where there is one document; several are
 * answered one by one.
 */
export const readChoices = (
  fields: unknown,
  documents: readonly AskedDocument[],
  button?: string,
): Choices => {
  const sole = documents.length === 1 ? button : undefined
  return new Map(
    documents.map((asked) => {
      const name = `answer_${asked.id}`
      const given = hasField(fields, name) ? readField(fields, name) : sole
      const answer = (['accepted', refusalOf(asked)] as const).find((allowed) => allowed === given)
      const shown = readField(fields, `shown_${asked.id}`)
      const read = readField(fields, `read_${asked.id}`) === 'yes'
      return [asked.id, { answer, read, ...(isTextHash(shown) && { shown }) }]
    }),
  )
}

/** The answers in the order of the documents, or everything that is still missing. */
export const parseAnswers = (
  documents: readonly ShownDocument[],
  choices: Choices,
):
  | { readonly answers: readonly DocumentAnswer[] }
  | { readonly problems: readonly FormProblem[] } => {
  const answers: DocumentAnswer[] = []
  const problems: FormProblem[] = []
  for (const { asked, text } of documents) {
    const { id, version, view } = asked
    const { answer, read, shown } = choices.get(id) ?? NO_CHOICE
    if (answer === undefined) problems.push({ id, kind: 'answer' })
    else if (shown !== undefined && shown !== text.hash) problems.push({ id, kind: 'changed' })
    else if (answer === 'accepted' && view !== undefined && !read)
      problems.push({ id, kind: 'read' })
    else answers.push({ id, version, answer, locale: text.locale, hash: text.hash })
  }
  return problems.length > 0 ? { problems } : { answers }
}

/** The documents whose refusal ends the sign-in. */
export const refusedDocuments = (
  documents: readonly ShownDocument[],
  answers: readonly DocumentAnswer[],
): ShownDocument[] =>
  documents.filter(({ asked }, index) => asked.required && answers[index]?.answer === 'declined')

/** The fields that stand for these choices in a form or in an address. */
export const fieldsOf = (choices: Choices): [name: string, value: string][] =>
  [...choices].flatMap(([id, { answer, read, shown }]) => [
    ...(answer === undefined ? [] : [[`answer_${id}`, answer] as [string, string]]),
    ...(read ? [[`read_${id}`, 'yes'] as [string, string]] : []),
    ...(shown === undefined ? [] : [[`shown_${id}`, shown] as [string, string]]),
  ])

/** A parameter that was sent once; repeated ones arrive as an array and count as missing. */
export const readField = (fields: unknown, name: string): string | undefined => {
  const value = own(fields, name)
  return typeof value === 'string' && value !== '' ? value : undefined
}

const hasField = (fields: unknown, name: string): boolean =>
  isObject(fields) && Object.hasOwn(fields, name)
