import { connect } from 'node:net'
import { onChannel, received, type Session } from './kubelet-server.ts'

/** Connects a session with a port of this machine, as a kubelet does with one of a pod. */
export async function forwardLocally(session: Session): Promise<void> {
  const { ws, url } = session
  const port = Number(url.searchParams.get('ports'))
  announce(session, port)
  const socket = connect({ port, host: '127.0.0.1' })
  socket.on('data', (chunk) => ws.send(onChannel(0, chunk)))
  socket.on('end', () => ws.close(1000))
  socket.on('error', (error) => {
    ws.send(onChannel(1, `error forwarding port ${port}: ${error.message}`))
    ws.close(1000)
  })
  ws.on('close', () => socket.destroy())
  for await (const { payload } of received(session)) socket.write(payload)
}

/** Both channels begin with the port, little endian. */
export function announce({ ws }: Session, port: number): void {
  for (const channel of [0, 1]) ws.send(onChannel(channel, Buffer.of(port & 0xff, port >> 8)))
}
