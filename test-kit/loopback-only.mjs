/**
 * Keeps a process and its children from reaching any other computer: whoever tries fails with the
 * name of the host. Jest loads it before each test file, `NODE_OPTIONS` into the children.
 */
import { ChildProcess } from 'node:child_process'
import { Socket } from 'node:net'

const LOOPBACK = /^(localhost|.+\.localhost|127(\.\d{1,3}){3}|::1|::ffff:127(\.\d{1,3}){3})$/i

const GUARDED = Symbol.for('loopback only')

const guardConnections = () => {
  const { connect } = Socket.prototype
  Socket.prototype.connect = function (...args) {
    // Callers inside of Node hand over one list of normalized arguments.
    const [target, host] = Array.isArray(args[0]) ? args[0] : args
    const { path, host: name = typeof host === 'string' ? host : 'localhost' } = Object(target)
    const isPort = typeof target === 'object' ? path === undefined : /^\d+$/.test(String(target))
    // No name server has to be asked for what does not exist (RFC 2606 §2).
    if (isPort && name.endsWith('.invalid')) {
      throw Object.assign(new Error(`getaddrinfo ENOTFOUND ${name}`), { code: 'ENOTFOUND' })
    }
    if (isPort && !LOOPBACK.test(name)) {
      throw new Error(`A test reaches for ${name}, which is not this computer.`)
    }
    return connect.apply(this, args)
  }
}

const guardChildren = () => {
  const { spawn } = ChildProcess.prototype
  ChildProcess.prototype.spawn = function (options) {
    const given = options.envPairs ?? []
    const before = given.find((pair) => pair.startsWith('NODE_OPTIONS='))?.slice(13) ?? ''
    const nodeOptions = before.includes(import.meta.url)
      ? before
      : `${before} --import ${import.meta.url}`.trim()
    const envPairs = given.filter((pair) => !pair.startsWith('NODE_OPTIONS='))
    return spawn.call(this, { ...options, envPairs: [...envPairs, `NODE_OPTIONS=${nodeOptions}`] })
  }
}

// Jest loads this again for each test file, and Node's own classes are there once.
if (Socket.prototype[GUARDED] !== true) {
  Socket.prototype[GUARDED] = true
  guardConnections()
  guardChildren()
}
