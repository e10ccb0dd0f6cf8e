import { decodeJwt } from 'jose'
import type { FlowTrace } from '../../local-tenant/trace.ts'
import { DATABASE, people, PEOPLE_PASSWORD } from '../seed/people.ts'
import type { Client } from '../../local-tenant/store.ts'
import { viewsIn } from '../../local-tenant/views/views.ts'
import type { SignInResult } from './demo-sessions.ts'

const views = viewsIn(new URL('views/', import.meta.url))

type Clients = Readonly<Record<string, Client>>

/** The people, what each shows, and a way to sign in as each. */
export const renderHome = (clients: Clients): string =>
  renderDemo(
    'Sign in as …',
    views.render('home', {
      password: PEOPLE_PASSWORD,
      people: people.map((person) => ({
        name: person.name,
        email: person.email,
        shows: person.shows,
        connection: person.connection,
        application: nameOf(clients, person.clientId),
        hasPassword: person.connection === DATABASE,
        url: signInUrl(person.email),
      })),
    }),
  )

/** What a sign-in brought: tokens, the flow Action by Action, and the metadata as it is now. */
export const renderResult = (result: SignInResult, clients: Clients): string => {
  const { outcome, flow } = result
  const isSignedIn = outcome.kind === 'signed_in'
  const person = people.find(({ email }) => email === result.email)
  return renderDemo(
    isSignedIn ? 'Signed in' : 'Refused',
    views.render('result', {
      isSignedIn,
      who: person?.name ?? result.email,
      application: nameOf(clients, result.clientId),
      error: outcome.kind === 'refused' ? outcome.error : '',
      description: outcome.kind === 'refused' ? outcome.description : '',
      againUrl: `${signInUrl(result.email)}&again=1`,
      actions: (flow?.actions ?? []).map(describeAction),
      writes: describeWrites(flow),
      documents: [
        ...tokenDocument('ID token', result.idToken),
        ...tokenDocument('Access token', result.accessToken),
        ...metadataDocuments(result),
      ],
    }),
  )
}

export const renderDemoProblem = (problem: string): string =>
  renderDemo('This did not work', views.render('problem', { problem }))

const renderDemo = (title: string, main: string): string =>
  `<!doctype html>\n${views.render('layout', { title, main })}`

const describeAction = (run: FlowTrace['actions'][number]) => ({
  action: run.action,
  handler: run.handler,
  outcome: run.outcome,
  duration: run.durationMs.toFixed(1),
  reason: run.reason ?? '',
  commands: run.commands.map(
    ({ name, arguments: given }) =>
      `api.${name}(${given.map((value) => JSON.stringify(value)).join(', ')})`,
  ),
  logs: run.logs.map(({ level, message }) => `${level}: ${message}`),
})

const describeWrites = (flow: FlowTrace | undefined): string => {
  const count = flow?.profile_writes.length ?? 0
  return count === 0 ? 'No profile write' : `${count} profile write${count === 1 ? '' : 's'}`
}

/** An access token without an API is opaque to applications. */
const tokenDocument = (title: string, token: string | undefined) => {
  if (token === undefined) return []
  return [{ title, json: token.split('.').length === 3 ? toJson(decodeJwt(token)) : 'opaque' }]
}

const metadataDocuments = ({ metadata }: SignInResult) =>
  metadata === undefined
    ? []
    : [
        { title: 'app_metadata', json: toJson(metadata.app_metadata) },
        { title: 'user_metadata', json: toJson(metadata.user_metadata) },
      ]

const toJson = (value: unknown): string => JSON.stringify(value, null, 2)

const nameOf = (clients: Clients, clientId: string): string => clients[clientId]?.name ?? clientId

const signInUrl = (email: string): string => `/sign-in?email=${encodeURIComponent(email)}`
