import { Duplex } from 'node:stream'
import type { Client } from '@kubeclient/core'
import { forwardPort, type ForwardPortOptions } from './forward-port.ts'
import type { PortTarget } from './port-target.ts'

/**
 * One connection to one port of a pod, as `http.Agent`, `tls.connect` and database drivers take it.
 *
 * @see {@link forwardPort}
 */
export async function forwardSocket(
  client: Client,
  target: PortTarget,
  port: number | string,
  options?: ForwardPortOptions,
): Promise<Duplex> {
  return Object.assign(Duplex.fromWeb(await forwardPort(client, target, port, options)), socketMethods)
}

/** What an `http.Agent` asks of a socket: there is nothing to do, as the connection to the API server is another. */
const socketMethods = {
  setKeepAlive: noop,
  setNoDelay: noop,
  setTimeout: noop,
  ref: noop,
  unref: noop,
}

function noop<T>(this: T): T {
  return this
}
