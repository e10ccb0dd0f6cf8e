import type { FormProblem } from '../answer-form.ts'
import { describeTermsPage } from '../terms-page.ts'
import { localesOf } from '../terms-texts.ts'
import type { PageAnswer, Portal } from './answer.ts'
import { describeLink, refuseAnswered, type TermsLink, type TermsRoute } from './terms-link.ts'

/** `GET /terms`: the documents and the form for an answer. */
export const showTerms: TermsRoute = async (portal, request, link) =>
  refuseAnswered(request, link) ?? {
    ...termsPage(portal, link),
    log: { level: 'info', event: 'terms_shown', status: 200, ...describeLink(link) },
  }

export const termsPage = (
  { texts }: Portal,
  { verified, language, ...link }: TermsLink,
  problems: readonly FormProblem[] = [],
): PageAnswer => ({
  page: describeTermsPage({
    ...link,
    language,
    clientName: verified.request.client_name,
    languages: localesOf(texts, verified.request.documents).map((other) => ({
      locale: other,
      current: other === language,
    })),
    problems,
  }),
  policy: 'terms',
})
