/** The tenant's own pages, from the templates in `local-tenant/views`. */
import { viewsIn } from '../views/views.ts'
import type { OidcAnswer } from './answer.ts'

const views = viewsIn(new URL('../views/', import.meta.url))

export type View =
  | 'home'
  | 'login'
  | 'signup'
  | 'mailbox'
  | 'reset-password'
  | 'confirm'
  | 'idp'
  | 'error'
  | 'done'
  | 'form-post'
  | 'web-message'

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

/** How a page is sent, and which other sites it may deal with. */
export interface PagePolicy {
  status?: number
  /** An address that a form's answer may lead to: browsers hold redirects to `form-action` too. */
  formTarget?: string
  /** The origin whose silent sign-in frame may show the page; without it no other site may. */
  frameAncestor?: string
}

/** A page that no cache keeps, no other site frames and that runs no script but ours. */
export const page = (
  view: View,
  values: PageValues,
  { status = 200, formTarget, frameAncestor }: PagePolicy = {},
): OidcAnswer => {
  const { title, script = '' } = values
  const main = views.render(view, values)
  const target = formTarget === undefined ? '' : ` ${sourceOf(formTarget)}`
  return {
    status,
    headers: {
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
    },
    body: `<!doctype html>\n${views.render('layout', { title, script, main })}`,
  }
}

/** Tells the user what cannot be told to an application. */
export const problemPage = (status: number, error: string, description: string): OidcAnswer =>
  page('error', { title: 'This did not work', error, description }, { status })

/** The origin, or for a native application's own scheme the scheme. */
const sourceOf = (url: string): string => {
  const { origin, protocol } = new URL(url)
  return origin === 'null' ? protocol : origin
}
