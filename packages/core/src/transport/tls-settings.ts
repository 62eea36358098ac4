import type { ConnectionOptions } from '../spec/transport.ts'

/** TLS towards the API server, in the words of `node:tls`. The same for each transport, through a proxy or not. */
export interface TlsSettings {
  readonly rejectUnauthorized: boolean
  readonly ca?: string
  readonly cert?: string
  readonly key?: string
  readonly servername?: string
}

export function tlsSettings(connection: ConnectionOptions): TlsSettings {
  const { ca, clientCertificate, serverName, insecureSkipVerify } = connection
  return {
    rejectUnauthorized: !insecureSkipVerify,
    ...(ca !== undefined && { ca }),
    ...(clientCertificate !== undefined && { cert: clientCertificate.cert, key: clientCertificate.key }),
    ...(serverName !== undefined && { servername: serverName }),
  }
}
