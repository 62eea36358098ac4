import { randomBytes } from 'node:crypto'
import { createServer as createHttpServer, type Server } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { setImmediate } from 'node:timers/promises'
import type { ClientConfig, DynamicObject, Manifest } from '@kubeclient/core/spec'
import { createCertificateAuthority } from '../certificates.ts'
import { createBackend } from './create-backend.ts'
import { createRequestHandler, type RequestHandler } from './handle-request.ts'
import { kubeconfigOf } from './kubeconfig-of.ts'
import type { RecordedRequest } from './recorded-request.ts'
import { seed, type CustomResource } from './seed-objects.ts'

export interface ApiServerOptions {
  /** Present at the start, status included. Their namespaces are made. */
  objects?: readonly (Manifest | (Manifest & DynamicObject))[] | undefined
  /** Kinds beyond the built-in ones. */
  customResources?: readonly CustomResource[] | undefined
  /** Serve https with a CA of its own. @defaultValue false: plain http */
  tls?: boolean | undefined
  /** Serve discovery in two requests too. False: as API servers before 1.26. @defaultValue true */
  aggregatedDiscovery?: boolean | undefined
}

/** A running API server. Stop it: it keeps the process alive. */
export interface ApiServer extends AsyncDisposable {
  /** Complete: the address, the CA, and the only credential that the server takes. */
  readonly config: ClientConfig
  readonly url: URL
  /** The same for kubectl: a kubeconfig as JSON, which is YAML. Holds the token. */
  readonly kubeconfig: string
  /** What was asked so far, in order. Credentials are masked. */
  readonly requests: readonly RecordedRequest[]
  /** TCP connections accepted so far. */
  readonly connections: number
  /** Ends every open watch, as a restarted server does. */
  dropWatches(): void
  /** Forgets history: versions, and continue tokens, from before now are expired. */
  compact(): void
  /** Ends open requests and closes the port. */
  stop(): Promise<void>
}

/**
 * Starts an API server in memory, over real HTTP or HTTPS on a free port of 127.0.0.1. It knows the built-in kinds of Kubernetes 1.37 and
 * answers as kube-apiserver does, without defaults, validation by schema, authorization and controllers. What it cannot do it
 * answers with 501.
 *
 * @throws {@link ConfigError} for an object or a custom resource that cannot be
 */
export async function startApiServer(options: ApiServerOptions = {}): Promise<ApiServer> {
  const { objects = [], customResources = [], tls = false, aggregatedDiscovery = true } = options
  const backend = createBackend({ now: () => new Date() })
  seed(backend, { objects, customResources })

  const token = randomBytes(24).toString('base64url')
  const requests: RecordedRequest[] = []
  let [connections, address, watches] = [0, '', new AbortController()]
  const handle = createRequestHandler({
    backend,
    discovery: () => ({ aggregated: aggregatedDiscovery, serverAddress: address }),
    token,
    record: (request) => requests.push(request),
    watchSignal: () => watches.signal,
  })
  const { server, ca } = tls
    ? await createTlsServer(handle)
    : { server: createHttpServer(listener(handle)), ca: undefined }
  server.on('connection', () => {
    connections += 1
  })
  address = await listen(server)
  const url = new URL(`${tls ? 'https' : 'http'}://${address}`)

  const stop = async (): Promise<void> => {
    watches.abort()
    backend.stop()
    // Watches end by themselves in the meantime, so that their clients see an end and no reset.
    await setImmediate()
    await close(server)
  }
  return {
    url,
    config: { server: url.origin, credentials: { token }, ...(ca !== undefined && { tls: { ca } }) },
    kubeconfig: kubeconfigOf({ server: url.origin, token, ca }),
    requests,
    get connections() {
      return connections
    },
    dropWatches() {
      watches.abort()
      watches = new AbortController()
    },
    compact: () => backend.store.compact(),
    stop,
    [Symbol.asyncDispose]: stop,
  }
}

async function createTlsServer(handle: RequestHandler): Promise<{ server: Server; ca: string }> {
  const authority = await createCertificateAuthority({ commonName: 'in-memory API server' })
  const sans = ['127.0.0.1', 'localhost']
  const { cert, key } = await authority.issue({ commonName: 'kube-apiserver', sans })
  return { server: createHttpsServer({ cert, key }, listener(handle)), ca: authority.cert }
}

/** The handler answers its own failures, so nothing is left to wait for. */
function listener(handle: RequestHandler): (...args: Parameters<RequestHandler>) => void {
  return (request, response) => void handle(request, response)
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  // A cast: only a server on a pipe has a string for an address.
  const { port } = address as { port: number }
  return `127.0.0.1:${port}`
}

async function close(server: Server): Promise<void> {
  if (!server.listening) return
  const closed = new Promise<void>((resolve) => {
    server.close(() => resolve())
  })
  server.closeAllConnections()
  await closed
}
