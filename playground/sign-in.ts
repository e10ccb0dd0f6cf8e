/** `npm run sign-in`: one sign-in without a browser, and everything it did. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createLocalFetch } from './local-fetch.ts'
import { localFolder } from './local-folder.ts'
import { findRunning } from './running.ts'
import { parseSignInOptions, USAGE } from './sign-in/options.ts'
import { renderSignIn } from './sign-in/render-sign-in.ts'
import { runSignIn } from './sign-in/run-sign-in.ts'

const signIn = async (): Promise<void> => {
  const parsed = parseSignInOptions(process.argv.slice(2))
  if ('problem' in parsed) throw new Error(`${parsed.problem}\n\n${USAGE}`)
  if ('help' in parsed) {
    console.log(USAGE)
    return
  }
  const running = await findRunning(localFolder(join(import.meta.dirname, '..')))
  if (running === undefined) throw new Error(NOT_RUNNING)
  const fetch = createLocalFetch(readFileSync(running.caFile, 'utf8'))
  const report = await runSignIn(parsed.options, running, fetch)
  console.log(renderSignIn(report))
  if (!report.isSignedIn) process.exitCode = 1
}

const NOT_RUNNING = 'The local tenant does not run. Start it in another terminal: npm start'

try {
  await signIn()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
