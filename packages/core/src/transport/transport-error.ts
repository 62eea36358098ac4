import { isKubeError, TransportError } from '../spec/errors.ts'
import type { KubeRequest } from '../spec/request.ts'
import { quote } from './quote.ts'
import { requestSummary } from './request-summary.ts'
import { writes } from './writes-under-way.ts'

/**
 * What undici, TLS or the socket reported, as a {@link TransportError} that a person can act on.
 *
 * @param sent Whether the request had been given to a connection: only then can a write have been applied.
 */
export function transportError(server: URL, request: KubeRequest, error: Error, sent: boolean): Error {
  if (isKubeError(error)) return error
  const maybeApplied = sent && writes(request)
  const message = explain(error, server)
  return new TransportError(
    maybeApplied ? `${message} (the write may have been applied: read before you repeat it)` : message,
    { request: requestSummary(server, request), maybeApplied },
    { cause: sanitized(error) },
  )
}

/** Without the fields that undici and TLS put on their errors: raw response bytes, sockets, certificates. */
function sanitized(error: Error): Error {
  const copy: Error & { code?: string } = new Error(error.message)
  copy.name = error.name
  const code = codeOf(error)
  if (code !== undefined) copy.code = code
  return copy
}

/** An error that {@link transportError} explains by its code. */
export function codedError(
  code: 'CONNECT_TIMEOUT' | 'RESPONSE_TIMEOUT' | 'HTTP2_RESET' | 'HTTP2_CLOSED',
  message: string,
): Error {
  return Object.assign(new Error(message), { code })
}

function codeOf(error: Error): string | undefined {
  return 'code' in error && typeof error.code === 'string' ? error.code : undefined
}

const unknownIssuer =
  "the server's certificate is not signed by a CA that is trusted here: `tls.ca` may be missing, or that of another cluster"

const explanations: Readonly<Record<string, (server: URL) => string>> = {
  ECONNREFUSED: ({ host }) => `nothing listens at ${host} (connection refused)`,
  ENOTFOUND: ({ hostname }) => `the host name ${hostname} is not known`,
  EAI_AGAIN: ({ hostname }) => `the host name ${hostname} could not be looked up just now`,
  EHOSTUNREACH: ({ host }) => `${host} cannot be reached from here (no route to host)`,
  ENETUNREACH: ({ host }) => `${host} cannot be reached from here (no route to network)`,
  ECONNRESET: (server) => `the connection was reset${plainHint(server)}`,
  EPIPE: (server) => `${closedEarly}${plainHint(server)}`,
  UND_ERR_SOCKET: (server) => `${closedEarly}${plainHint(server)}`,
  UND_ERR_CONNECT_TIMEOUT: ({ host }) => `no connection to ${host} in time (\`timeouts.connectMs\`)`,
  CONNECT_TIMEOUT: ({ host }) => `no connection to ${host} in time (\`timeouts.connectMs\`)`,
  RESPONSE_TIMEOUT: () => 'no response in time (`timeouts.responseMs`)',
  UND_ERR_HEADERS_TIMEOUT: () => 'no response in time (`timeouts.responseMs`)',
  UND_ERR_BODY_TIMEOUT: () => 'the response stopped in its middle (`timeouts.responseMs`)',
  UND_ERR_HEADERS_OVERFLOW: longHeader,
  HPE_HEADER_OVERFLOW: longHeader,
  UND_ERR_CLOSED: () => 'the client is closed',
  UND_ERR_DESTROYED: () => 'the client is closed',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: () => unknownIssuer,
  UNABLE_TO_GET_ISSUER_CERT: () => unknownIssuer,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: () => unknownIssuer,
  SELF_SIGNED_CERT_IN_CHAIN: () => unknownIssuer,
  DEPTH_ZERO_SELF_SIGNED_CERT: () => unknownIssuer,
  CERT_SIGNATURE_FAILURE: () => unknownIssuer,
  CERT_HAS_EXPIRED: () => "the server's certificate has expired",
  CERT_NOT_YET_VALID: () => "the server's certificate is not valid yet: is the clock here right?",
  ERR_SSL_WRONG_VERSION_NUMBER: noTls,
  ERR_SSL_PACKET_LENGTH_TOO_LONG: noTls,
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: () => 'the server asks for a client certificate, and none is configured',
  ERR_SSL_TLSV1_ALERT_UNKNOWN_CA: () => 'the server does not trust the CA of the client certificate',
  ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE: () => 'the server refused the client certificate',
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED: () => 'the client certificate has expired',
  ERR_OSSL_PEM_NO_START_LINE: () => 'the client certificate or its key is no PEM',
  ERR_OSSL_X509_KEY_VALUES_MISMATCH: () => 'the client certificate and its key do not belong together',
}

const closedEarly = 'the connection was closed before the response was complete'

/** A server that speaks TLS hangs up on plain http, without a word. */
function plainHint({ protocol }: URL): string {
  return protocol === 'http:' ? " (should the server's URL begin with https://?)" : ''
}

function longHeader({ host }: URL): string {
  return `the header of the response is longer than 16 KiB: is ${host} an API server?`
}

function noTls({ host }: URL): string {
  return `${host} does not speak TLS: should the server's URL begin with http://?`
}

function explain(error: Error, server: URL): string {
  const code = codeOf(error)
  // By its name: its class is loaded only where there is a proxy. The code is not the server's then.
  const explanation = error.name === 'ProxyError' ? undefined : explained(error, code, server)
  if (explanation !== undefined) return explanation
  const message = quote(error.message.trim())
  return code === undefined || message.includes(code) ? message : `${message} (${code})`
}

/** By its code, which is about the server. */
function explained(error: Error, code: string | undefined, server: URL): string | undefined {
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return otherName(error)
  if (code === 'EPROTO' && error.message.includes('wrong version number')) return noTls(server)
  return code !== undefined && Object.hasOwn(explanations, code) ? explanations[code]?.(server) : undefined
}

/** Node's own words leave the names out when the host is an address. */
function otherName(error: Error & { host?: unknown; cert?: { subjectaltname?: unknown } }): string {
  const { host, cert } = error
  const names = typeof cert?.subjectaltname === 'string' ? quote(cert.subjectaltname) : 'nothing'
  const wanted = typeof host === 'string' ? host : 'the host'
  return `the server's certificate is for another name: ${names}, and not ${wanted} (\`tls.serverName\` sets the name to expect)`
}
