import { isIP, isIPv4, type Socket } from 'node:net'
import type { Endpoint } from './endpoint.ts'
import { readSocket } from './read-socket.ts'

const version = 5
const noAuthentication = 0
const usernameAndPassword = 2

/** The reply codes of RFC 1928 section 6. */
const refusals: Readonly<Record<number, string>> = {
  1: 'it failed',
  2: 'its rules forbid the connection',
  3: 'it cannot reach the network',
  4: 'it cannot reach the host',
  5: 'the server refused the connection',
  6: 'the way to the server is too long',
  7: 'it does not know the command',
  8: 'it does not know this kind of address',
}

/** Asks a SOCKS5 proxy for a tunnel; it looks names up itself. @see RFC 1928, RFC 1929 */
export async function askSocksProxy(socket: Socket, proxy: URL, target: Endpoint): Promise<void> {
  await authenticate(socket, proxy)
  await connect(socket, target)
}

async function authenticate(socket: Socket, { username, password }: URL): Promise<void> {
  const method = username === '' ? noAuthentication : usernameAndPassword
  socket.write(Buffer.from([version, 1, method]))
  const [answeredVersion, chosen] = await exactly(socket, 2)
  if (answeredVersion !== version) throw new Error('it does not speak SOCKS5')
  if (chosen !== method) throw new Error('it asks for another sort of credentials: put them into its URL')
  if (method === noAuthentication) return
  socket.write(
    Buffer.concat([Buffer.from([1]), counted(decodeURIComponent(username)), counted(decodeURIComponent(password))]),
  )
  const [, status] = await exactly(socket, 2)
  if (status !== 0) throw new Error('it refused the credentials of its URL')
}

async function connect(socket: Socket, { host, port }: Endpoint): Promise<void> {
  socket.write(Buffer.concat([Buffer.from([version, 1, 0]), address(host), Buffer.from([port >> 8, port & 0xff])]))
  const [, reply = 1, , kind] = await exactly(socket, 4)
  if (reply !== 0) throw new Error(refusals[reply] ?? `it answered ${reply}`)
  // The address it connects from has no use here, and stands before the server's own bytes.
  const length = kind === 1 ? 4 : kind === 4 ? 16 : ((await exactly(socket, 1))[0] ?? 0)
  await exactly(socket, length + 2)
}

function address(host: string): Buffer {
  const family = isIP(host)
  if (family === 0) return Buffer.concat([Buffer.from([3]), counted(host)])
  return isIPv4(host) ? Buffer.from([1, ...host.split('.').map(Number)]) : Buffer.concat([Buffer.from([4]), ipv6(host)])
}

/** Sixteen bytes. `URL` has written the address in its canonical form. */
function ipv6(host: string): Buffer {
  const [head = '', tail = ''] = host.split('::')
  const first = groups(head)
  const last = groups(tail)
  const zeros = Array.from({ length: 8 - first.length - last.length }, () => 0)
  return Buffer.from([...first, ...zeros, ...last].flatMap((group) => [group >> 8, group & 0xff]))
}

function groups(part: string): number[] {
  return part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16))
}

function counted(text: string): Buffer {
  const bytes = Buffer.from(text)
  if (bytes.length > 255) throw new Error('a name or password is longer than SOCKS5 can carry')
  return Buffer.concat([Buffer.from([bytes.length]), bytes])
}

function exactly(socket: Socket, length: number): Promise<Buffer> {
  return readSocket(socket, length, (bytes) => (bytes.length >= length ? length : undefined))
}
