import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import Handlebars from 'handlebars'
import type { AskedDocument } from '../actions/shared/session-token.ts'
import { MESSAGES, type ErrorCode, type MessagesLocale } from './messages.ts'
import type { TermsText } from './terms-texts.ts'

/** A file that the pages load, served under a path that changes with its content. */
export interface Asset {
  readonly path: string
  readonly contentType: string
  readonly content: string
}

const readAsset = (name: string, contentType: string): Asset => {
  const content = readFileSync(new URL(`assets/${name}`, import.meta.url), 'utf8')
  const hash = createHash('sha256').update(content).digest('hex').slice(0, 12)
  return { path: `/assets/${hash}/${name}`, contentType, content }
}

const stylesheet = readAsset('portal.css', 'text/css; charset=utf-8')
const icon = readAsset('icon.svg', 'image/svg+xml; charset=utf-8')
const continueScript = readAsset('continue.js', 'text/javascript; charset=utf-8')

export const ASSETS: readonly Asset[] = [stylesheet, icon, continueScript]

const compileView = (name: string): ((view: object) => string) => {
  const source = readFileSync(new URL(`views/${name}.hbs`, import.meta.url), 'utf8')
  return Handlebars.compile(source, { strict: true })
}

const layoutView = compileView('layout')
const termsView = compileView('terms')
const continueView = compileView('continue')
const errorView = compileView('error')

const renderPage = (page: {
  readonly locale: MessagesLocale
  readonly title: string
  /** Path of a script, or empty. */
  readonly script: string
  /** HTML of one of the views above, already escaped. */
  readonly main: string
}): string =>
  `<!doctype html>\n${layoutView({ ...page, stylesheet: stylesheet.path, icon: icon.path })}`

/** A document that was asked for, with its text. */
export interface ShownDocument {
  readonly asked: AskedDocument
  readonly text: TermsText
}

/**
 * The texts with their answers: two buttons for one document, two options each for several. A
 * choice arrives as `answer_<id>`, or as `answer` for all. `sessionToken` and `state` go back to us.
 */
export const renderTermsPage = (page: {
  readonly locale: MessagesLocale
  readonly shown: readonly ShownDocument[]
  readonly clientName: string
  readonly sessionToken: string
  readonly state: string
}): string => {
  const { locale, shown, clientName, sessionToken, state } = page
  const messages = MESSAGES[locale]
  const documents = shown.map(({ asked, text }) => ({
    ...text,
    name: `answer_${asked.id}`,
    versionLine: messages.version(text.version),
    hint: asked.required ? '' : messages.optional,
    otherwise: asked.effective_at === undefined ? 'declined' : 'deferred',
    otherwiseLabel: asked.effective_at === undefined ? messages.decline : messages.defer,
  }))
  const view = {
    messages,
    lead: messages.lead(clientName),
    note: messages.note(clientName),
    documents,
    single: documents.length === 1 ? documents : [],
    several: documents.length === 1 ? [] : documents,
    sessionToken,
    state,
  }
  const title = shown.map(({ text }) => text.title).join(' · ')
  return renderPage({ locale, title, script: '', main: termsView(view) })
}

/** The form that carries the signed answer to Auth0: it submits itself, or waits for its button. */
export const renderContinuePage = (page: {
  readonly locale: MessagesLocale
  readonly continueUrl: string
  readonly sessionToken: string
}): string => {
  const messages = MESSAGES[page.locale]
  return renderPage({
    locale: page.locale,
    title: messages.continueTitle,
    script: continueScript.path,
    main: continueView({ ...page, messages }),
  })
}

/** What happened, what to do next, and what to tell the support. */
export const renderErrorPage = (page: {
  readonly locale: MessagesLocale
  readonly code: ErrorCode
  readonly reference: string
}): string => {
  const messages = MESSAGES[page.locale]
  const error = messages.errors[page.code]
  return renderPage({
    locale: page.locale,
    title: error.title,
    script: '',
    main: errorView({ ...page, messages, error }),
  })
}
