import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from '@jest/globals'
import ts from 'typescript'

const pathOf = (file: string) =>
  fileURLToPath(new URL(`../../types/post-login/v3/${file}`, import.meta.url))

const parse = (file: string) =>
  ts.createSourceFile(file, readFileSync(pathOf(file), 'utf8'), ts.ScriptTarget.Latest, true)

const sources = [parse('event.d.ts'), parse('api.d.ts')]

const interfaces = new Map(
  sources
    .flatMap((source) => [...source.statements])
    .filter((statement) => ts.isInterfaceDeclaration(statement))
    .map((declaration) => [declaration.name.text, declaration]),
)

function interfaceNamed(name: string): ts.InterfaceDeclaration {
  const declaration = interfaces.get(name)
  if (!declaration) throw new Error(`no interface ${name} in types/post-login/v3`)
  return declaration
}

const questionMark = (node: { questionToken?: ts.Node | undefined }) =>
  node.questionToken ? '?' : ''

/** `name`, `name?`, `[key]` for an index signature, `name(parameter, option?): Returned`. */
function written(member: ts.TypeElement): string {
  if (ts.isIndexSignatureDeclaration(member)) return '[key]'
  if (!member.name) return '(…)'
  const name = member.name.getText() + questionMark(member)
  if (!ts.isMethodSignature(member)) return name
  const parameters = member.parameters.map((each) => each.name.getText() + questionMark(each))
  return `${name}(${parameters.join(', ')}): ${member.type?.getText() ?? ''}`
}

const list = (declaration: ts.InterfaceDeclaration) => declaration.members.map(written).sort()

/** The interface that a member holds, alone or in a list. */
function partOf(member: ts.TypeElement): { part: ts.InterfaceDeclaration; suffix: string } | null {
  if (!ts.isPropertySignature(member) || !member.type) return null
  const isList = ts.isArrayTypeNode(member.type)
  const type = isList ? member.type.elementType : member.type
  if (!ts.isTypeReferenceNode(type)) return null
  const part = interfaces.get(type.typeName.getText())
  return part ? { part, suffix: isList ? '[]' : '' } : null
}

/** Every object below `declaration` by its path, with its members. */
function surface(
  path: string,
  declaration: ts.InterfaceDeclaration,
  above: ts.InterfaceDeclaration[] = [],
): Record<string, string[]> {
  const found: Record<string, string[]> = { [path]: list(declaration) }
  for (const member of declaration.members) {
    const held = partOf(member)
    if (!held || held.part === declaration || above.includes(held.part)) continue
    const below = `${path}.${member.name?.getText() ?? ''}${held.suffix}`
    Object.assign(found, surface(below, held.part, [...above, declaration]))
  }
  return found
}

/** `?` may be absent, `[key]` open to further members. Typed by hand from Auth0's reference. */
const EVENT: Record<string, string> = {
  event:
    'agent? authentication? authorization? client configuration connection custom_domain? ' +
    'organization? prompt? refresh_token? request resource_server? secrets security_context? ' +
    'session? session_transfer_token? stats tenant transaction? user',
  'event.agent': 'agent_id agent_metadata name',
  'event.authentication': 'methods riskAssessment?',
  'event.authentication.methods[]': 'name timestamp',
  'event.authentication.riskAssessment': 'assessments confidence supplemental? version',
  'event.authentication.riskAssessment.assessments':
    'AgentDetection? ImpossibleTravel? NewDevice? UntrustedIP?',
  'event.authentication.riskAssessment.assessments.AgentDetection': 'code confidence details?',
  'event.authentication.riskAssessment.assessments.AgentDetection.details': 'provider?',
  'event.authentication.riskAssessment.assessments.ImpossibleTravel': 'code confidence',
  'event.authentication.riskAssessment.assessments.NewDevice': 'code confidence details?',
  'event.authentication.riskAssessment.assessments.NewDevice.details': 'device? useragent?',
  'event.authentication.riskAssessment.assessments.UntrustedIP': 'code confidence details?',
  'event.authentication.riskAssessment.assessments.UntrustedIP.details':
    'category? ip? matches? source?',
  'event.authentication.riskAssessment.supplemental': 'akamai?',
  'event.authentication.riskAssessment.supplemental.akamai': 'akamaiBot? akamaiUserRisk? [key]',
  'event.authentication.riskAssessment.supplemental.akamai.akamaiBot':
    'action? botCategory? botScore? botScoreResponseSegment? botnetId? type?',
  'event.authentication.riskAssessment.supplemental.akamai.akamaiUserRisk':
    'action? allow? emailDomain? general? ouid? requestid? risk? score? status? trust? username? ' +
    'uuid?',
  'event.authorization': 'roles',
  'event.client': 'client_id metadata name refresh_token?',
  'event.client.refresh_token': 'policies?',
  'event.client.refresh_token.policies[]': 'audience? scope?',
  'event.configuration': '',
  'event.connection': 'id metadata? name strategy',
  'event.custom_domain': 'domain domain_metadata',
  'event.organization': 'display_name id metadata name [key]',
  'event.prompt': 'fields? id vars?',
  'event.refresh_token':
    'client_id? created_at device? expires_at? id idle_expires_at? last_exchanged_at? metadata? ' +
    'resource_servers? rotating? session_id? session_transfer? user_id?',
  'event.refresh_token.device':
    'initial_asn? initial_ip? initial_user_agent? last_asn? last_ip? last_user_agent?',
  'event.refresh_token.resource_servers[]': 'audience scopes',
  'event.refresh_token.session_transfer': 'parent_refresh_token?',
  'event.refresh_token.session_transfer.parent_refresh_token': 'id?',
  'event.request': 'asn? body geoip hostname? ip language? method query user_agent?',
  'event.request.geoip':
    'cityName? continentCode? countryCode? countryCode3? countryName? latitude? longitude? ' +
    'subdivisionCode? subdivisionName? timeZone? [key]',
  'event.resource_server': 'identifier',
  'event.secrets': '[key]',
  'event.security_context': 'ja3? ja4?',
  'event.session':
    'actor? authenticated_at? clients? cookie? created_at? device? expires_at? id ' +
    'idle_expires_at? last_interacted_at? metadata? session_transfer? updated_at? user_id?',
  'event.session.actor': 'sub [key]',
  'event.session.clients[]': 'client_id',
  'event.session.cookie': 'mode',
  'event.session.device':
    'initial_asn? initial_ip? initial_user_agent? last_asn? last_ip? last_user_agent?',
  'event.session.session_transfer': 'parent_refresh_token?',
  'event.session.session_transfer.parent_refresh_token': 'id? metadata?',
  'event.session_transfer_token': 'client_id request scope',
  'event.session_transfer_token.request': 'asn? geoip? ip user_agent?',
  'event.session_transfer_token.request.geoip':
    'cityName? continentCode? countryCode? countryCode3? countryName? latitude? longitude? ' +
    'subdivisionCode? subdivisionName? timeZone? [key]',
  'event.stats': 'logins_count',
  'event.tenant': 'id',
  'event.transaction':
    'acr_values? actor? actor_token_type? correlation_id? id? linking_id? locale? login_hint? ' +
    'metadata prompt? protocol? redirect_uri? requested_authorization_details? requested_scopes? ' +
    'response_mode? response_type? state? subject_token_type? ui_locales? [key]',
  'event.transaction.actor': 'act? sub [key]',
  'event.transaction.requested_authorization_details[]': 'type [key]',
  'event.user':
    'app_metadata created_at email? email_verified enrolledFactors? family_name? given_name? ' +
    'identities last_password_reset? multifactor? name? nickname? phone_number? phone_verified? ' +
    'picture? updated_at user_id user_metadata username? [key]',
  'event.user.enrolledFactors[]': 'options? type [key]',
  'event.user.identities[]': 'connection? isSocial? profileData? provider? user_id? [key]',
}

const API: Record<string, string[]> = {
  api: [
    'access',
    'accessToken',
    'authentication',
    'cache',
    'groups',
    'idToken',
    'multifactor',
    'prompt',
    'redirect',
    'refreshToken',
    'roles',
    'rules',
    'samlResponse',
    'session',
    'transaction',
    'user',
    'validation',
  ],
  'api.access': ['deny(reason): PostLoginAPI'],
  'api.accessToken': [
    'addScope(scope): void',
    'removeScope(scope): void',
    'setCustomClaim(key, value): PostLoginAPI',
  ],
  'api.authentication': [
    'challengeWith(factor, options?): void',
    'challengeWithAny(factors): void',
    'enrollWith(factor, options?): void',
    'enrollWithAny(factors): void',
    'recordMethod(providerUrl): PostLoginAPI',
    'setPrimaryUser(primaryUserId): void',
  ],
  'api.cache': [
    'delete(key): CacheDeleteResult',
    'get(key): CacheRecord | undefined',
    'set(key, value, options?): CacheWriteResult',
  ],
  'api.groups': [
    'getUserGroups(params?): Promise<UserGroupsPage>',
    'hasGroupMembership(groups): Promise<GroupMemberships>',
  ],
  'api.idToken': ['setCustomClaim(key, value): PostLoginAPI'],
  'api.multifactor': ['enable(provider, options?): PostLoginAPI'],
  'api.prompt': ['render(promptId, promptOptions?): void'],
  'api.redirect': [
    'canRedirect(): boolean',
    'encodeToken(options): string',
    'sendUserTo(url, options?): PostLoginAPI',
    'validateToken(options): unknown',
  ],
  'api.refreshToken': [
    'deleteMetadata(key): void',
    'evictMetadata(): void',
    'revoke(reason): void',
    'setExpiresAt(absolute): void',
    'setIdleExpiresAt(inactivity): void',
    'setMetadata(key, value): void',
  ],
  'api.roles': [
    'getUserEffectiveRoles(params?): Promise<RolesPage>',
    'getUserEffectiveRolesByIds(ids): Promise<Roles>',
    'getUserEffectiveRolesByNames(names): Promise<Roles>',
  ],
  'api.rules': ['wasExecuted(ruleId): boolean'],
  'api.samlResponse': [
    'setAttribute(attribute, value): void',
    'setAudience(audience): void',
    'setAuthnContextClassRef(authnContextClassRef): void',
    'setCert(cert): void',
    'setCreateUpnClaim(createUpnClaim): void',
    'setDestination(destination): void',
    'setDigestAlgorithm(digestAlgorithm): void',
    'setDigestAlgorithm(digestAlgorithm): void',
    'setEncryptionAlgorithm(encryptionAlgorithm): void',
    'setEncryptionAlgorithm(encryptionAlgorithm): void',
    'setEncryptionCert(encryptionCert): void',
    'setEncryptionPublicKey(encryptionPublicKey): void',
    'setIncludeAttributeNameFormat(includeAttributeNameFormat): void',
    'setIssuer(issuer): void',
    'setKey(key): void',
    'setLifetimeInSeconds(lifetimeInSeconds): void',
    'setMapIdentities(mapIdentities): void',
    'setMapUnknownClaimsAsIs(mapUnknownClaimsAsIs): void',
    'setNameIdentifierFormat(nameIdentifierFormat): void',
    'setNameIdentifierProbes(nameIdentifierProbes): void',
    'setPassthroughClaimsWithNoMapping(passthroughClaimsWithNoMapping): void',
    'setRecipient(recipient): void',
    'setRelayState(relayState): void',
    'setSignResponse(signResponse): void',
    'setSignatureAlgorithm(signatureAlgorithm): void',
    'setSignatureAlgorithm(signatureAlgorithm): void',
    'setSigningCert(signingCert): void',
    'setTypedAttributes(typedAttributes): void',
  ],
  'api.session': [
    'deleteMetadata(key): void',
    'evictMetadata(): void',
    'revoke(reason, options?): void',
    'setCookieMode(mode): void',
    'setExpiresAt(absolute): void',
    'setIdleExpiresAt(inactivity): void',
    'setMetadata(key, value): void',
  ],
  'api.transaction': ['setMetadata(key, value): void'],
  'api.user': [
    'setAppMetadata(key, value): PostLoginAPI',
    'setUserMetadata(key, value): PostLoginAPI',
  ],
  'api.validation': ['error(errorCode, errorMessage): PostLoginAPI'],
}

/** What the official `@auth0/actions/post-login/v3` exports. */
const OFFICIAL_NAMES = [
  'Configuration',
  'Event',
  'PostLoginAPI',
  'PostLoginAction',
  'PromptAPI',
  'RefreshTokenAPI',
  'Secrets',
  'SessionAPI',
  'TransactionAPI',
]

describe('the members are those of Auth0, neither more nor fewer', () => {
  const event = surface('event', interfaceNamed('Event'))
  test.each(Object.entries(EVENT))('%s', (path, members) => {
    expect(event[path]).toEqual(members.split(' ').filter(Boolean).sort())
  })
  test('no object of the event is left out of this table', () => {
    expect(Object.keys(event).sort()).toEqual(Object.keys(EVENT).sort())
  })

  const api = surface('api', interfaceNamed('PostLoginAPI'))
  test.each(Object.entries(API))('%s', (path, members) => {
    expect(api[path]).toEqual([...members].sort())
  })
  test('no namespace of the api is left out of this table', () => {
    expect(Object.keys(api).sort()).toEqual(Object.keys(API).sort())
  })
})

describe('the package', () => {
  const program = ts.createProgram([pathOf('index.d.ts')], {
    strict: true,
    exactOptionalPropertyTypes: true,
    noPropertyAccessFromIndexSignature: true,
    verbatimModuleSyntax: true,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    target: ts.ScriptTarget.ES2023,
    types: [],
    noEmit: true,
  })

  // The root tsconfig skips declaration files, so nothing else would notice.
  test('compiles by itself', () => {
    const problems = ts
      .getPreEmitDiagnostics(program)
      .map((problem) => ts.flattenDiagnosticMessageText(problem.messageText, '\n'))
    expect(problems).toEqual([])
  })

  const checker = program.getTypeChecker()
  const index = program.getSourceFile(pathOf('index.d.ts'))
  const moduleSymbol = index && checker.getSymbolAtLocation(index)
  const exported = moduleSymbol ? checker.getExportsOfModule(moduleSymbol) : []

  test('exports the official names and two of its own', () => {
    const names = exported.map((symbol) => symbol.name).sort()
    expect(names).toEqual([...OFFICIAL_NAMES, 'JsonValue', 'Protocol'].sort())
  })

  test('exports no value: it has no code to run', () => {
    const values = exported.filter(
      (symbol) => checker.getAliasedSymbol(symbol).flags & ts.SymbolFlags.Value,
    )
    expect(values.map((symbol) => symbol.name)).toEqual([])
  })
})

describe('documentation', () => {
  const documented = sources
    .flatMap((source) => [...source.statements])
    .filter((statement) => !ts.isImportDeclaration(statement))
    .flatMap((statement): ts.Node[] =>
      ts.isInterfaceDeclaration(statement) ? [statement, ...statement.members] : [statement],
    )

  const commentOf = (node: ts.Node) =>
    ts
      .getJSDocCommentsAndTags(node)
      .map((comment) => comment.getText())
      .join('\n')

  const place = (node: ts.Node) => {
    const source = node.getSourceFile()
    const line = source.getLineAndCharacterOfPosition(node.getStart()).line + 1
    return `${source.fileName}:${line} ${node.getText().split('\n')[0] ?? ''}`
  }

  test('every member links to its page at Auth0', () => {
    const without = documented.filter(
      (node) => !/ @see https:\/\/auth0\.com\/docs\/[a-z0-9/-]+(?: \*\/)?$/m.test(commentOf(node)),
    )
    expect(without.map(place)).toEqual([])
  })

  test('whatever can throw says what, by kind', () => {
    const vague = documented.filter((node) => {
      const text = commentOf(node)
      return text.includes('@throws') && !/@throws (?:Error|TypeError|As )/.test(text)
    })
    expect(vague.map(place)).toEqual([])
  })

  test('what Auth0 has given up is marked as deprecated', () => {
    const deprecated = documented
      .filter((node) => ts.getJSDocDeprecatedTag(node) !== undefined)
      .map((node) => node.getText().split('\n')[0])
    expect(deprecated).toEqual([
      'readonly rules: RulesAPI',
      'canRedirect(): boolean',
      'export interface RulesAPI {',
      'wasExecuted(ruleId: string): boolean',
      "setDigestAlgorithm(digestAlgorithm: 'sha1'): void",
      "setEncryptionAlgorithm(encryptionAlgorithm: 'aes256-cbc'): void",
      "setSignatureAlgorithm(signatureAlgorithm: 'rsa-sha1'): void",
    ])
  })
})
