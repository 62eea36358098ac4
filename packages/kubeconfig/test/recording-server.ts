import { once } from 'node:events'
import { createServer } from 'node:https'
import { type AddressInfo, isIP } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { fixture } from './kubeconfig.ts'

/** What a client shows of itself. */
export interface Recorded {
  readonly path: string | undefined
  readonly authorization: string | undefined
  /** Names in lower case, with the values of each line. */
  readonly impersonation: Readonly<Record<string, readonly string[] | undefined>>
  readonly certificate: string | undefined
  readonly serverName: string | undefined
}

export interface RecordingServer {
  readonly origin: string
  /** What came since the last call. */
  take(): readonly Recorded[]
  stop(): Promise<void>
}

/** Takes any client, with the certificate `server.pem` for 127.0.0.1 and api.example.com. */
export async function startRecordingServer(): Promise<RecordingServer> {
  const tls = { cert: fixture('server.pem'), key: fixture('server-key.pem') }
  let recorded: Recorded[] = []
  const server = createServer({ ...tls, requestCert: true, rejectUnauthorized: false }, (request, response) => {
    const socket = request.socket as TLSSocket & { servername?: string | false } // of an HTTPS server
    const lines = Object.entries(request.headersDistinct).filter(([name]) => name.startsWith('impersonate-'))
    const name = socket.servername || undefined
    recorded.push({
      path: request.url,
      authorization: request.headers.authorization,
      impersonation: Object.fromEntries(lines.toSorted(([a], [b]) => (a < b ? -1 : 1))),
      certificate: socket.getPeerX509Certificate()?.fingerprint256,
      serverName: name === undefined || isIP(name) ? undefined : name,
    })
    response.setHeader('content-type', 'application/json').end('{}')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo // it listens on TCP, so it has a port
  return {
    origin: `https://127.0.0.1:${port}`,
    take() {
      const taken = recorded
      recorded = []
      return taken
    },
    async stop() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
