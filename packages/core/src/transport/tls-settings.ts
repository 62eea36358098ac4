import { isIP } from 'node:net'
import { checkServerIdentity, type ConnectionOptions as NodeTlsOptions } from 'node:tls'
import type { ConnectionOptions } from '../spec/transport.ts'

/** TLS towards the API server, in the words of `node:tls`. The same for each transport, through a proxy or not. */
export interface TlsSettings {
  readonly rejectUnauthorized: boolean
  readonly ca?: string
  readonly cert?: string
  readonly key?: string
  readonly servername?: string
  readonly checkServerIdentity?: NonNullable<NodeTlsOptions['checkServerIdentity']>
}

export function tlsSettings(connection: ConnectionOptions): TlsSettings {
  const { ca, clientCertificate, serverName, insecureSkipVerify } = connection
  return {
    rejectUnauthorized: !insecureSkipVerify,
    ...(ca !== undefined && { ca }),
    ...(clientCertificate !== undefined && { cert: clientCertificate.cert, key: clientCertificate.key }),
    ...(serverName !== undefined && settingsFor(serverName)),
  }
}

/** An address is verified and not sent: SNI is for names only (RFC 6066, section 3), and Node refuses anything else. */
function settingsFor(serverName: string): Pick<TlsSettings, 'servername' | 'checkServerIdentity'> {
  if (isIP(serverName) === 0) return { servername: serverName }
  return { servername: '', checkServerIdentity: (_, certificate) => checkServerIdentity(serverName, certificate) }
}
