import { InvalidRequestError, ProtocolError } from '../spec/errors.ts'
import type { KubeRequest, KubeResponse } from '../spec/request.ts'
import type { UpgradedConnection } from '../spec/transport.ts'
import type { RequestDefaults } from '../request/place.ts'
import { firstLine } from '../transport/first-line.ts'
import { quote } from '../transport/quote.ts'
import type { ReadContext } from '../transport/read-response.ts'
import type { UpgradeOptions } from './client.ts'
import { rawRequest } from './raw-request.ts'
import type { Session } from './session.ts'

/**
 * A WebSocket handshake like any other request: same credentials, middleware and errors. What travels on the connection is
 * the caller's.
 *
 * @see RFC 6455 section 4.1
 */
export async function upgrade(
  session: Session,
  options: UpgradeOptions,
  defaults: RequestDefaults,
): Promise<UpgradedConnection> {
  if (!Array.isArray(options?.protocols) || options.protocols.length === 0 || options.protocols.includes('')) {
    throw new InvalidRequestError('an upgrade needs protocols to offer, each with a name')
  }
  const key = randomKey()
  const accept = await acceptFor(key)
  return session.call(
    () => handshake(options, key, defaults),
    options,
    (response, context) => connectionOf(response, { protocols: options.protocols, accept, context }),
  )
}

function handshake(
  { path, query, headers, protocols }: UpgradeOptions,
  key: string,
  defaults: RequestDefaults,
): KubeRequest {
  const own = {
    'sec-websocket-version': '13',
    'sec-websocket-key': key,
    'sec-websocket-protocol': protocols.join(', '),
  }
  return { ...rawRequest({ path, query, headers: { ...headers, ...own } }, defaults), kind: 'upgrade' }
}

interface Expected {
  readonly protocols: readonly string[]
  readonly accept: string
  readonly context: ReadContext
}

function connectionOf(response: KubeResponse, { protocols, accept, context }: Expected): UpgradedConnection {
  const { socket, headers } = response
  const protocol = firstLine(headers['sec-websocket-protocol']) ?? ''
  const fault =
    socket === undefined || response.status !== 101
      ? `it answered ${response.status} instead of switching protocols`
      : firstLine(headers['sec-websocket-accept']) !== accept
        ? 'its answer is not one to this handshake'
        : protocols.includes(protocol)
          ? undefined
          : `it chose the protocol ${JSON.stringify(quote(protocol))}, and ${protocols.join(', ')} was offered`
  if (socket === undefined || fault !== undefined) {
    response.cancel()
    throw new ProtocolError(`${context.request.method} ${context.request.url}: no WebSocket: ${fault}`)
  }
  const close = (): Promise<void> => {
    response.cancel()
    return Promise.resolve()
  }
  return { ...socket, protocol, headers, close, [Symbol.asyncDispose]: close }
}

function randomKey(): string {
  return base64(crypto.getRandomValues(new Uint8Array(16)))
}

/** What proves that the server has read the key. The constant is that of RFC 6455. */
async function acceptFor(key: string): Promise<string> {
  const proof = new TextEncoder().encode(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
  return base64(new Uint8Array(await crypto.subtle.digest('SHA-1', proof)))
}

function base64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
}
