/** The tenant's own pages, from the templates in `local-tenant/views`. */
import type { Response } from 'express'
import { viewsIn } from '../views/views.ts'

const views = viewsIn(new URL('../views/', import.meta.url))

export type View = 'home' | 'login' | 'idp' | 'error' | 'signed-out' | 'form-post' | 'web-message'

interface PageValues {
  title: string
  /** A file of `/local/` that the page runs. */
  script?: string
  [value: string]: unknown
}

/** The files that pages load, by their address. */
export const readAssets = (): { path: string; type: string; content: string }[] => [
  { path: '/local/style.css', type: 'css', content: views.read('style.css') },
  { path: '/local/form-post.js', type: 'js', content: views.read('form-post.js') },
  { path: '/local/web-message.js', type: 'js', content: views.read('web-message.js') },
]

export const renderPage = (view: View, values: PageValues): string => {
  const { title, script = '' } = values
  const main = views.render(view, values)
  return `<!doctype html>\n${views.render('layout', { title, script, main })}`
}

/** Which others a page has to do with. */
export interface PagePolicy {
  /** An address that a form's answer may lead to: browsers hold redirects to `form-action` too. */
  formTarget?: string
  /** The origin whose silent sign-in frame may show the page; without it no other site may. */
  frameAncestor?: string
}

/** Sends a page that no cache keeps, no other site frames and that runs no script but ours. */
export const sendPage = (
  response: Response,
  status: number,
  html: string,
  { formTarget, frameAncestor }: PagePolicy = {},
): void => {
  const target = formTarget === undefined ? '' : ` ${sourceOf(formTarget)}`
  response
    .status(status)
    .set({
      'content-security-policy': [
        `default-src 'none'`,
        `style-src 'self'`,
        `script-src 'self'`,
        `img-src data:`,
        `base-uri 'none'`,
        // An Action may send the user anywhere from here, so all of HTTPS has to be open.
        `form-action 'self' https: http://localhost:*${target}`,
        `frame-ancestors ${frameAncestor ?? `'none'`}`,
      ].join('; '),
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
    })
    .type('html')
    .send(html)
}

/** The origin, or for a native application's own scheme the scheme. */
const sourceOf = (url: string): string => {
  const { origin, protocol } = new URL(url)
  return origin === 'null' ? protocol : origin
}
