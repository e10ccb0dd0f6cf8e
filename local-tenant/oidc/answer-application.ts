import { redirectTo, type OidcAnswer } from './answer.ts'
import type { AnswerTarget, ResponseMode } from './authorization-request.ts'
import { page } from './pages.ts'

/**
 * Sends the browser back to the application with `parameters` and its own `state`, in the response
 * mode it asked for (OAuth 2.0 Multiple Response Type Encoding Practices, Form Post Response Mode;
 * `web_message` as in Auth0's SDKs).
 */
export const answerApplication = (
  target: AnswerTarget,
  parameters: Record<string, string>,
): OidcAnswer => {
  const { redirectUri, responseMode, state } = target
  return WAYS_BACK[responseMode](redirectUri, {
    ...parameters,
    ...(state === undefined ? {} : { state }),
  })
}

/** Tells the application that there will be no code (RFC 6749 §4.1.2.1). */
export const answerWithError = (
  target: AnswerTarget,
  error: string,
  description: string,
): OidcAnswer => answerApplication(target, { error, error_description: description })

const WAYS_BACK: Record<
  ResponseMode,
  (redirectUri: string, answer: Record<string, string>) => OidcAnswer
> = {
  query(redirectUri, answer) {
    const url = new URL(redirectUri)
    for (const [name, value] of Object.entries(answer)) url.searchParams.set(name, value)
    return redirectTo(url.href)
  },
  fragment(redirectUri, answer) {
    const url = new URL(redirectUri)
    url.hash = new URLSearchParams(answer).toString()
    return redirectTo(url.href)
  },
  form_post(redirectUri, answer) {
    const values = {
      title: 'Back to the application',
      action: redirectUri,
      fields: Object.entries(answer).map(([name, value]) => ({ name, value })),
      script: '/local/form-post.js',
    }
    return page('form-post', values, { formTarget: redirectUri })
  },
  web_message(redirectUri, answer) {
    const { origin } = new URL(redirectUri)
    const values = {
      title: 'Answer for the application',
      message: JSON.stringify({ type: 'authorization_response', response: answer }),
      origin,
      script: '/local/web-message.js',
    }
    return page('web-message', values, { frameAncestor: origin })
  },
}
