import type { HeadlessBrowser, Page } from '../headless-browser.ts'
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
      const answer = terms === 'accept' ? 'accepted' : 'declined'
      steps.push(`Terms page ${describe(url)}: ${answer}`)
      page = await browser.submit('form', { answer })
    } else if (page.document.querySelector('form#continue') !== null) {
      steps.push('Terms page → /continue with the signed answer')
      page = await browser.submit('form#continue')
    } else {
      return { steps, stuck: `does not know what to do at ${describe(url)}: ${textOf(page)}` }
    }
  }
  return { steps, stuck: `still not back after ${MAX_PAGES} pages` }
}

const describe = ({ host, pathname }: URL): string => host + pathname

const textOf = ({ document }: Page): string =>
  (document.querySelector('main') ?? document).text.replace(/\s+/g, ' ').trim().slice(0, 160)
