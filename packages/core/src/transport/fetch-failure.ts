import { isKubeError, TransportError } from '../spec/errors.ts'
import type { KubeRequest } from '../spec/request.ts'
import { mask } from './quote.ts'
import { requestSummary } from './request-summary.ts'
import { transportError } from './transport-error.ts'

/** What a fetch, or the body of its response, failed with, as a {@link TransportError} that a person can act on. */
export function fetchFailure(server: URL, request: KubeRequest, thrown: unknown): Error {
  if (isKubeError(thrown)) return thrown
  const cause = sanitized(request, thrown)
  const code = cause.code ?? ''
  const words = ofCertificate(code, server)
  if (words !== undefined) return new TransportError(words, { request: requestSummary(server, request) }, { cause })
  return transportError(server, request, cause, !unconnected.test(code))
}

/** The request was given to no connection. */
const unconnected =
  /^(?:ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT|CERT_|ERR_SSL_|EPROTO)/

/** Where the remedy is another than with a client that has TLS settings. */
function ofCertificate(code: string, { hostname }: URL): string | undefined {
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return `the server's certificate is for another name than ${hostname}, and a fetch takes no \`tls.serverName\``
  }
  if (!/^(?:UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|CERT_SIGNATURE_)/.test(code)) return undefined
  return (
    "the server's certificate is not signed by a CA that this runtime trusts, and a fetch takes no `tls.ca`: " +
    'add the CA to the runtime, or take createClient from @kubeclient/core/lite'
  )
}

/** The one error that says most, without what a runtime or a wrapper around its fetch may have put there of the request. */
function sanitized(request: KubeRequest, thrown: unknown): Error & { code?: string } {
  const error = thrown instanceof Error ? thrown : new Error('it threw what is no Error')
  const source = error.cause instanceof Error ? error.cause : error
  const message = mask(source.message.replaceAll(urlQuery, '$1'), secretsOf(request))
  const copy = new Error(bare.test(message) ? `${message} (${unsaid})` : message)
  copy.name = source.name
  const code = 'code' in source && typeof source.code === 'string' ? source.code : impliedCode(error, message)
  return code === undefined ? copy : Object.assign(copy, { code })
}

const urlQuery = /(https?:\/\/[^\s?]+)\?[^\s)"']*/g

/** All that browsers say. */
const bare = /^(?:failed to fetch|fetch failed|load failed|networkerror)/i
const unsaid = 'no connection, a certificate that is not trusted, or CORS: the fetch does not say which'

/** Where a runtime gives none: by Deno's words, else by the standard's only failure, a TypeError. Node and Bun have codes. */
function impliedCode(error: Error, message: string): string | undefined {
  if (!(error instanceof TypeError)) return undefined
  if (message.includes('Connection refused')) return 'ECONNREFUSED'
  if (message.includes('dns error')) return 'ENOTFOUND'
  if (message.includes('invalid peer certificate')) return 'CERT_REFUSED'
  return 'FETCH_FAILED' // perhaps a lost connection: reads are worth another try
}

/** Header values, with and without the scheme before them. */
function secretsOf({ headers }: KubeRequest): string[] {
  return Object.values(headers)
    .flat()
    .flatMap((value) => [value, value.replace(/^\S+ /, '')])
    .filter((value) => value.length > 7)
}
