import type { ClientConfig } from '../spec/client-config.ts'
import { ConfigError } from '../spec/errors.ts'
import type { RequestHeaders } from '../spec/request.ts'
import type { ConnectionOptions } from '../spec/transport.ts'

type Asked = { readonly [Name in 'ca' | 'clientCertificate' | 'serverName' | 'insecureSkipVerify' | 'proxy']?: unknown }

/** What decides about connections is the fetch's own business: nothing can be passed on to it. */
const limits = [
  ['ca', '`tls.ca`', 'trusts the CAs of its runtime'],
  ['clientCertificate', 'a client certificate (`tls.clientCertificate`, or one of `credentials`)', 'shows none'],
  ['serverName', '`tls.serverName`', 'verifies the host name of `server`'],
  ['insecureSkipVerify', '`tls.insecureSkipVerify`', 'verifies every certificate'],
  ['proxy', '`proxy`', 'has proxy rules of its own'],
] as const

/** Refuses what a fetch cannot honour, in a configuration or for a connection. @throws {@link ConfigError} */
export function refuseForFetch(asked: Asked & Pick<ClientConfig | ConnectionOptions, 'http2'>): void {
  for (const [name, words, instead] of limits) {
    if (asked[name] !== undefined && asked[name] !== false) throw notOfFetch(words, instead)
  }
  if (asked.http2 === true) throw notOfFetch('`http2`', 'chooses the protocol itself')
}

/** A fetch joins the lines of a header into one: of three groups it would make one with commas. @throws {@link ConfigError} */
export function refuseRepeatedLines(headers: RequestHeaders): void {
  for (const [name, lines] of Object.entries(headers)) {
    if (typeof lines !== 'string' && lines.length > 1) throw notOfFetch(optionOf(name), 'sends each header as one line')
  }
}

export function notOfFetch(option: string, instead: string): ConfigError {
  return new ConfigError(
    `${option} cannot be honoured by a fetch, which ${instead}: leave it out, or take createClient from @kubeclient/core or @kubeclient/core/lite`,
  )
}

function optionOf(header: string): string {
  if (header === 'impersonate-group') return 'more than one of `impersonate.groups`'
  if (header.startsWith('impersonate-extra-')) return 'more than one value of a key of `impersonate.extra`'
  return `more than one line of the header ${JSON.stringify(header)}`
}
