import type { DocumentAnswer } from '../../actions/shared/session-token.ts'
import { NO_CHOICE, parseAnswers, readField, refusedDocuments } from '../answer-form.ts'
import {
  isSameAnswer,
  makeAnswerMarker,
  readAnswerMarker,
  renderMarkerCookie,
} from '../answer-marker.ts'
import { MESSAGES } from '../locales.ts'
import { lookUpLocale } from '../look-up-locale.ts'
import { signTermsAnswer } from '../session-tokens.ts'
import { findTermsText, localesOf } from '../terms-texts.ts'
import type { PageAnswer, Portal } from './answer.ts'
import { termsPage } from './show-terms.ts'
import {
  addressOf,
  describeLink,
  refuseAnswered,
  type TermsLink,
  type TermsRoute,
} from './terms-link.ts'

/** `POST /terms`: the form, sent by a button for an answer or by one for another language. */
export const takeAnswer: TermsRoute = async (portal, request, link) => {
  const language = readField(request.parameters, 'switch')
  if (language !== undefined) {
    return refuseAnswered(request, link) ?? switchLanguage(portal, link, language)
  }
  const parsed = parseAnswers(link.documents, link.choices)
  if ('problems' in parsed) {
    const reason = parsed.problems.map(({ id, kind }) => `${id}:${kind}`).join(' ')
    return (
      refuseAnswered(request, link) ?? {
        ...termsPage(portal, link, parsed.problems),
        status: 400,
        log: { level: 'info', event: 'refused', status: 400, code: 'answer_missing', reason },
      }
    )
  }
  const { answers } = parsed
  const kept = readAnswerMarker(request.headers.cookie, link.verified)
  if (kept !== undefined && !isSameAnswer(kept, makeAnswerMarker(link.verified, answers))) {
    return { refusal: 'already_answered', locales: [link.locale] }
  }
  const isConfirmed = readField(request.parameters, 'confirmed') === 'yes'
  return !isConfirmed && refusedDocuments(link.documents, answers).length > 0
    ? { redirect: addressOf('/terms/decline', link) }
    : continuePage(portal, link, answers)
}

/** The same page in another language: answers stay, and a tick for a text that is another now does not. */
const switchLanguage = (
  { texts, brand }: Portal,
  link: TermsLink,
  wanted: string,
): { redirect: string } => {
  const asked = link.verified.request.documents
  const language = lookUpLocale([wanted], localesOf(texts, asked)) ?? link.language
  const choices = new Map(
    link.documents.map(({ asked: document, text }) => {
      const choice = link.choices.get(document.id) ?? NO_CHOICE
      const next = findTermsText(texts, document, [language], brand.defaultLocale)
      return [document.id, { ...choice, read: choice.read && next?.hash === text.hash }]
    }),
  )
  return { redirect: addressOf('/terms', { ...link, choices, language }) }
}

/** The page that posts the signed answer to Auth0. */
const continuePage = async (
  { now }: Portal,
  link: TermsLink,
  answers: readonly DocumentAnswer[],
): Promise<PageAnswer> => {
  const { verified, state, locale } = link
  const sessionToken = await signTermsAnswer(verified, { answers, state }, now())
  const continueUrl = `https://${verified.loginHost}/continue?state=${encodeURIComponent(state)}`
  return {
    page: {
      locale,
      kind: 'page-card',
      title: MESSAGES[locale].continueTitle,
      view: 'continue',
      script: 'continue.js',
      content: { continueUrl, sessionToken },
    },
    policy: 'continue',
    cookie: renderMarkerCookie(makeAnswerMarker(verified, answers)),
    log: {
      level: 'info',
      event: 'terms_answered',
      status: 200,
      answers: answers.map(({ answer }) => answer),
      ...describeLink(link),
    },
  }
}
