/** A host and port to reach. IPv6 without brackets. */
export interface Endpoint {
  readonly host: string
  readonly port: number
}

export function endpointOf(url: URL): Endpoint {
  const standard = { 'https:': 443, 'http:': 80, 'socks5:': 1080 }[url.protocol] ?? 443
  return { host: url.hostname.replaceAll(/[[\]]/g, ''), port: url.port === '' ? standard : Number(url.port) }
}
