import type { Response } from 'express'
import { renderPage, sendPage } from './pages.ts'

/** For what cannot be told to an application: there is none, or it cannot be trusted to be right. */
export const showProblem = (
  response: Response,
  status: number,
  error: string,
  description: string,
): void => {
  sendPage(
    response,
    status,
    renderPage('error', { title: 'This did not work', error, description }),
  )
}
