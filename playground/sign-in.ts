/** `npm run sign-in`: one sign-in without a browser, and everything it did. */
import { runHere } from '../cli/run-command.ts'
import { demandRunning } from './running.ts'
import { parseSignInOptions } from './sign-in/options.ts'
import { renderSignIn } from './sign-in/render-sign-in.ts'
import { runSignIn } from './sign-in/run-sign-in.ts'

await runHere(async ({ args, print }) => {
  const options = parseSignInOptions(args)
  const { running, fetch } = await demandRunning()
  const report = await runSignIn(options, running, fetch)
  print(renderSignIn(report))
  return report.isSignedIn ? 0 : 1
})
