import { ConfigError, CredentialError } from '../spec/errors.ts'
import type { ClientConfig } from '../spec/client-config.ts'
import type { CredentialProvider, Credentials } from '../spec/credentials.ts'
import type { Middleware } from '../spec/middleware.ts'
import type { RequestHeaders } from '../spec/request.ts'
import { isLoopback } from '../transport/is-loopback.ts'

/** Why what identifies somebody would travel in clear text, where others could read it; `undefined`: it would not. */
export function clearTextFault(server: URL, { proxy, allowInsecureCredentials }: ClientConfig): string | undefined {
  if (server.protocol !== 'http:' || allowInsecureCredentials === true) return undefined
  const remedy = 'use https, or set `allowInsecureCredentials`'
  const would = 'credentials and impersonation would be sent in clear text'
  if (!isLoopback(server.hostname)) return `${server.origin} is plain http: ${would} (${remedy})`
  // The environment's proxies are not for loopback.
  if (proxy === undefined || proxy === 'env' || proxy === false) return undefined
  return `${server.origin} is plain http, and \`proxy\` takes what is sent there to another machine: ${would} (${remedy})`
}

/** Whether headers that somebody gives say who asks. */
export function identifies(headers: RequestHeaders): boolean {
  return Object.keys(headers).some((name) => /^(?:authorization$|impersonate-)/i.test(name))
}

/** Refuses requests that say who asks, wherever they got that from. @throws {@link ConfigError} */
export function refuseIdentity(fault: string): Middleware {
  return async (request, next) => {
    if (identifies(request.headers)) throw new ConfigError(fault)
    return next(request)
  }
}

/** What of a configuration is for TLS only, and would be ignored in silence. @throws {@link ConfigError} that names it */
export function refuseTlsSettings({ tls = {}, credentials }: ClientConfig): void {
  const { ca, clientCertificate, serverName, insecureSkipVerify } = tls
  const set = Object.entries({ ca, clientCertificate, serverName, insecureSkipVerify }).find(([, value]) => !!value)
  if (set !== undefined) throw noEffect(`tls.${set[0]}`)
  if (typeof credentials === 'object' && !('getCredentials' in credentials) && isCertificateOnly(credentials)) {
    throw noEffect('credentials.clientCertificate')
  }
}

/** Over plain http a certificate is nobody's: a provider that gives nothing else would leave its user anonymous. */
export function withoutCertificates(provider: CredentialProvider): CredentialProvider {
  return {
    name: provider.name,
    async getCredentials(context) {
      const credentials = await provider.getCredentials(context)
      if (!isCertificateOnly(credentials)) return credentials
      const message = `${JSON.stringify(provider.name)} gave only a client certificate, which has no effect: the server is plain http`
      throw new CredentialError(message, { provider: provider.name })
    },
  }
}

function noEffect(name: string): ConfigError {
  return new ConfigError(`\`${name}\` has no effect: \`server\` is plain http (should it begin with https://?)`)
}

function isCertificateOnly(credentials: Credentials | undefined): boolean {
  return (
    credentials?.clientCertificate !== undefined && credentials.token === undefined && credentials.basic === undefined
  )
}
