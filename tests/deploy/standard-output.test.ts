/** What a pipeline reads from standard output, by processes of their own. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { afterAll, expect, jest, test } from '@jest/globals'
import { bundlePrograms } from '../../test-kit/bundle-programs.ts'
import { makeCertificate, startDeployTenant } from '../../test-kit/deploy/deploy-tenant.ts'
import { SECRETS } from '../../test-kit/deploy/run-command.ts'
import { makeProject } from '../../test-kit/deploy/test-project.ts'

jest.setTimeout(60_000)

const CHILD = 'test-kit/deploy/deploy-in-child.ts'
const programs = await bundlePrograms([CHILD])
afterAll(programs.remove)

const { certificate, remove } = await makeCertificate()
const tenant = await startDeployTenant(certificate)
const project = makeProject()

afterAll(async () => {
  await tenant.close()
  project.remove()
  remove()
})

/** Prints in every way while it is loaded, and once more when all else is done. */
const CHATTER = `
console.log('chatter: log')
console.info('chatter: info')
process.stdout.write('chatter: write\\n')
process.once('exit', () => console.log('chatter: late'))
`

project.writeFile('actions/first/settings.ts', `${CHATTER}\nexport const settings = {}\n`)
project.writeFile(
  'actions/first/schema.ts',
  `export const checkSettings = () => { console.log('chatter: check'); return [] }\n`,
)
project.writeFile(
  'actions/first/manifest.ts',
  `${CHATTER}
export const manifest = {
  writes: [], reads: [], secrets: ['API_KEY', 'TERMS_TOKEN_SECRET'], fails: 'open',
}\n`,
)
project.writeFile(
  'actions/first/action.ts',
  `${CHATTER}\nexport const onExecutePostLogin = async () => { console.log('in a sign-in') }\n`,
)

const run = (command: string, ...args: string[]): Promise<{ out: string; err: string }> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [programs.fileOf(CHILD), ...args], {
      cwd: join(import.meta.dirname, '../..'),
      env: {
        ...tenant.env,
        ...SECRETS,
        DEPLOY_TEST_ROOT: project.root,
        DEPLOY_TEST_COMMAND: command,
      },
    })
    let [out, err] = ['', '']
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()))
    child.on('error', reject)
    child.on('close', () => resolve({ out, err }))
  })

test('the hash is all that validate --hash prints, whatever an Action prints when it is loaded', async () => {
  const { out, err } = await run('validate', '--hash')
  expect(out).toMatch(/^[0-9a-f]{64}\n$/)
  for (const kind of ['log', 'info', 'write', 'check', 'late']) {
    expect(err).toContain(`chatter: ${kind}`)
  }
})

test('plan --json prints JSON and nothing else, whatever an Action prints when it is loaded', async () => {
  const { out, err } = await run('plan', '--json')
  expect(JSON.parse(out)).toMatchObject({ schema: 1, changes: true })
  expect(err).toContain('chatter: log')
})
