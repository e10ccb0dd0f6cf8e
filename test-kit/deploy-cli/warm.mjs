/**
 * A process that runs the real Deploy CLI again and again. A run begins as in a process of its own,
 * with fresh modules of the Deploy CLI and its own environment; only the libraries that the Deploy
 * CLI is built on stay loaded, which is most of what a short run costs.
 *
 * Takes `{ inputFile, env }`, sends `{ line }` for each line printed and `{ exitCode }` at the end.
 */
import { createRequire, Module } from 'node:module'
import { dirname, join } from 'node:path'
import process from 'node:process'
import { trimDeployCli } from './trim.mjs'

const require = createRequire(import.meta.url)
const code = join(dirname(require.resolve('auth0-deploy-cli/package.json')), 'lib')

/** Modules that keep something from one run to the next: settings, arguments, the tenant's answers. */
const isForgotten = (file) =>
  file.startsWith(code) || /[\\/]node_modules[\\/](nconf|yargs|winston)[\\/]/.test(file)

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
  const main = join(code, 'index.js')
  process.argv = [process.execPath, main, 'import', '--input_file', inputFile]
  for (const file of Object.keys(require.cache).filter(isForgotten)) delete require.cache[file]
  trimDeployCli()
  // As main module, which is what makes it read its arguments and run.
  Module._load(main, null, true)
})
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'))
