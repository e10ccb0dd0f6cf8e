/** A `tenant.yaml` without an Action and its binding. */
export const withoutAction = (text: string, name: string): string =>
  text
    .replace(new RegExp(` {2}- name: ${name}\\n(?: {4}.*\\n)+\\n?`), '')
    .replace(new RegExp(` {4}- \\{ action_name: ${name},.*\\n`), '')

/** A `tenant.yaml` with one more Action, without secrets, bound before all others. */
export const withAction = (text: string, name: string): string =>
  text
    .replace(
      '\ntriggers:\n',
      `
  - name: ${name}
    code: ./dist/actions/${name}.js
    runtime: node22
    deployed: true
    supported_triggers: [{ id: post-login, version: v3 }]
    dependencies: []
    secrets: []

triggers:
`,
    )
    .replace(
      '  post-login:\n',
      `  post-login:\n    - { action_name: ${name}, display_name: ${name} }\n`,
    )
