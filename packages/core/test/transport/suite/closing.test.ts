import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { describe, expect, it } from 'vitest'
import type { ConnectionOptions } from '../../../src/index.ts'
import { caught } from '../../support/caught.ts'
import { listen, proxySchemes } from '../../support/proxies.ts'
import { connectionTo, entries, get, stream } from '../../support/transports.ts'

const whenever = 600_000

/** Takes connections, and says nothing: what is being made over them is never done. */
async function silence(): Promise<{ port: number; first: Promise<Socket>; connections: () => number }> {
  const { promise: first, resolve } = Promise.withResolvers<Socket>()
  let count = 0
  const server = createServer((socket) => {
    count += 1
    resolve(socket.resume())
  })
  return { port: await listen(server), first, connections: () => count }
}

const hops = ['no proxy', ...proxySchemes] as const

describe.each([
  ...entries
    .filter(({ ownsConnections }) => ownsConnections)
    .map(({ name, factory }) => ({ name, factory, http2: false })),
  ...entries.filter(({ name }) => name === 'undici').map(({ factory }) => ({ name: 'HTTP/2', factory, http2: true })),
])('$name: close', ({ factory, http2 }) => {
  const connecting = (hop: (typeof hops)[number], port: number): ConnectionOptions => {
    if (hop === 'no proxy') return connectionTo(`https://127.0.0.1:${port}`, { http2, connectMs: whenever })
    const proxy = new URL(`${hop}://127.0.0.1:${port}`)
    return connectionTo('https://10.0.0.1:6443', { http2, connectMs: whenever, proxy })
  }

  describe.each(hops)('with %s', (hop) => {
    it.each(['unary', 'stream'] as const)('ends the connection that is being made for a call (%s)', async (kind) => {
      const { port, first } = await silence()
      const transport = factory(connecting(hop, port))
      const failing = caught(transport.send(kind === 'unary' ? get('/a') : stream('/a')))
      const socket = await first
      const closed = once(socket, 'close')
      await transport.close(new Error('the client was closed'))
      expect(await failing).toMatchObject({ code: 'KUBE_TRANSPORT' })
      expect(String(await failing)).toContain('the client was closed')
      await closed
    })

    it('ends the connection that is being made for a call that was aborted', async () => {
      const { port, first } = await silence()
      const transport = factory(connecting(hop, port))
      const controller = new AbortController()
      const failing = caught(transport.send(get('/a', { signal: controller.signal })))
      const socket = await first
      const closed = once(socket, 'close')
      controller.abort('enough')
      await expect(failing).resolves.toBe('enough')
      await transport.close(new Error('the client was closed'))
      await closed
    })
  })

  it('opens no further connection, however many calls wait for one', async () => {
    const { port, first, connections } = await silence()
    const transport = factory(connecting('no proxy', port))
    const failing = Array.from({ length: 100 }, () => caught(transport.send(get('/a'))))
    const socket = await first
    const closed = once(socket, 'close')
    await transport.close(new Error('the client was closed'))
    for (const error of await Promise.all(failing)) expect(error).toMatchObject({ code: 'KUBE_TRANSPORT' })
    await closed
    expect(connections()).toBeLessThanOrEqual(32)
  })
})
