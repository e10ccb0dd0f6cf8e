/** A browser without a screen: cookies, redirects and forms, but no scripts. */
import { parse, type HTMLElement } from 'node-html-parser'
import { CookieJar } from 'tough-cookie'
import type { LocalFetch } from '../local-fetch.ts'

export interface Page {
  url: string
  status: number
  headers: Headers
  html: string
  document: HTMLElement
  /** The browser arrived at a `stopAt` address, which was not asked for anything. */
  stopped: boolean
  /** What a form would have posted to the `stopAt` address (`response_mode=form_post`). */
  posted?: Record<string, string>
}

export interface HeadlessBrowserOptions {
  fetch: LocalFetch
  /** Beginnings of addresses that are not fetched: the application's `redirect_uri`. */
  stopAt?: readonly string[]
  headers?: Record<string, string>
}

export interface HeadlessBrowser {
  readonly cookies: CookieJar
  /** Where the browser is; throws before the first `open`. */
  readonly page: Page
  open(url: string | URL): Promise<Page>
  /**
   * Sends the first form that matches `selector` (default: the first form of the page) with the
   * values it holds, `values` over them. A button counts only when `values` names it.
   */
  submit(selector?: string, values?: Record<string, string>): Promise<Page>
}

const MAX_REDIRECTS = 20

/** A fresh browser with no cookies. Every `stopAt` page ends the walk; `open` may go on from it. */
export const createHeadlessBrowser = (options: HeadlessBrowserOptions): HeadlessBrowser => {
  const cookies = new CookieJar(undefined, { rejectPublicSuffixes: false })
  let current: Page | undefined
  const here = (): Page => {
    if (current === undefined) throw new Error('The browser has not opened a page yet')
    return current
  }
  const visit = async (url: string, form?: URLSearchParams): Promise<Page> =>
    (current = await followRedirects({ ...options, cookies, from: current }, url, form))
  return {
    cookies,
    get page() {
      return here()
    },
    open: (url) => visit(String(url)),
    submit: (selector = 'form', values = {}) => {
      const page = here()
      const form = page.document.querySelector(selector)
      if (form?.tagName !== 'FORM') {
        throw new Error(`No form matches ${selector} at ${withoutQuery(page.url)}`)
      }
      const fields = new URLSearchParams({ ...readForm(form), ...values })
      const action = new URL(form.getAttribute('action') ?? page.url, page.url)
      if ((form.getAttribute('method') ?? 'get').toLowerCase() === 'post') {
        return visit(action.href, fields)
      }
      action.search = fields.toString()
      return visit(action.href)
    },
  }
}

interface Visit extends HeadlessBrowserOptions {
  cookies: CookieJar
  /** The page whose link or form leads there. */
  from: Page | undefined
}

/** The page at the end of all redirects; a form is sent again only where the redirect says so. */
const followRedirects = async (
  visit: Visit,
  url: string,
  form: URLSearchParams | undefined,
): Promise<Page> => {
  let target = url
  let body = form
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
    if (visit.stopAt?.some(isBeginningOf(target))) return stoppedPage(target, body)
    const answer = await request(visit, target, body)
    const location = answer.headers.get('location')
    if (answer.status < 300 || answer.status > 399 || location === null) {
      return loadedPage(target, answer)
    }
    target = new URL(location, target).href
    if (answer.status !== 307 && answer.status !== 308) body = undefined
  }
  throw new Error(`More than ${MAX_REDIRECTS} redirects, the last to ${withoutQuery(target)}`)
}

const request = async (
  { fetch, headers, cookies, from }: Visit,
  url: string,
  form: URLSearchParams | undefined,
): Promise<Response> => {
  const answer = await fetch(url, {
    method: form === undefined ? 'GET' : 'POST',
    headers: {
      accept: 'text/html',
      ...headers,
      cookie: await cookies.getCookieString(url),
      ...(form === undefined
        ? {}
        : { 'content-type': 'application/x-www-form-urlencoded', ...originOf(from) }),
    },
    body: form?.toString(),
    redirect: 'manual',
  })
  for (const cookie of answer.headers.getSetCookie()) await cookies.setCookie(cookie, url)
  return answer
}

const isBeginningOf =
  (url: string) =>
  (beginning: string): boolean =>
    url.startsWith(beginning)

const loadedPage = async (url: string, answer: Response): Promise<Page> => {
  const { status, headers } = answer
  const html = await answer.text()
  return { url, status, headers, html, document: parse(html), stopped: false }
}

/** The values a form holds as it was served: what a browser would send without a button. */
const readForm = (form: HTMLElement): Record<string, string> => {
  const values: Record<string, string> = {}
  for (const field of form.querySelectorAll('input, select, textarea')) {
    const name = field.getAttribute('name')
    if (name === undefined || field.hasAttribute('disabled')) continue
    const type = field.getAttribute('type') ?? 'text'
    if (type === 'submit' || type === 'button') continue
    if ((type === 'checkbox' || type === 'radio') && !field.hasAttribute('checked')) continue
    if (field.tagName === 'SELECT') {
      const option = field.querySelector('option[selected]') ?? field.querySelector('option')
      values[name] = option?.getAttribute('value') ?? option?.text ?? ''
    } else if (field.tagName === 'TEXTAREA') {
      values[name] = field.text
    } else {
      values[name] = field.getAttribute('value') ?? (type === 'checkbox' ? 'on' : '')
    }
  }
  return values
}

const stoppedPage = (url: string, body: URLSearchParams | undefined): Page => ({
  url,
  status: 0,
  headers: new Headers(),
  html: '',
  document: parse(''),
  stopped: true,
  ...(body === undefined ? {} : { posted: Object.fromEntries(body) }),
})

const originOf = (page: Page | undefined): Record<string, string> =>
  page === undefined ? {} : { origin: new URL(page.url).origin }

const withoutQuery = (url: string): string => {
  const { origin, pathname } = new URL(url)
  return origin + pathname
}
