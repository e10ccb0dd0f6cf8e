import tseslint from 'typescript-eslint'

export default tseslint.config(
  { ignores: ['dist/', 'coverage/', '.local/', 'types/'] },
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
  { files: ['**/*.js', '**/*.mjs'], ...tseslint.configs.disableTypeChecked },
)
