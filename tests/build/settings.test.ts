import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { buildActions } from '../../build/build-actions.ts'
import { runToExitCode } from '../../cli/run-command.ts'
import { deploy } from '../../deploy/commands/deploy.ts'
import { validate } from '../../deploy/commands/validate.ts'
import { withoutAction } from '../../test-kit/build/edit-tenant.ts'
import { MiniProject } from '../../test-kit/build/mini-project.ts'

const CLAIMS = 'actions/add-claims/settings.ts'
const TERMS = 'actions/enforce-terms/settings.ts'
const PROFILE = 'actions/enrich-profile/settings.ts'
const ACCESS = 'actions/guard-access/settings.ts'
const MAPPINGS = 'actions/map-idp-attributes/settings.ts'
const EXTERNAL = 'actions/external-keys.ts'

/** Settings of a team that has nothing but what the tests below are about. */
const TEAM: Readonly<Record<string, string>> = {
  [CLAIMS]: `export const settings = {
    maxClaimBytes: 100,
    maxTokenBytes: 1000,
    claims: [
      {
        claim: 'https://team.example/unit',
        from: { metadata: 'app_metadata', path: ['idp', 'unit'] },
        tokens: ['id_token'],
      },
      {
        claim: 'https://team.example/contract',
        from: { metadata: 'app_metadata', path: ['contract', 'kind'] },
        tokens: ['id_token'],
      },
    ],
  }`,
  [TERMS]: `export const settings = {
    refreshGraceDays: 1,
    documents: [
      {
        id: 'rules',
        title: 'Rules',
        required: true,
        versions: [{ version: '1', effectiveAt: '2025-01-15T00:00:00Z', mustReaccept: true }],
        when: { not: { appMetadata: { path: ['robot'], equals: true } } },
      },
    ],
  }`,
  [PROFILE]: `export const settings = {
    signUpFields: { city: { type: 'string', maxLength: 9 } },
    refusedSignUpFields: [],
    tasks: ['assign_customer_id'],
    lookups: {
      crm: {
        urlSecret: 'CUSTOMER_URL',
        tokenSecret: 'CUSTOMER_TOKEN',
        id: ['customer_id'],
        timeoutMs: 9,
        freshForHours: 9,
        pick: { tier: { path: ['tier'], type: 'string', maxLength: 9 } },
      },
    },
    budgetMs: 9,
    preferredLanguage: { key: 'lang', supported: ['en'] },
  }`,
  [ACCESS]: `export const settings = { emailTrustedConnections: [] }`,
  [MAPPINGS]: `export const settings = {
    defaults: { mode: 'force', missing: 'keep', unusable: 'keep' },
    limits: { length: 99, elements: 9, bytes: 999 },
    mappings: [
      {
        when: {},
        from: [{ attribute: ['unit'] }],
        transforms: ['lower'],
        as: 'string',
        missing: 'delete',
        to: { metadata: 'app_metadata', path: ['idp', 'unit'] },
      },
    ],
  }`,
  [EXTERNAL]: `export const externalKeys = [
    { key: 'app_metadata.robot', writer: 'administrator', why: 'No human signs in with it.' },
    { key: 'app_metadata.contract', writer: 'identityProvider', why: 'A partner sends it.' },
  ]`,
}

let project: MiniProject
beforeAll(async () => {
  project = await MiniProject.create()
})
beforeEach(async () => {
  for (const [file, text] of Object.entries(TEAM)) await project.write(file, text)
})
afterAll(async () => {
  await project.remove()
})

const problems = async (): Promise<string[]> => {
  const result = await buildActions(project.root)
  return result.ok ? [] : result.problems.map(({ path, message }) => `${path} ${message}`)
}

/** What the build says of the team's settings once `old` is `text`. */
const problemsAfter = async (file: string, old: string, text: string): Promise<string[]> => {
  await project.replace(file, old, text)
  return problems()
}

test('the settings that the tests below break are accepted', async () => {
  expect(await problems()).toEqual([])
})

describe('a word that nothing knows is refused, with its place and what was probably meant:', () => {
  test.each([
    [
      'mappings[0].mising is unknown: did you mean `missing`?',
      MAPPINGS,
      "missing: 'delete'",
      "mising: 'delete'",
    ],
    [
      'mappings[0].transforms[0] is "lowercase": did you mean "lower"?',
      MAPPINGS,
      "['lower']",
      "['lowercase']",
    ],
    [
      'mappings[0].transforms[0].lookup is unknown: did you mean `lookUp`?',
      MAPPINGS,
      "['lower']",
      '[{ lookup: { table: {} } }]',
    ],
    [
      'defaults.mode is "always"; it must be "import", "force", or "fill"',
      MAPPINGS,
      "mode: 'force'",
      "mode: 'always'",
    ],
    [
      'mappings[0].as is "text"; it must be "strings", "string", "date", "integer", or "boolean"',
      MAPPINGS,
      "as: 'string'",
      "as: 'text'",
    ],
    [
      'mappings[0].from[0].atribute is unknown: did you mean `attribute`?',
      MAPPINGS,
      'attribute:',
      'atribute:',
    ],
    [
      'mappings[0].when.conection is unknown: did you mean `connection`?',
      MAPPINGS,
      'when: {},',
      'when: { conection: [] },',
    ],
    [
      'claims[0].tokens[0] is "idtoken": did you mean "id_token"?',
      CLAIMS,
      "'id_token'",
      "'idtoken'",
    ],
    [
      'claims[0].from.metdata is unknown: did you mean `metadata`?',
      CLAIMS,
      'metadata:',
      'metdata:',
    ],
    [
      'maxTokenBytes is a string; it must be a number',
      CLAIMS,
      'maxTokenBytes: 1000',
      'maxTokenBytes: "1000"',
    ],
    [
      'documents[0].when.not.appMetdata is unknown: did you mean `appMetadata`?',
      TERMS,
      'not: { appMetadata',
      'not: { appMetdata',
    ],
    [
      'documents[0].when.not.appMetadata.equals is null; it must be a string, a number, true or false',
      TERMS,
      'equals: true',
      'equals: null',
    ],
    [
      'lookups.crm.freshHours is unknown: did you mean `freshForHours`?',
      PROFILE,
      'freshForHours',
      'freshHours',
    ],
    [
      'signUpFields.city.type is "text"; it must be "string", "boolean", "integer", "number", or "date"',
      PROFILE,
      "type: 'string', maxLength: 9 } },\n    refused",
      "type: 'text', maxLength: 9 } },\n    refused",
    ],
    [
      'tasks[0] is "assign_custmer_id": did you mean "assign_customer_id"?',
      PROFILE,
      "['assign_customer_id']",
      "['assign_custmer_id']",
    ],
    [
      'emailTrustedConnections is an object; it must be a list',
      ACCESS,
      'emailTrustedConnections: []',
      'emailTrustedConnections: {}',
    ],
    [
      'externalKeys[0].writer is "admin": did you mean "administrator"?',
      EXTERNAL,
      "writer: 'administrator'",
      "writer: 'admin'",
    ],
  ])('%s', async (problem, file, old, text) => {
    expect(await problemsAfter(file, old, text)).toContainEqual(`${file}: ${problem}`)
  })

  test('all of them at once, in each Action', async () => {
    await project.replace(CLAIMS, 'claim:', 'clame:')
    await project.replace(CLAIMS, 'tokens:', 'toknes:')
    await project.replace(TERMS, 'title:', 'titel:')
    expect(await problems()).toEqual([
      `${CLAIMS}: claims[0].clame is unknown: did you mean \`claim\`?`,
      `${CLAIMS}: claims[0].toknes is unknown: did you mean \`tokens\`?`,
      `${TERMS}: documents[0].titel is unknown: did you mean \`title\`?`,
    ])
  })
})

describe('what is read has a writer:', () => {
  test('a claim of a mapping whose key was renamed is refused', async () => {
    expect(await problemsAfter(MAPPINGS, "['idp', 'unit']", "['profile', 'unit']")).toEqual([
      expect.stringMatching(
        /^actions\/add-claims\/settings\.ts: claims\[0\]\.from reads app_metadata\.idp\.unit, which no Action writes and nobody declared.* declare the key in actions\/external-keys\.ts$/,
      ),
    ])
  })

  test('a claim of a name that no mapping writes below the key is refused', async () => {
    expect(await problemsAfter(CLAIMS, "['idp', 'unit']", "['idp', 'unti']")).toEqual([
      `${CLAIMS}: claims[0].from reads app_metadata.idp.unti, which map-idp-attributes does not write, though it writes app_metadata.idp: did you mean app_metadata.idp.unit?`,
    ])
  })

  test('a claim of the whole key is not', async () => {
    expect(await problemsAfter(CLAIMS, "['idp', 'unit']", "['idp']")).toEqual([])
  })

  test('a claim of what a look-up does not pick is refused', async () => {
    expect(await problemsAfter(CLAIMS, "['idp', 'unit']", "['lookups', 'crm', 'teir']")).toEqual([
      expect.stringContaining('did you mean app_metadata.lookups.crm.tier?'),
    ])
  })

  test('a claim of an Action that the project does without is refused, and says so', async () => {
    const tenantFile = await project.read('tenant.yaml')
    await project.write('tenant.yaml', withoutAction(tenantFile, 'map-idp-attributes'))
    const said = await problems()
    await project.write('tenant.yaml', tenantFile)
    expect(said).toEqual([
      `${CLAIMS}: claims[0].from reads app_metadata.idp.unit, which map-idp-attributes writes, and tenant.yaml does not list it: take this out, or list it`,
    ])
  })

  test('a look-up by an id that nobody assigns is refused', async () => {
    expect(await problemsAfter(PROFILE, "tasks: ['assign_customer_id']", 'tasks: []')).toEqual([
      `${PROFILE}: lookups.crm.id reads app_metadata.customer_id, which no Action writes and nobody declared; declare the key in ${EXTERNAL}`,
    ])
  })

  test('a condition on a key that nobody declared is refused', async () => {
    expect(await problemsAfter(TERMS, "path: ['robot']", "path: ['machine']")).toEqual([
      `${TERMS}: documents[0].when.not.appMetadata reads app_metadata.machine, which no Action writes and nobody declared; declare the key in ${EXTERNAL}`,
    ])
  })

  test('an attribute that a key of app_metadata hides is refused', async () => {
    expect(await problemsAfter(MAPPINGS, "attribute: ['unit']", "attribute: ['contract']")).toEqual(
      [expect.stringContaining('mappings[0].from[0].attribute "contract" is hidden by')],
    )
  })

  test('a key that one of ours writes cannot be declared as somebody else’s', async () => {
    expect(await problemsAfter(EXTERNAL, 'app_metadata.robot', 'app_metadata.idp.robot')).toContain(
      `${EXTERNAL}: externalKeys[0].key app_metadata.idp.robot is written by map-idp-attributes, so it is nobody else's; take it out`,
    )
  })

  test('a key that nobody may write cannot be declared', async () => {
    expect(
      await problemsAfter(EXTERNAL, 'app_metadata.contract', 'app_metadata.email_verified'),
    ).toEqual([
      `${EXTERNAL}: externalKeys[1].key app_metadata.email_verified is reserved by Auth0 in app_metadata`,
    ])
  })

  test('a key that guard-access takes for the word of an administrator is written by none of ours', async () => {
    expect(
      await problemsAfter(MAPPINGS, "path: ['idp', 'unit']", "path: ['blocked_clients', 'unit']"),
    ).toContain(
      `${MAPPINGS}: app_metadata.blocked_clients is what guard-access takes for the word of an administrator, and map-idp-attributes writes it; write another key`,
    )
  })
})

describe('nobody is exempted from the terms', () => {
  const exempt = async (target: string): Promise<string[]> =>
    problemsAfter(TERMS, "path: ['robot'], equals: true", target)

  test.each([
    [
      'by what an identity provider sent',
      "path: ['idp', 'unit'], equals: 'Service'",
      'app_metadata.idp.unit, which map-idp-attributes writes: the word of an identity provider',
    ],
    [
      'by what another system says',
      "path: ['lookups', 'crm', 'tier'], equals: 'gold'",
      'app_metadata.lookups.crm.tier, which enrich-profile writes',
    ],
    [
      'by a key below that nobody fills',
      "path: ['idp', 'other'], equals: 1",
      'app_metadata.idp.other, which map-idp-attributes writes',
    ],
    [
      'by their own answers',
      "path: ['terms', 'version'], equals: '1'",
      'app_metadata.terms.version, which enforce-terms writes',
    ],
    [
      'by a key whose declared writer is no administrator',
      "path: ['contract', 'kind'], equals: 'x'",
      'app_metadata.contract.kind, which holds the word of an identity provider by actions/external-keys.ts',
    ],
  ])('%s', async (_title, target, said) => {
    expect(await exempt(target)).toEqual([
      expect.stringContaining(`${TERMS}: documents[0].when.not.appMetadata rests on ${said}`),
    ])
  })

  test('by a condition for those alone whom an identity provider names', async () => {
    await project.replace(TERMS, 'when: { not: {', 'when: { all: [{')
    await project.replace(TERMS, 'equals: true } } }', 'equals: true } }] }')
    expect(await exempt("path: ['idp', 'unit'], equals: 'Staff'")).toEqual([
      expect.stringContaining(
        `${TERMS}: documents[0].when.all[0].appMetadata rests on app_metadata.idp.unit`,
      ),
    ])
  })

  test('by a key whose siblings others write', async () => {
    await project.replace(
      EXTERNAL,
      "{ key: 'app_metadata.robot',",
      "{ key: 'app_metadata.robot.note', writer: 'identityProvider', why: 'A partner.' },\n{ key: 'app_metadata.robot.kind',",
    )
    expect(await exempt("path: ['robot', 'kind'], equals: 'batch'")).toEqual([
      `${TERMS}: documents[0].when.not.appMetadata rests on app_metadata.robot.kind, beside which an identity provider writes app_metadata.robot.note by ${EXTERNAL}; a write may replace all of app_metadata.robot, so all of it must be an administrator's`,
    ])
  })

  test('but by a key that an administrator writes, below it too', async () => {
    expect(await exempt("path: ['robot', 'kind'], equals: 'batch'")).toEqual([])
  })
})

describe('a key that is retired', () => {
  const retire = (key: string): Promise<string[]> =>
    problemsAfter(PROFILE, 'budgetMs: 9,', `budgetMs: 9, retiredKeys: [${key}],`)

  test('is one that nobody writes, reads or declares any more', async () => {
    expect(await retire("{ metadata: 'app_metadata', path: ['old'] }")).toEqual([])
    expect(await problemsAfter(PROFILE, "['old']", "['lookups', 'former']")).toEqual([])
  })

  test.each([
    [
      "{ metadata: 'app_metadata', path: ['terms'] }",
      'retiredKeys[0] removes app_metadata.terms, which is evidence of what users accepted; take it out',
    ],
    [
      "{ metadata: 'app_metadata', path: ['terms', 'documents'] }",
      'retiredKeys[0] removes app_metadata.terms, which is evidence of what users accepted; take it out',
    ],
    [
      "{ metadata: 'user_metadata', path: ['city'] }",
      'retiredKeys[0] removes user_metadata.city, and enrich-profile writes it; take it out, or retire it there',
    ],
    [
      "{ metadata: 'app_metadata', path: ['lookups'] }",
      'retiredKeys[0] removes app_metadata.lookups, and enrich-profile writes it; take it out, or retire it there',
    ],
    [
      "{ metadata: 'app_metadata', path: ['idp', 'former'] }",
      'retiredKeys[0] removes app_metadata.idp.former, and map-idp-attributes writes app_metadata.idp; take it out, or retire it there',
    ],
    [
      "{ metadata: 'app_metadata', path: ['robot'] }",
      `retiredKeys[0] removes app_metadata.robot, which is declared as what an administrator writes; take it out, or the declaration`,
    ],
    [
      "{ metadata: 'user_metadata', path: ['town'], movedTo: ['place'] }",
      'retiredKeys[0].movedTo is user_metadata.place, which enrich-profile does not write; name a place that it writes',
    ],
    [
      "{ metadata: 'app_metadata', path: ['blocked_clients'] }",
      'retiredKeys[0] removes app_metadata.blocked_clients, which is declared as what an administrator writes; take it out, or the declaration',
    ],
    [
      "{ metadata: 'user_metadata', path: ['a'], movedTo: ['city'] }, { metadata: 'user_metadata', path: ['b'], movedTo: ['city'] }",
      'retiredKeys[1].movedTo is user_metadata.city, where another key moves to; keep one of the two',
    ],
    [
      "{ metadata: 'app_metadata', path: ['email'] }",
      'retiredKeys[0].path "email" is reserved by Auth0 in app_metadata; choose another key',
    ],
    ["{ metadata: 'user_metadata', path: ['a', ''] }", 'retiredKeys[0].path holds an empty name'],
  ])('is refused as %s', async (key, problem) => {
    expect(await retire(key)).toEqual([`${PROFILE}: ${problem}`])
  })

  test('is not what an Action holds that the project does without', async () => {
    const tenantFile = await project.read('tenant.yaml')
    await project.write('tenant.yaml', withoutAction(tenantFile, 'guard-access'))
    const said = await retire("{ metadata: 'app_metadata', path: ['blocked_clients'] }")
    await project.write('tenant.yaml', tenantFile)
    expect(said).toEqual([
      `${PROFILE}: retiredKeys[0] removes app_metadata.blocked_clients, which is that of guard-access, for the day when tenant.yaml lists it again; take it out`,
    ])
  })

  test('is read by nobody: a claim of it is refused, with the place it moved to', async () => {
    await project.replace(
      CLAIMS,
      "'app_metadata', path: ['idp', 'unit']",
      "'user_metadata', path: ['town']",
    )
    expect(
      await retire("{ metadata: 'user_metadata', path: ['town'], movedTo: ['city'] }"),
    ).toEqual([
      `${CLAIMS}: claims[0].from reads user_metadata.town, which enrich-profile removes by its retiredKeys; read user_metadata.city`,
    ])
    expect(await problemsAfter(PROFILE, ", movedTo: ['city']", '')).toEqual([
      `${CLAIMS}: claims[0].from reads user_metadata.town, which enrich-profile removes by its retiredKeys; take it out`,
    ])
  })
})

test('a client_id in a condition is a warning that proposes client metadata, and the build goes on', async () => {
  await project.replace(
    CLAIMS,
    "tokens: ['id_token'],",
    "tokens: ['id_token'], when: { client: { equals: 'AcmeShop' } },",
  )
  const built = await buildActions(project.root)
  expect(built.ok && built.value.warnings).toEqual([
    {
      path: `${CLAIMS}: claims[0].when.client`,
      message: expect.stringContaining('clientMetadata: {'),
      code: 'client_id_literal',
      isWarning: true,
    },
  ])
  await project.replace(CLAIMS, 'when: {', "when: { tenant: { equals: 'acme-prod' },")
  const ofOneTenant = await buildActions(project.root)
  expect(ofOneTenant.ok && ofOneTenant.value.warnings).toEqual([])
})

describe('a former or a short form of a condition is refused with what to write:', () => {
  test.each([
    ["{ strategy: 'samlp' }", "when.strategy is a value; write { equals: 'samlp' }"],
    ["{ connection: ['a'] }", "when.connection is a list; write { oneOf: [ 'a' ] }"],
    [
      "{ claim: { path: ['a'], equals: 'b' } }",
      "when.claim is no more: write attribute: { path: [ 'a' ], contains: 'b' }",
    ],
    [
      "{ claim: { path: ['a'] } }",
      "when.claim is no more: write attribute: { path: [ 'a' ], exists: true }",
    ],
    [
      "{ clientMetadata: { path: 'kind', oneOf: ['a'] } }",
      "when.clientMetadata has a string for its path; write { path: [ 'kind' ], oneOf: [ 'a' ] }",
    ],
    ["{ client: { matches: '^a' } }", "when.client.matches is a string; write { pattern: '^a' }"],
    ["{ restsOn: { network: 'x' } }", 'when.restsOn is no more: put it beside when'],
  ])('%s', async (when, problem) => {
    expect(await problemsAfter(MAPPINGS, 'when: {},', `when: ${when},`)).toEqual([
      `${MAPPINGS}: mappings[0].${problem}`,
    ])
  })
})

test('a member that stands twice is refused, because the last one would win without a word', async () => {
  expect(
    await problemsAfter(
      CLAIMS,
      "tokens: ['id_token'],",
      "tokens: ['id_token'], tokens: ['id_token'],",
    ),
  ).toEqual([expect.stringMatching(/settings\.ts:\d+ does not compile: Duplicate key "tokens"/)])
})

test('a warning is not among the reasons of a refusal', async () => {
  await project.replace(
    CLAIMS,
    "tokens: ['id_token'],",
    "tokens: ['id_token'], when: { client: { equals: 'a' } },",
  )
  expect(await problemsAfter(MAPPINGS, "missing: 'delete'", "mising: 'delete'")).toEqual([
    `${MAPPINGS}: mappings[0].mising is unknown: did you mean \`missing\`?`,
  ])
})

describe('what the build refuses is refused', () => {
  const run = promisify(execFile)
  const refused = [
    `${MAPPINGS}: mappings[0].mising is unknown: did you mean \`missing\`?`,
    `${CLAIMS}: claims[0].tokens[0] is "idToken": did you mean "id_token"?`,
  ]

  beforeEach(async () => {
    await project.replace(MAPPINGS, "missing: 'delete'", "mising: 'delete'")
    await project.replace(CLAIMS, "'id_token'", "'idToken'")
  })

  test('by npm run build', async () => {
    const failure = await run(process.execPath, ['build.mjs'], { cwd: project.root }).catch(
      (error: unknown) => error,
    )
    expect(failure).toMatchObject({ code: 1, stdout: '' })
    for (const line of refused)
      expect(failure).toHaveProperty('stderr', expect.stringContaining(line))
  })

  test.each([
    ['validate', validate],
    ['deploy', deploy],
  ])('by npm run %s, offline', async (_name, command) => {
    const errors: string[] = []
    const offline = (): never => {
      throw new Error('nothing is sent')
    }
    const code = await runToExitCode(command, {
      root: project.root,
      args: [],
      env: { AUTH0_DOMAIN: 'team.eu.auth0.com', AUTH0_ACCESS_TOKEN: 'token' },
      print: () => undefined,
      tell: (line) => errors.push(line),
      progress: async (_title, work) => work(() => undefined),
      fetch: offline,
      leaves: () => undefined,
      runCli: offline,
    })
    expect(code).toBe(1)
    for (const line of refused) expect(errors.join('\n')).toContain(line)
  })
})
