/** A small project to deploy: two Actions of a few lines, in a folder of its own. */
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

const REPOSITORY = join(import.meta.dirname, '../..')

export interface ActionText {
  /** Goes into the code, so that another text is another bundle. */
  says: string
  secrets?: string[]
  dependencies?: string
}

export interface TestProject {
  root: string
  /** Writes `tenant.yaml` and the Actions anew; bound in the order of the keys. */
  write(actions: Readonly<Record<string, ActionText>>): void
  /** Replaces something in `tenant.yaml`. */
  editTenant(edit: (text: string) => string): void
  writeFile(name: string, text: string): void
  remove(): void
}

export const TWO_ACTIONS: Readonly<Record<string, ActionText>> = {
  first: { says: 'one', secrets: ['API_KEY', 'TERMS_TOKEN_SECRET'] },
  second: { says: 'one' },
}

export const makeProject = (actions = TWO_ACTIONS): TestProject => {
  const root = mkdtempSync(join(tmpdir(), 'deploy-project-'))
  const file = (name: string, text: string): void => {
    mkdirSync(dirname(join(root, name)), { recursive: true })
    writeFileSync(join(root, name), text)
  }
  cpSync(join(REPOSITORY, 'actions/shared'), join(root, 'actions/shared'), { recursive: true })
  let tenantYaml = ''
  const project: TestProject = {
    root,
    write(texts) {
      for (const [name, { says, secrets = [] }] of Object.entries(texts)) {
        file(
          `actions/${name}/manifest.ts`,
          `export const manifest = { writes: [], reads: [], secrets: ${JSON.stringify(secrets)}, fails: 'open' }\n`,
        )
        file(
          `actions/${name}/action.ts`,
          `export const onExecutePostLogin = async () => { console.log(${JSON.stringify(says)}) }\n`,
        )
      }
      tenantYaml = renderTenant(texts)
      file('tenant.yaml', tenantYaml)
    },
    editTenant(edit) {
      tenantYaml = edit(tenantYaml)
      file('tenant.yaml', tenantYaml)
    },
    writeFile: file,
    remove: () => rmSync(root, { recursive: true, force: true }),
  }
  project.write(actions)
  return project
}

const renderTenant = (texts: Readonly<Record<string, ActionText>>): string =>
  [
    'actions:',
    ...Object.entries(texts).flatMap(([name, { secrets = [], dependencies = '[]' }]) => [
      `  - name: ${name}`,
      `    code: ./dist/actions/${name}.js`,
      '    runtime: node22',
      '    deployed: true',
      '    supported_triggers: [{ id: post-login, version: v3 }]',
      `    dependencies: ${dependencies}`,
      ...(secrets.length === 0 ? ['    secrets: []'] : ['    secrets:']),
      ...secrets.flatMap((secret) => [`      - name: ${secret}`, `        value: @@${secret}@@`]),
    ]),
    'triggers:',
    '  post-login:',
    ...Object.keys(texts).map((name) => `    - { action_name: ${name}, display_name: ${name} }`),
    '',
  ].join('\n')
