import type { Variables } from './environment.ts'

/**
 * The proxy for HTTPS requests to `domain`, by `HTTPS_PROXY` and `NO_PROXY` in either case, as
 * curl reads them: `*`, or names separated by commas, each also for its subdomains, with or without
 * a port.
 */
export const proxyFor = (source: Variables, domain: string): string | undefined => {
  const read = (name: string): string => source[name.toLowerCase()] || source[name] || ''
  const proxy = read('HTTPS_PROXY')
  const { hostname, port } = new URL(`https://${domain}`)
  const isExcepted = read('NO_PROXY')
    .split(/[\s,]+/)
    .some((entry) => {
      const [, name = '', entryPort = ''] = /^(?:\*?\.)?(.*?)(?::(\d+))?$/.exec(entry) ?? []
      if (entry === '*') return true
      if (name === '' || (entryPort !== '' && entryPort !== (port || '443'))) return false
      return hostname === name.toLowerCase() || hostname.endsWith(`.${name.toLowerCase()}`)
    })
  if (proxy === '' || isExcepted) return undefined
  return proxy.includes('://') ? proxy : `http://${proxy}`
}
