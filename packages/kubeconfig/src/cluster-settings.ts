import type { TlsOptions } from '@kubeclient/core/spec'
import type { ClusterFields, Entry } from './document.ts'
import type { Host } from './host.ts'
import { readPem } from './pem-field.ts'
import type { KubeconfigWarning } from './kubeconfig.ts'
import { fault, quote, warning } from './place.ts'

export interface ClusterSettings {
  readonly server: URL
  /** Without a client certificate, which is the user's. */
  readonly tls: TlsOptions
  readonly proxy?: string
}

/** @throws {@link ConfigError} */
export async function clusterSettings(
  cluster: Entry<ClusterFields>,
  host: Host | undefined,
  warn: (warning: KubeconfigWarning) => void,
): Promise<ClusterSettings> {
  const server = serverOf(cluster)
  const proxy = proxyOf(cluster)
  const tls = await tlsOf(cluster, host)
  const isHttp = server.protocol === 'http:'
  if (isHttp) warnOfTlsFields(cluster, warn)
  return { server, tls: isHttp ? {} : tls, ...(proxy !== undefined && { proxy }) }
}

const tlsFields = [
  'certificate-authority',
  'certificate-authority-data',
  'tls-server-name',
  'insecure-skip-tls-verify',
] as const

/** kubectl ignores them too, but who writes them means a server that is verified, or is not. */
function warnOfTlsFields({ fields, place }: Entry<ClusterFields>, warn: (warning: KubeconfigWarning) => void): void {
  for (const field of tlsFields) {
    const value = fields[field]
    if (value !== undefined && value !== false)
      warn(warning(place, `${quote(field)} is ignored, as its "server" is http`, field))
  }
}

/** Origin and path prefix; kubectl drops a query and a fragment, and so do we. */
export function serverText({ origin, pathname }: URL): string {
  // Not without the look behind: it would begin again at each of a million slashes.
  return `${origin}${pathname.replace(/(?<!\/)\/+$/, '')}`
}

/** How credentials would travel to where others could read them; `undefined`: they would not. */
export function clearTextRoute({ server, proxy }: ClusterSettings): string | undefined {
  if (server.protocol !== 'http:') return undefined
  if (!isLoopback(server)) return 'http'
  return proxy === undefined ? undefined : 'http, behind a proxy'
}

/** A server that is on this machine, so that nobody else sees what is sent in clear text. */
function isLoopback({ hostname }: URL): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d+){3}$/.test(hostname)
}

// Messages do not quote the values below: a URL may hold a password.

function serverOf({ fields: { server }, place }: Entry<ClusterFields>): URL {
  if (server === undefined) throw fault(place, 'has no "server"; add one that begins with https://')
  if (!/^https?:\/\//i.test(server)) throw fault(place, 'its "server" must begin with https:// or http://', 'server')
  // Characters that URL parsers read in different ways are in nobody's server.
  if (/[\s\\\p{Cc}]|^https?:\/{3}/iu.test(server) || !URL.canParse(server))
    throw fault(place, 'its "server" is not a URL', 'server')
  const url = new URL(server)
  if (url.username === '' && url.password === '') return url
  throw fault(
    place,
    'its "server" holds a user name or password; put them into "users", as "username" and "password"',
    'server',
  )
}

function proxyOf({ fields: { 'proxy-url': proxy }, place }: Entry<ClusterFields>): string | undefined {
  if (proxy === undefined) return undefined
  if (/^(?:https?|socks5):\/\/[^/]/i.test(proxy) && URL.canParse(proxy)) return proxy
  throw fault(place, 'its "proxy-url" is not a URL that begins with http://, https:// or socks5://', 'proxy-url')
}

async function tlsOf(cluster: Entry<ClusterFields>, host: Host | undefined): Promise<TlsOptions> {
  const { fields, place } = cluster
  const insecure = fields['insecure-skip-tls-verify'] === true
  if (insecure && (fields['certificate-authority'] ?? fields['certificate-authority-data']) !== undefined) {
    const remedy = 'remove "insecure-skip-tls-verify" to verify the server, or the certificate authority not to'
    throw fault(
      place,
      `"insecure-skip-tls-verify" excludes a certificate authority; ${remedy}`,
      'insecure-skip-tls-verify',
    )
  }
  const ca = await caOf(cluster, host)
  return {
    ...(ca !== undefined && { ca }),
    ...(fields['tls-server-name'] !== undefined && { serverName: fields['tls-server-name'] }),
    ...(insecure && { insecureSkipVerify: true }),
  }
}

/** A bundle in a file may be replaced while a client lives: it is checked now and read again when the client asks. */
async function caOf(cluster: Entry<ClusterFields>, host: Host | undefined): Promise<TlsOptions['ca']> {
  const read = async (): Promise<string | undefined> => {
    const ca = await readPem(cluster, 'certificate-authority', host)
    const wrong = ca === undefined ? undefined : host?.caFault(ca)
    if (wrong !== undefined) throw fault(cluster.place, `its certificate authority cannot be used: ${wrong}`)
    return ca
  }
  const ca = await read()
  if (ca === undefined || cluster.fields['certificate-authority'] === undefined) return ca
  return async () => (await read()) ?? ca
}
