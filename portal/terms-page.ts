import {
  NO_CHOICE,
  refusalOf,
  type Choice,
  type Choices,
  type FormProblem,
  type ShownDocument,
} from './answer-form.ts'
import {
  formatDay,
  isolate,
  isolateName,
  listLocales,
  MESSAGES,
  type MessagesLocale,
} from './locales.ts'
import type { Messages } from './messages/messages.ts'
import type { Page } from './pages.ts'

export interface TermsPage {
  readonly locale: MessagesLocale
  /** What the user chose to read, where it is not a language of the pages. */
  readonly language: string
  /** At least one. */
  readonly documents: readonly ShownDocument[]
  readonly clientName: string
  readonly sessionToken: string
  readonly state: string
  readonly languages: NonNullable<Page['languages']>
  /** What was chosen before, on a page that is shown again. */
  readonly choices: Choices
  readonly problems: readonly FormProblem[]
}

/**
 * One document: its text, and a button for each answer. Several: each with its choices, texts to be
 * unfolded, and one button. Nothing is ticked in advance but what this user had ticked.
 */
export const describeTermsPage = (page: TermsPage): Page => {
  const { locale, language, clientName, sessionToken, state, languages, problems } = page
  const messages = MESSAGES[locale]
  const documents = page.documents.map((document) => describeDocument(document, page))
  const [single] = documents.length === 1 ? documents : []
  const name = isolateName(clientName)
  return {
    locale,
    kind: 'page-terms',
    title: single?.title ?? messages.manyTitle,
    view: 'terms',
    script: 'terms.js',
    languages,
    content: {
      language,
      sessionToken,
      state,
      documents,
      single,
      lead: leadFor(single, documents.length, name, messages),
      note: single?.note ?? messages.submitNote,
      problems: problems.map((problem) => describeProblem(problem, page.documents, messages)),
    },
  }
}

const leadFor = (
  single: { readonly required: boolean } | undefined,
  count: number,
  name: string,
  messages: Messages,
): string => {
  if (single === undefined) return messages.manyLead(name, count)
  return single.required ? messages.lead(name) : messages.optionalLead(name)
}

const describeDocument = ({ asked, text, onlyIn }: ShownDocument, page: TermsPage) => {
  const { locale, documents, choices, problems } = page
  const messages = MESSAGES[locale]
  const { id, version, required, previous, effective_at, view } = asked
  const choice = choices.get(id) ?? NO_CHOICE
  const nested = documents.length > 1
  const title = isolate(text.title)
  const has = (kind: FormProblem['kind']): boolean =>
    problems.some((problem) => problem.id === id && problem.kind === kind)
  const options = describeOptions({ asked, text }, choice, messages, has('answer'))
  const [, refusal] = options
  const day = effective_at === undefined ? undefined : isolate(formatDay(effective_at, locale))
  return {
    ...text,
    id,
    nested,
    view,
    required,
    importance: required ? messages.required : messages.optional,
    versionText: messages.version(isolate(version)),
    effectiveText: day === undefined ? '' : messages.effectiveFrom(day),
    changesHtml: text.changesHtml,
    changedSince:
      previous === undefined || text.changesHtml === undefined
        ? ''
        : messages.changedSince(isolate(previous)),
    onlyInText: onlyIn === undefined ? '' : messages.onlyIn(listLocales(onlyIn, locale)),
    collapsed: view === 'open',
    gateHint: view === 'scroll' ? messages.scrollFirst : messages.openFirst,
    gateDone: view === 'scroll' ? messages.scrolled(title) : messages.opened(title),
    readText: messages.read(title),
    read: choice.read,
    readProblem: has('read'),
    answerTo: messages.answerTo(title),
    options,
    note: noteFor(asked, page.clientName, day, messages),
    acceptance: required ? messages.accept : messages.options.agree,
    refusal: {
      value: refusal.value,
      label: required ? (day === undefined ? messages.decline : messages.later) : refusal.label,
    },
  }
}

const describeOptions = (
  { asked }: ShownDocument,
  choice: Choice,
  messages: Messages,
  problem: boolean,
) => {
  const { accept, agree, decline, disagree, later } = messages.options
  const refusal = refusalOf(asked)
  const refuse = asked.required ? decline : disagree
  const state = (value: string) => ({ value, chosen: value === choice.answer, problem })
  return [
    {
      ...state('accepted'),
      label: asked.required ? accept : agree,
      gated: asked.view !== undefined,
    },
    { ...state(refusal), label: refusal === 'deferred' ? later : refuse, gated: false },
  ] as const
}

const noteFor = (
  { required }: ShownDocument['asked'],
  clientName: string,
  day: string | undefined,
  messages: Messages,
): string => {
  if (!required) return messages.optionalNote
  return day === undefined ? messages.declineNote(isolateName(clientName)) : messages.laterNote(day)
}

/** A sentence, and the field that it is about. */
const describeProblem = (
  { id, kind }: FormProblem,
  documents: readonly ShownDocument[],
  messages: Messages,
) => {
  const title = documents.find(({ asked }) => asked.id === id)?.text.title ?? id
  const single = documents.length === 1
  const targets = {
    answer: single ? 'note' : `answer-${id}-accepted`,
    read: `read-${id}`,
    changed: `text-${id}`,
  }
  return { text: messages.problems[kind](isolate(title)), target: targets[kind] }
}
