/**
 * All operations of Auth0's Management API, by path, as Auth0's SDK and its documentation name them.
 * https://auth0.com/docs/api/management/v2
 */
const OPERATIONS = `
/actions/actions GET POST
/actions/actions/:id DELETE GET PATCH
/actions/actions/:id/deploy POST
/actions/actions/:id/test POST
/actions/actions/:id/versions GET
/actions/actions/:id/versions/:id GET
/actions/actions/:id/versions/:id/deploy POST
/actions/executions/:id GET
/actions/modules GET POST
/actions/modules/:id DELETE GET PATCH
/actions/modules/:id/actions GET
/actions/modules/:id/rollback POST
/actions/modules/:id/versions GET POST
/actions/modules/:id/versions/:versionId GET
/actions/triggers GET
/actions/triggers/:id/bindings GET PATCH
/agents GET POST
/agents/:id DELETE GET PATCH
/anomaly/blocks/ips/:id DELETE GET
/attack-protection/bot-detection GET PATCH
/attack-protection/breached-password-detection GET PATCH
/attack-protection/brute-force-protection GET PATCH
/attack-protection/captcha GET PATCH
/attack-protection/phone-provider-protection GET PATCH
/attack-protection/suspicious-ip-throttling GET PATCH
/blacklists/tokens GET POST
/branding GET PATCH
/branding/phone/providers GET POST
/branding/phone/providers/:id DELETE GET PATCH
/branding/phone/providers/:id/try POST
/branding/phone/templates GET POST
/branding/phone/templates/:id DELETE GET PATCH
/branding/phone/templates/:id/reset PATCH
/branding/phone/templates/:id/try POST
/branding/templates/universal-login DELETE GET PUT
/branding/themes POST
/branding/themes/:themeId DELETE GET PATCH
/branding/themes/default GET
/client-grants GET POST
/client-grants/:id DELETE GET PATCH
/client-grants/:id/organizations GET
/clients GET POST
/clients/:clientId/credentials GET POST
/clients/:clientId/credentials/:credentialId DELETE GET PATCH
/clients/:id DELETE GET PATCH
/clients/:id/connections GET
/clients/:id/rotate-secret POST
/clients/cimd/preview POST
/clients/cimd/register POST
/connection-profiles GET POST
/connection-profiles/:id DELETE GET PATCH
/connection-profiles/templates GET
/connection-profiles/templates/:id GET
/connections GET POST
/connections-directory-provisionings GET
/connections-scim-configurations GET
/connections/:id DELETE GET PATCH
/connections/:id/clients GET PATCH
/connections/:id/directory-provisioning DELETE GET PATCH POST
/connections/:id/directory-provisioning/default-mapping GET
/connections/:id/directory-provisioning/synchronizations POST
/connections/:id/directory-provisioning/synchronized-groups DELETE GET POST PUT
/connections/:id/keys GET POST
/connections/:id/keys/rotate POST
/connections/:id/scim-configuration DELETE GET PATCH POST
/connections/:id/scim-configuration/default-mapping GET
/connections/:id/scim-configuration/tokens GET POST
/connections/:id/scim-configuration/tokens/:tokenId DELETE
/connections/:id/status GET
/connections/:id/users DELETE
/custom-domains GET POST
/custom-domains/:id DELETE GET PATCH
/custom-domains/:id/test POST
/custom-domains/:id/verify POST
/custom-domains/default GET PATCH
/device-credentials GET POST
/device-credentials/:id DELETE
/email-templates POST
/email-templates/:templateName GET PATCH PUT
/emails/provider DELETE GET PATCH POST
/event-streams GET POST
/event-streams/:id DELETE GET PATCH
/event-streams/:id/deliveries GET
/event-streams/:id/deliveries/:eventId GET
/event-streams/:id/redeliver POST
/event-streams/:id/redeliver/:eventId POST
/event-streams/:id/test POST
/events GET
/experimentation/experiments GET POST
/experimentation/experiments/:id/advance-ramp POST
/flows GET POST
/flows/:flowId/executions GET
/flows/:flowId/executions/:executionId DELETE GET
/flows/:id DELETE GET PATCH
/flows/vault/connections GET POST
/flows/vault/connections/:id DELETE GET PATCH
/forms GET POST
/forms/:id DELETE GET PATCH
/grants DELETE GET
/grants/:id DELETE
/groups GET
/groups/:id DELETE GET
/groups/:id/members GET
/groups/:id/roles DELETE GET POST
/guardian/enrollments/:id DELETE GET
/guardian/enrollments/ticket POST
/guardian/factors GET
/guardian/factors/:name PUT
/guardian/factors/duo/settings GET PATCH PUT
/guardian/factors/email/settings GET PUT
/guardian/factors/phone/message-types GET PUT
/guardian/factors/phone/providers/twilio GET PUT
/guardian/factors/phone/selected-provider GET PUT
/guardian/factors/phone/settings GET PUT
/guardian/factors/phone/templates GET PUT
/guardian/factors/push-notification/providers/apns GET PATCH PUT
/guardian/factors/push-notification/providers/fcm PATCH PUT
/guardian/factors/push-notification/providers/fcmv1 PATCH PUT
/guardian/factors/push-notification/providers/sns GET PATCH PUT
/guardian/factors/push-notification/selected-provider GET PUT
/guardian/factors/sms/providers/twilio GET PUT
/guardian/factors/sms/selected-provider GET PUT
/guardian/factors/sms/templates GET PUT
/guardian/policies GET PUT
/guardian/settings GET PUT
/hooks GET POST
/hooks/:id DELETE GET PATCH
/hooks/:id/secrets DELETE GET PATCH POST
/jobs/:id GET
/jobs/:id/errors GET
/jobs/users-exports POST
/jobs/users-imports POST
/jobs/verification-email POST
/keys/custom-signing DELETE GET PUT
/keys/encryption GET POST
/keys/encryption/:kid DELETE GET POST
/keys/encryption/:kid/wrapping-key POST
/keys/encryption/rekey POST
/keys/network-acls GET POST
/keys/network-acls/:id DELETE GET
/keys/signing GET
/keys/signing/:kid GET
/keys/signing/:kid/revoke PUT
/keys/signing/rotate POST
/log-streams GET POST
/log-streams/:id DELETE GET PATCH
/logs GET
/logs/:id GET
/network-acls GET POST
/network-acls/:id DELETE GET PATCH PUT
/organizations GET POST
/organizations/:id DELETE GET PATCH
/organizations/:id/client-grants GET POST
/organizations/:id/client-grants/:grantId DELETE
/organizations/:id/clients DELETE GET POST
/organizations/:id/clients/:clientId GET PATCH
/organizations/:id/connections GET POST
/organizations/:id/connections/:connectionId DELETE GET PATCH
/organizations/:id/discovery-domains GET POST
/organizations/:id/discovery-domains/:discoveryDomainId DELETE GET PATCH
/organizations/:id/discovery-domains/name/:discoveryDomain GET
/organizations/:id/enabled_connections GET POST
/organizations/:id/enabled_connections/:connectionId DELETE GET PATCH
/organizations/:id/invitations GET POST
/organizations/:id/invitations/:invitationId DELETE GET
/organizations/:id/members DELETE GET POST
/organizations/:id/members/:userId/effective-roles GET
/organizations/:id/members/:userId/effective-roles/sources/groups GET
/organizations/:id/members/:userId/roles DELETE GET POST
/organizations/:id/organization-templates GET
/organizations/:id/organization-templates/:templateId DELETE PUT
/organizations/:id/roles/:roleId/members GET
/organizations/:organizationId/groups GET
/organizations/:organizationId/groups/:groupId/roles DELETE GET POST
/organizations/:organizationId/roles/:roleId/groups GET
/organizations/name/:name GET
/organizations/search GET
/prompts GET PATCH
/prompts/:prompt/custom-text/:language GET PUT
/prompts/:prompt/partials GET PUT
/prompts/:prompt/screen/:screen/rendering GET PATCH
/prompts/rendering GET PATCH
/rate-limit-policies GET POST
/rate-limit-policies/:id DELETE GET PATCH
/refresh-tokens GET
/refresh-tokens/:id DELETE GET PATCH
/refresh-tokens/revoke POST
/resource-servers GET POST
/resource-servers/:id DELETE GET PATCH
/resource-servers/search GET
/risk-assessments/settings GET PATCH
/risk-assessments/settings/new-device GET PATCH
/roles GET POST
/roles/:id DELETE GET PATCH
/roles/:id/groups DELETE GET POST
/roles/:id/permissions DELETE GET POST
/roles/:id/users GET POST
/rules GET POST
/rules-configs GET
/rules-configs/:key DELETE PUT
/rules/:id DELETE GET PATCH
/self-service-profiles GET POST
/self-service-profiles/:id DELETE GET PATCH
/self-service-profiles/:id/custom-text/:language/:page GET PUT
/self-service-profiles/:id/sso-ticket POST
/self-service-profiles/:profileId/sso-ticket/:id/revoke POST
/sessions/:id DELETE GET PATCH
/sessions/:id/revoke POST
/stats/active-users GET
/stats/daily GET
/supplemental-signals GET PATCH
/tenants/settings GET PATCH
/tickets/email-verification POST
/tickets/password-change POST
/token-exchange-profiles GET POST
/token-exchange-profiles/:id DELETE GET PATCH
/user-attribute-profiles GET POST
/user-attribute-profiles/:id DELETE GET PATCH
/user-attribute-profiles/templates GET
/user-attribute-profiles/templates/:id GET
/user-blocks DELETE GET
/user-blocks/:id DELETE GET
/users GET POST
/users-by-email GET
/users/:id DELETE GET PATCH
/users/:id/authentication-methods DELETE GET POST PUT
/users/:id/authentication-methods/:authenticationMethodId DELETE GET PATCH
/users/:id/authenticators DELETE
/users/:id/connected-accounts GET
/users/:id/effective-permissions GET
/users/:id/effective-permissions/sources/effective-roles GET
/users/:id/effective-roles GET
/users/:id/effective-roles/sources/groups GET
/users/:id/enrollments GET
/users/:id/federated-connections-tokensets GET
/users/:id/federated-connections-tokensets/:tokensetId DELETE
/users/:id/groups GET
/users/:id/identities POST
/users/:id/identities/:provider/:userId DELETE
/users/:id/logs GET
/users/:id/multifactor/:provider DELETE
/users/:id/multifactor/actions/invalidate-remember-browser POST
/users/:id/organizations GET
/users/:id/permissions DELETE GET POST
/users/:id/recovery-code-regeneration POST
/users/:id/revoke-access POST
/users/:id/risk-assessments/clear POST
/users/:id/roles DELETE GET POST
/users/:userId/refresh-tokens DELETE GET
/users/:userId/sessions DELETE GET
/verifiable-credentials/verification/templates GET POST
/verifiable-credentials/verification/templates/:id DELETE GET PATCH
`

/** `GET /agents`, `POST /agents`, … */
export const operations: readonly string[] = OPERATIONS.trim()
  .split('\n')
  .flatMap((line) => {
    const [path, ...methods] = line.split(' ')
    return methods.map((method) => `${method} ${path ?? ''}`)
  })
