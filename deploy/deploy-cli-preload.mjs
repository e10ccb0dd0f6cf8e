/**
 * Runs inside the Deploy CLI before it begins. Ends it with the process that started it, even one
 * that was killed: a thread of its own watches a pipe that only that process holds open, because the
 * Deploy CLI is busy for seconds at a time. Hands on the proxy, which may hold a password, as the
 * argument that the Deploy CLI takes, where no list of processes shows it.
 */
import process from 'node:process'
import { isMainThread, Worker } from 'node:worker_threads'

const WATCH = `
  const { Socket } = require('node:net')
  new Socket({ fd: 3 }).on('close', () => process.kill(process.pid, 'SIGKILL')).resume()
`

if (isMainThread) {
  const proxy = process.env.HTTPS_PROXY
  if (proxy) process.argv.push('--proxy_url', proxy)
  // Without the options of this process, with which it would load all that this process loads.
  new Worker(WATCH, { eval: true, execArgv: [], env: {} }).unref()
}
