import { once } from 'node:events'
import { createServer } from 'node:net'

/** A TCP port of 127.0.0.1 on which nothing listens now. Another program may take it before its user does. */
export async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('a TCP server has no port')
  return address.port
}
