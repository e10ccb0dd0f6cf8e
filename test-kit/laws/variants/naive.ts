/**
 * The usual alternative to comparing: every value is set at every sign-in, as identity platforms do
 * that refresh mapped attributes on each one, and what must not be there is deleted each time.
 */
import type { Event, JsonValue, PostLoginAPI } from '@auth0/actions-types/post-login/v3'

export const onExecutePostLogin = async (event: Event, api: PostLoginAPI): Promise<void> => {
  const { user } = event
  api.user.setAppMetadata('idp', {
    department: user[
      'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/department'
    ] as JsonValue,
    groups: user['groups'] as JsonValue,
  })
  api.user.setUserMetadata('newsletter', String(user.user_metadata['newsletter']) === 'true')
  api.user.setUserMetadata('consentGiven', null)
}
