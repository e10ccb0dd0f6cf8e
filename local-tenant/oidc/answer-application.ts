import type { Response } from 'express'
import type { AnswerTarget } from './authorization-request.ts'
import { renderPage, sendPage } from './pages.ts'

/**
 * Sends the browser back to the application with `parameters` and its own `state`, in the response
 * mode it asked for (OAuth 2.0 Multiple Response Type Encoding Practices, Form Post Response Mode;
 * `web_message` as in Auth0's SDKs).
 */
export const answerApplication = (
  response: Response,
  target: AnswerTarget,
  parameters: Record<string, string>,
): void => {
  const answer = {
    ...parameters,
    ...(target.state === undefined ? {} : { state: target.state }),
  }
  response.set('cache-control', 'no-store')
  switch (target.responseMode) {
    case 'query': {
      const url = new URL(target.redirectUri)
      for (const [name, value] of Object.entries(answer)) url.searchParams.set(name, value)
      response.redirect(302, url.href)
      return
    }
    case 'fragment': {
      const url = new URL(target.redirectUri)
      url.hash = new URLSearchParams(answer).toString()
      response.redirect(302, url.href)
      return
    }
    case 'form_post': {
      const html = renderPage('form-post', {
        title: 'Back to the application',
        action: target.redirectUri,
        fields: Object.entries(answer).map(([name, value]) => ({ name, value })),
        script: '/local/form-post.js',
      })
      sendPage(response, 200, html, { formTarget: target.redirectUri })
      return
    }
    case 'web_message': {
      const { origin } = new URL(target.redirectUri)
      const html = renderPage('web-message', {
        title: 'Answer for the application',
        message: JSON.stringify({ type: 'authorization_response', response: answer }),
        origin,
        script: '/local/web-message.js',
      })
      sendPage(response, 200, html, { frameAncestor: origin })
    }
  }
}

/** Tells the application that there will be no code (RFC 6749 §4.1.2.1). */
export const answerWithError = (
  response: Response,
  target: AnswerTarget,
  error: string,
  description: string,
): void => {
  answerApplication(response, target, { error, error_description: description })
}
