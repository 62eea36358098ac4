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
  if (entry.includes('/')) return inSubnet(entry, host)
  const { name, wantedPort } = splitPort(entry)
  if (wantedPort !== undefined && wantedPort !== port) return false
  if (isIP(host) !== 0 || isIP(name) !== 0) return name === host
  const domain = name.replace(/^\*\./, '.')
  if (domain.startsWith('.')) return host.endsWith(domain)
  return host === domain || host.endsWith(`.${domain}`)
}

function splitPort(entry: string): { name: string; wantedPort: string | undefined } {
  if (isIP(entry) !== 0) return { name: entry, wantedPort: undefined }
  const [, bracketed, plain = entry, port] = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d+))?$/.exec(entry) ?? []
  return { name: bracketed ?? plain, wantedPort: port }
}

function inSubnet(cidr: string, host: string): boolean {
  const family = isIP(host)
  const [network = '', prefix = ''] = cidr.split('/')
  const bits = Number(prefix)
  const most = family === 4 ? 32 : 128
  if (family === 0 || isIP(network) !== family || !/^\d+$/.test(prefix) || bits > most) return false
  const type = family === 4 ? 'ipv4' : 'ipv6'
  const subnet = new BlockList()
  subnet.addSubnet(network, bits, type)
  return subnet.check(host, type)
}
