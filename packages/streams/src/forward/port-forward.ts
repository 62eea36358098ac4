import type { Socket } from 'node:net'
import type { Client } from '@kubeclient/core'
import { ConfigError, InvalidRequestError } from '@kubeclient/core/spec'
import { onceAborted } from '../abortable.ts'
import { ForwardRoute, type ForwardPortOptions } from './forward-port.ts'
import { joinSocket } from './join-socket.ts'
import { type Listener, listen } from './listen.ts'
import { type PortPair, portPair, type PortSpec } from './port-spec.ts'
import type { PortTarget } from './port-target.ts'

/** Options of {@link portForward}. */
export interface PortForwardOptions extends ForwardPortOptions {
  /** `8080`, `'8888:http'`, or both by name; a local port of 0, or none, is chosen by the system. */
  ports: readonly PortSpec[]
  /** @defaultValue `127.0.0.1` and `::1`, of which one may be missing or taken, as with kubectl: {@link PortForwarder.ports} says */
  address?: string | readonly string[] | undefined
  /** Told of a connection that failed; the listener goes on. */
  onError?: ((error: Error) => void) | undefined
}

/** Listens until it is stopped. */
export interface PortForwarder extends AsyncDisposable {
  /** As bound: for each port that was asked for, one for each address. */
  readonly ports: readonly { readonly local: number; readonly remote: number; readonly address: string }[]
  /** Ends the listeners and their connections. Idempotent. */
  stop(): Promise<void>
}

/**
 * Listens on local ports; each connection becomes one to the target. A service or a workload is resolved to a pod that is ready, and
 * again when that pod is gone.
 *
 * @throws {@link InvalidRequestError} for a target without a ready pod or such a port, {@link ConfigError} for a local port that cannot be had
 */
export async function portForward(
  client: Client,
  target: PortTarget,
  options: PortForwardOptions,
): Promise<PortForwarder> {
  if (options.ports.length === 0)
    throw new InvalidRequestError('there is nothing to forward: give at least one of `ports`')
  const pairs = options.ports.map(portPair)
  const stop = new AbortController()
  let unlink: (() => void) | undefined
  const listeners: Listener[] = []
  const end = async (reason?: unknown): Promise<void> => {
    unlink?.()
    stop.abort(reason)
    await Promise.all(listeners.map((listener) => listener.close()))
  }
  unlink = onceAborted(options.signal, () => void end(options.signal?.reason))
  const ports: PortForwarder['ports'][number][] = []
  try {
    for (const pair of pairs) {
      const route = new ForwardRoute(client, target, pair.remote, { namespace: options.namespace, signal: stop.signal })
      const { port: remote } = await route.resolve()
      const connect = (socket: Socket): void =>
        void serve(socket, route).catch((error: unknown) => tell(error, options, stop.signal))
      for (const listener of await listenAll(pair, options.address, connect)) {
        listeners.push(listener)
        ports.push({ local: listener.port, remote, address: listener.address })
      }
    }
    stop.signal.throwIfAborted()
  } catch (error) {
    await end()
    throw error
  }
  const leave = (): Promise<void> => end()
  return { ports, stop: leave, [Symbol.asyncDispose]: leave }
}

/** The same port on each address. Of the default ones a machine may have only one. */
async function listenAll(
  { local, remote }: PortPair,
  address: PortForwardOptions['address'],
  onConnection: (socket: Socket) => void,
): Promise<Listener[]> {
  const addresses = typeof address === 'string' ? [address] : (address ?? ['127.0.0.1', '::1'])
  const listeners: Listener[] = []
  const faults: unknown[] = []
  for (const each of addresses)
    await listen(each, listeners[0]?.port ?? local, onConnection).then(
      (listener) => listeners.push(listener),
      (error: unknown) => faults.push(error),
    )
  const mayFail = address === undefined && listeners.length > 0
  if (faults.length === 0 || mayFail) return listeners
  await Promise.all(listeners.map((listener) => listener.close()))
  throw new ConfigError(
    `port ${local} for ${remote} cannot be had on ${addresses.join(' and ')}: ${String(faults[0])}`,
    {},
    { cause: faults[0] },
  )
}

async function serve(socket: Socket, route: ForwardRoute): Promise<void> {
  socket.on('error', () => undefined) // whoever reads or writes is told
  try {
    await joinSocket(socket, await route.open())
  } catch (error) {
    socket.resetAndDestroy()
    throw error
  }
}

function tell(error: unknown, { onError }: PortForwardOptions, { aborted }: AbortSignal): void {
  if (!aborted) onError?.(error instanceof Error ? error : new Error(String(error)))
}
