import type { HeadlessBrowser, Page } from './headless-browser.ts'
import { PEOPLE_PASSWORD, type Person } from '../seed/people.ts'
import type { SignInOptions } from './options.ts'

/** Where the browser ended: back at the application, or on a page it could or would not leave. */
export interface Walk {
  steps: string[]
  /** Set when the browser came back to the application. */
  callback?: URL
  /** Why it did not. */
  stuck?: string
}

const MAX_PAGES = 8

/** Fills in each page as the person would, from the authorization request to the application. */
export const walkSignIn = async (
  browser: HeadlessBrowser,
  authorizationUrl: URL,
  person: Person,
  terms: SignInOptions['terms'],
): Promise<Walk> => {
  const steps = [`application → ${describe(authorizationUrl)}`]
  let page = await browser.open(authorizationUrl)
  for (let count = 0; count < MAX_PAGES; count++) {
    if (page.stopped)
      return { steps: [...steps, 'back at the application'], callback: new URL(page.url) }
    const url = new URL(page.url)
    if (page.status !== 200)
      return { steps, stuck: `${describe(url)} answered ${page.status}: ${textOf(page)}` }
    if (url.pathname === '/u/login') {
      steps.push(`login page: ${person.email} and the password`)
      page = await browser.submit('form', { username: person.email, password: PEOPLE_PASSWORD })
    } else if (url.pathname.startsWith('/idp/')) {
      steps.push(`identity provider ${person.connection}: ${person.email}`)
      page = await browser.submit('form', { account: person.account?.id ?? '' })
    } else if (page.document.querySelector('button[name=answer]') !== null) {
      if (terms === 'ignore')
        return {
          steps: [...steps, 'Terms page: left open'],
          stuck: 'the Terms page was not answered',
        }
      steps.push(`Terms page ${describe(url)}: ${terms === 'accept' ? 'accepted' : 'declined'}`)
      page = await browser.submit('form', answerTerms(page, terms))
    } else if (page.document.querySelector('form#continue') !== null) {
      steps.push('Terms page → /continue with the signed answer')
      page = await browser.submit('form#continue')
    } else {
      return { steps, stuck: `does not know what to do at ${describe(url)}: ${textOf(page)}` }
    }
  }
  return { steps, stuck: `still not back after ${MAX_PAGES} pages` }
}

/** The words of the Terms form that say so: one for each document it gives a choice for, or a button. */
const answerTerms = ({ document }: Page, terms: SignInOptions['terms']): Record<string, string> => {
  const wishes = terms === 'accept' ? ['accepted'] : ['declined', 'deferred']
  const options = new Map<string, string[]>()
  for (const field of document.querySelectorAll('input[type=radio], button[name=answer]')) {
    const name = field.getAttribute('name') ?? ''
    options.set(name, [...(options.get(name) ?? []), field.getAttribute('value') ?? ''])
  }
  // "I have read it", where a text has to be read before it is accepted.
  for (const tick of document.querySelectorAll('input[type=checkbox]'))
    options.set(tick.getAttribute('name') ?? '', [tick.getAttribute('value') ?? ''])
  return Object.fromEntries(
    [...options].map(([name, values]) => [
      name,
      wishes.find((wish) => values.includes(wish)) ?? values[0] ?? '',
    ]),
  )
}

const describe = ({ host, pathname }: URL): string => host + pathname

const textOf = ({ document }: Page): string =>
  (document.querySelector('main') ?? document).text.replace(/\s+/g, ' ').trim().slice(0, 160)
