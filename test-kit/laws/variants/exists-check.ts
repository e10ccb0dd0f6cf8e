/**
 * The usual remedy for the naive variant: a value is set when there is none yet, which a truthiness
 * check tells. It takes 0, false and '' for nothing, and never sees that a value has changed.
 */
import type { Event, JsonValue, PostLoginAPI } from '@auth0/actions-types/post-login/v3'

export const onExecutePostLogin = async (event: Event, api: PostLoginAPI): Promise<void> => {
  const { user } = event
  if (!user.app_metadata['idp']) {
    api.user.setAppMetadata('idp', {
      department: user[
        'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/department'
      ] as JsonValue,
      groups: user['groups'] as JsonValue,
    })
  }
  const isSubscribed: unknown = user.user_metadata['newsletter']
  if (!isSubscribed || isSubscribed === 'true' || isSubscribed === 'false') {
    api.user.setUserMetadata('newsletter', isSubscribed === 'true')
  }
  if (user.user_metadata['consentGiven']) api.user.setUserMetadata('consentGiven', null)
}
