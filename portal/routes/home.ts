import { parseLocales } from '../../actions/shared/locales.ts'
import { chooseMessagesLocale, MESSAGES } from '../locales.ts'
import type { PageAnswer, PortalRequest } from './answer.ts'

/** `GET /`: nobody is sent there. */
export const showHome = ({ headers }: PortalRequest): PageAnswer => {
  const locale = chooseMessagesLocale(parseLocales([headers['accept-language']]))
  const { home } = MESSAGES[locale]
  const content = { home }
  return {
    page: { locale, kind: 'page-card', title: home.title, view: 'home', content },
    policy: 'plain',
  }
}
