import tseslint from 'typescript-eslint'

/** Which top-level folders each may import from, beside its own. CONTRIBUTING.md says why. */
const MAY_IMPORT = {
  actions: [],
  cli: ['actions'],
  'local-tenant': [],
  portal: ['actions', 'cli'],
  build: ['actions', 'cli'],
  deploy: ['actions', 'build', 'cli'],
  reports: ['actions', 'cli'],
  playground: ['actions', 'build', 'cli', 'deploy', 'local-tenant', 'portal'],
  'test-kit': [
    'actions',
    'build',
    'cli',
    'deploy',
    'local-tenant',
    'playground',
    'portal',
    'reports',
  ],
  bench: ['actions', 'build', 'cli', 'deploy', 'local-tenant', 'playground', 'reports', 'test-kit'],
  tests: [],
}

const FOLDERS = Object.keys(MAY_IMPORT)

const restrict = (files, ...patterns) => ({
  files,
  rules: { '@typescript-eslint/no-restricted-imports': ['error', { patterns }] },
})

/** Tests stay green whatever a team sets: they know the settings of the fixture alone. */
const teamFiles = {
  regex: '^(\\.\\./)+actions/([a-z-]+/settings|external-keys|profile-fields)\\.ts$',
  message: 'Tests import settings from test-kit/fixture/.',
}

const importRules = Object.entries(MAY_IMPORT).map(([folder, allowed]) => {
  const others = FOLDERS.filter((name) => name !== folder && !allowed.includes(name))
  return restrict(
    [`${folder}/**/*.ts`],
    {
      regex: `^(\\.\\./)+(${others.join('|')})/`,
      message: `${folder}/ may import from ${['itself', ...allowed].join(', ')} alone.`,
    },
    ...(folder === 'test-kit' ? [teamFiles] : []),
  )
})

/** What is shared by tests is in test-kit/. */
const testRules = restrict(
  ['tests/**/*.ts'],
  {
    regex: `^\\./|^(\\.\\./)+(?!\\.\\.|(${FOLDERS.filter((name) => name !== 'tests').join('|')})/)`,
    message: 'Nothing imports from tests/.',
  },
  teamFiles,
)

/** A title reads as a sentence of a specification. */
const titleRules = {
  files: ['tests/**/*.ts'],
  rules: {
    'no-restricted-syntax': [
      'error',
      ...[
        'CallExpression[callee.name=/^(test|describe)$/]',
        'CallExpression[callee.callee.property.name="each"]',
      ].map((call) => ({
        selector: `${call} > Literal.arguments:first-child[value=/^.{121}/]`,
        message: 'A title has at most 120 characters.',
      })),
    ],
  },
}

/** What is deployed with the portal. */
const portalRules = restrict(
  ['portal/**/*.ts'],
  { regex: '^(\\.\\./)+actions/(?!shared/)', message: 'Only actions/shared.' },
  {
    regex: '^(\\.\\./)+(build|deploy|local-tenant|playground|reports|test-kit|bench|tests)/',
    message: 'portal/ may import from actions/shared and cli alone.',
  },
)

/** What the portal deploys with itself, too. */
const cliRules = restrict(['cli/**/*.ts'], {
  regex: '^\\.\\./+(?!actions/shared/)',
  message: 'cli/ may import from itself and actions/shared alone.',
})

/** Auth0 runs what these import; an Action has no dependencies. */
const actionRules = restrict(
  ['actions/**/*.ts'],
  { regex: '^\\.\\./\\.\\./', message: 'actions/ may import from itself alone.' },
  { regex: '^\\.\\./(?!\\.|shared/)[^/]+/', message: 'An Action imports from shared/ alone.' },
  { regex: '^(?!\\.|node:|@auth0/actions-types)', message: 'An Action has no dependencies.' },
  {
    regex: '/schema\\.ts$',
    message: 'Only types: the build runs schemas.',
    allowTypeImports: true,
  },
)

export default tseslint.config(
  { ignores: ['dist/', 'coverage/', '.local/', '.fixture/', 'types/'] },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: { projectService: { allowDefaultProject: ['*.js', '*.mjs'] } },
    },
    rules: {
      // `${number}` and `${boolean}` read as they are meant; only objects print badly.
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      // A one-line callback may return what it calls: `(done) => server.close(done)`.
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      // Action handlers must be native async functions even where nothing is awaited.
      '@typescript-eslint/require-await': 'off',
      // Wire objects are built key by key, and a key is removed by name.
      '@typescript-eslint/no-dynamic-delete': 'off',
      // There are no enums here (erasableSyntaxOnly), and it mistakes a computed key for one.
      '@typescript-eslint/no-unsafe-enum-assignment': 'off',
      eqeqeq: 'error',
      'no-console': 'off',
    },
  },
  ...importRules,
  portalRules,
  cliRules,
  testRules,
  titleRules,
  { ...actionRules, ignores: ['actions/shared/schema.ts', 'actions/*/{schema,check-*}.ts'] },
  { files: ['**/*.js', '**/*.mjs'], ...tseslint.configs.disableTypeChecked },
)
