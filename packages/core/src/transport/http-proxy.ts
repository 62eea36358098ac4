import { isIPv6, type Socket } from 'node:net'
import type { Endpoint } from './endpoint.ts'
import { readSocket } from './read-socket.ts'

const maxHeadBytes = 16 * 1024
const endOfHead = '\r\n\r\n'

/** Asks an HTTP proxy for a tunnel. @see RFC 9110 section 9.3.6 */
export async function askHttpProxy(socket: Socket, proxy: URL, { host, port }: Endpoint): Promise<void> {
  const authority = `${isIPv6(host) ? `[${host}]` : host}:${port}`
  const lines = [`CONNECT ${authority} HTTP/1.1`, `host: ${authority}`, ...authorization(proxy)]
  socket.write(lines.join('\r\n') + endOfHead)
  const head = await readHead(socket)
  const status = /^HTTP\/1\.[01] (\d{3})/.exec(head)?.[1]
  if (status === undefined) throw new Error('its answer is not HTTP')
  if (status === '407') throw new Error('it asks for other credentials (407): put them into its URL')
  if (!status.startsWith('2')) throw new Error(`it refused to connect to ${authority} (${status})`)
}

async function readHead(socket: Socket): Promise<string> {
  const head = await readSocket(socket, maxHeadBytes, (bytes) => {
    const end = bytes.indexOf(endOfHead)
    return end === -1 ? undefined : end + endOfHead.length
  })
  return head.toString('latin1')
}

function authorization({ username, password }: URL): string[] {
  if (username === '' && password === '') return []
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
  return [`proxy-authorization: Basic ${Buffer.from(pair).toString('base64')}`]
}
