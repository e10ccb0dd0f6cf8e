import { fieldsOf, parseAnswers, refusedDocuments } from '../answer-form.ts'
import { formatList, isolate, isolateName, MESSAGES } from '../locales.ts'
import type { Page } from '../pages.ts'
import type { ShownDocument } from '../answer-form.ts'
import { termsPage } from './show-terms.ts'
import {
  addressOf,
  describeLink,
  refuseAnswered,
  type TermsLink,
  type TermsRoute,
} from './terms-link.ts'

/**
 * `GET /terms/decline`: what a refusal means, before it is sent. A page of its own and not the answer
 * to the form, so that Back never asks to send again.
 */
export const showSecondLook: TermsRoute = async (portal, request, link) => {
  const answered = refuseAnswered(request, link)
  if (answered !== undefined) return answered
  const parsed = parseAnswers(link.documents, link.choices)
  const refused = 'answers' in parsed ? refusedDocuments(link.documents, parsed.answers) : []
  if (refused.length === 0) return termsPage(portal, link)
  return {
    page: secondLookPage(link, refused),
    policy: 'terms',
    log: { level: 'info', event: 'second_look', status: 200, ...describeLink(link) },
  }
}

const secondLookPage = (link: TermsLink, refused: readonly ShownDocument[]): Page => {
  const { language, locale, verified, choices, sessionToken, state } = link
  const { secondLook } = MESSAGES[locale]
  const titles = refused.map(({ text }) => isolate(text.title))
  const kept = new Map([...choices].filter(([id]) => !refused.some(({ asked }) => asked.id === id)))
  const fields = { session_token: sessionToken, state, locale: language, confirmed: 'yes' }
  return {
    locale,
    kind: 'page-card',
    title: secondLook.title,
    view: 'second-look',
    script: 'terms.js',
    content: {
      consequence: secondLook.consequence(
        isolateName(verified.request.client_name),
        formatList(titles, locale),
      ),
      fields: [...Object.entries(fields), ...fieldsOf(choices)].map(([name, value]) => ({
        name,
        value,
      })),
      answer: link.documents.length === 1 ? 'declined' : 'submitted',
      back: addressOf('/terms', { ...link, choices: kept }),
    },
  }
}
