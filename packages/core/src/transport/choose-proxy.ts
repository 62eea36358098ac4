import { BlockList, isIP } from 'node:net'
import { ConfigError } from '../spec/errors.ts'
import { isLoopback } from './is-loopback.ts'

/** The variables of a process, of which HTTPS_PROXY, HTTP_PROXY and NO_PROXY are read. */
export type Environment = Readonly<Record<string, string | undefined>>

/**
 * The proxy for a server by `ClientConfig.proxy`; `undefined`: none. The environment is read as Go reads it: loopback is
 * never proxied, and upper case comes first.
 *
 * @throws {@link ConfigError} that never quotes the proxy's URL, where a password may be
 * @see https://pkg.go.dev/golang.org/x/net/http/httpproxy
 */
export function chooseProxy(server: URL, setting: string | URL | false, env: Environment): URL | undefined {
  if (setting === false) return undefined
  if (setting !== 'env') return parseProxy(String(setting), '`proxy`')
  if (isLoopback(server.hostname)) return undefined
  const name = server.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY'
  const value = variable(env, name)
  if (value === '' || isExcluded(server, variable(env, 'NO_PROXY'))) return undefined
  return parseProxy(value.includes('://') ? value : `http://${value}`, name)
}

function variable(env: Environment, name: string): string {
  return env[name] || env[name.toLowerCase()] || ''
}

function parseProxy(value: string, source: string): URL {
  const url = URL.canParse(value) ? new URL(value) : undefined
  if (url === undefined || url.hostname === '')
    throw new ConfigError(`${source} is no URL of a proxy: http://host:3128`)
  if (url.protocol === 'http:' || url.protocol === 'https:' || url.protocol === 'socks5:') return url
  throw new ConfigError(
    `${source} begins with ${JSON.stringify(url.protocol)}: it must be http://, https:// or socks5://`,
  )
}

/** Whether NO_PROXY names the server: `*`, a host, `.domain`, an address or a CIDR, each with an optional port. */
function isExcluded(server: URL, noProxy: string): boolean {
  const host = server.hostname.replaceAll(/[[\]]/g, '').toLowerCase()
  const port = server.port || (server.protocol === 'https:' ? '443' : '80')
  return noProxy
    .split(',')
    .map((entry) => entry.trim().toLowerCase())
    .filter((entry) => entry !== '')
    .some((entry) => entry === '*' || matches(entry, host, port))
}

function matches(entry: string, host: string, port: string): boolean {
  const { name, wantedPort } = splitPort(entry)
  if (wantedPort !== undefined && wantedPort !== port) return false
  if (isIP(host) !== 0) return isWithin(name, host)
  const domain = name.replace(/^\*\./, '.')
  if (domain.startsWith('.')) return host.endsWith(domain)
  return host === domain || host.endsWith(`.${domain}`)
}

/** An IPv6 address may have brackets, and has them where a port follows. */
function splitPort(entry: string): { name: string; wantedPort: string | undefined } {
  if (isIP(entry) !== 0) return { name: entry, wantedPort: undefined }
  const [, name = entry, wantedPort] = /^(.*?)(?::(\d+))?$/.exec(entry) ?? []
  return { name: name.replaceAll(/[[\]]/g, ''), wantedPort }
}

/** Whether an address, in whichever spelling, is the one that is named, or in the range. */
function isWithin(range: string, host: string): boolean {
  const [network = '', prefix] = range.split('/')
  if (isIP(network) === 0 || network.includes('%')) return false
  const list = new BlockList()
  const family = familyOf(network)
  if (prefix === undefined) list.addAddress(network, family)
  else if (isPrefix(prefix, family)) list.addSubnet(network, Number(prefix), family)
  // `::/0` would hold every IPv4 address.
  return (family === 'ipv4' || prefix === undefined || isIP(host) === 6) && list.check(host, familyOf(host))
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 4 ? 'ipv4' : 'ipv6'
}

function isPrefix(text: string, family: 'ipv4' | 'ipv6'): boolean {
  return /^\d+$/.test(text) && Number(text) <= (family === 'ipv4' ? 32 : 128)
}
