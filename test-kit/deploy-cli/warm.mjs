/**
 * A process that runs the real Deploy CLI again and again, because loading it is most of what a short
 * run costs. A run begins with its own environment, arguments and settings, as in a process of its
 * own. The other modules of the Deploy CLI keep nothing from one run to the next.
 *
 * Takes `{ inputFile, env }`, sends `{ line }` for each line printed and `{ exitCode }` at the end.
 */
import { createRequire, Module } from 'node:module'
import { dirname, join } from 'node:path'
import process from 'node:process'
import { trimDeployCli } from './trim.mjs'

const require = createRequire(import.meta.url)
const code = join(dirname(require.resolve('auth0-deploy-cli/package.json')), 'lib')

const main = join(code, 'index.js')

/** They read the arguments when they are loaded. */
const isForgotten = (file) =>
  file === main || file === join(code, 'args.js') || /[\\/]node_modules[\\/]yargs[\\/]/.test(file)

trimDeployCli()
const settings = require('nconf')

for (const stream of [process.stdout, process.stderr]) {
  let rest = ''
  stream.write = (chunk) => {
    const lines = `${rest}${chunk}`.split('\n')
    rest = lines.pop()
    for (const line of lines) process.send({ line })
    return true
  }
}

// The Deploy CLI ends its process when it is done; this one goes on.
process.exit = (exitCode) => process.send({ exitCode })

process.on('message', ({ inputFile, env }) => {
  for (const name of Object.keys(process.env)) delete process.env[name]
  Object.assign(process.env, env)
  process.chdir(dirname(inputFile))
  process.argv = [process.execPath, main, 'import', '--input_file', inputFile]
  for (const file of Object.keys(require.cache).filter(isForgotten)) delete require.cache[file]
  for (const store of Object.keys(settings.stores)) settings.remove(store)
  // As main module, which is what makes it read its arguments and run.
  Module._load(main, null, true)
})
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'))
