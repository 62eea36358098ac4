import { once } from 'node:events'
import { Agent, createServer as createHttpServer, get, type IncomingMessage, type ServerResponse } from 'node:http'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import type { Client } from '@kubeclient/core'
import { type ApiServer, startApiServer } from '@kubeclient/testing'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { joinSocket } from '../src/forward/join-socket.ts'
import { forwardPort, portForward, type PortForwarder } from '../src/index.ts'
import { forwardSocket } from '../src/node.ts'
import { caught, kubeError } from './support/caught.ts'
import { countListeners } from './support/count-listeners.ts'
import { entries } from './support/entries.ts'
import { announce, forwardLocally } from './support/forward-locally.ts'
import { type KubeletServer, onChannel, received, startKubeletServer } from './support/kubelet-server.ts'

describe.each(entries)('port-forward over %s', (_, createClient) => {
  let server: KubeletServer
  let client: Client
  let target: Server
  /** What the target does with its next connections. */
  let serve: (socket: Socket) => void
  let port: number

  beforeEach(async () => {
    serve = (socket) => void socket.pipe(socket)
    target = createServer({ allowHalfOpen: true }, (socket) => {
      socket.on('error', () => undefined)
      serve(socket)
    })
    target.listen(0, '127.0.0.1')
    await once(target, 'listening')
    port = portOf(target)
    server = await startKubeletServer()
    server.onSession(forwardLocally)
    client = createClient({ server: server.url })
  })
  afterEach(async () => {
    vi.restoreAllMocks()
    await client.close()
    await server.left()
    await server.stop()
    target.close()
  })

  describe('forwardPort', () => {
    it('carries bytes both ways, 32 KiB at a time, and asks as the API says', async () => {
      const sizes: number[] = []
      server.onSession(async (session) => {
        announce(session, 80)
        let left = 100_000
        for await (const { payload } of received(session)) {
          sizes.push(payload.length)
          session.ws.send(onChannel(0, payload))
          left -= payload.length
          if (left === 0) session.ws.close(1000)
        }
      })

      const forward = await forwardPort(client, 'pod/web-0', 80, { namespace: 'prod' })
      const writer = forward.writable.getWriter()
      const sent = writer.write(new Uint8Array(100_000).fill(7))
      const echoed = await Array.fromAsync(forward.readable)
      await sent

      expect(Buffer.concat(echoed)).toEqual(Buffer.alloc(100_000, 7))
      expect(sizes).toEqual([32_768, 32_768, 32_768, 1696])
      const [session] = server.sessions
      expect(session?.url.pathname).toBe('/api/v1/namespaces/prod/pods/web-0/portforward')
      expect(session?.url.search).toBe('?ports=80')
      expect(session?.request.headers['sec-websocket-protocol']).toBe('v4.channel.k8s.io')
    })

    it('a port where nobody listens is an error with the words of the node', async () => {
      target.close()
      const forward = await forwardPort(client, 'web-0', port)

      const error = await kubeError('KUBE_TRANSPORT', Array.fromAsync(forward.readable))

      expect(error.message).toContain(`error forwarding port ${port}`)
      expect(error.message).toContain('ECONNREFUSED')
    })

    it.each([
      ['another port', (session: Parameters<typeof announce>[0]) => announce(session, 81)],
      ['no port', ({ ws }: Parameters<typeof announce>[0]) => ws.send(onChannel(0, 'x'))],
      ['an end', ({ ws }: Parameters<typeof announce>[0]) => ws.close(1000)],
    ])('a server that begins with %s is refused, and the signal forgotten', async (_case, begin) => {
      server.onSession((session) => {
        begin(session)
      })
      const { signal } = new AbortController()
      const { added, removed } = countListeners(signal)

      await expect(forwardPort(client, 'web-0', 80, { signal })).rejects.toMatchObject({ code: 'KUBE_PROTOCOL' })
      await server.left()
      expect(removed()).toBe(added())
    })

    it('bytes of another port are refused', async () => {
      server.onSession((session) => {
        announce(session, 80)
        session.ws.send(onChannel(2, 'x'))
      })
      const forward = await forwardPort(client, 'web-0', 80)

      await expect(Array.fromAsync(forward.readable)).rejects.toMatchObject({ code: 'KUBE_PROTOCOL' })
    })

    it.each([
      ['close()', (forward: { close(): Promise<void> }) => forward.close()],
      ['cancel() of what was never read', ({ readable }: { readable: ReadableStream }) => readable.cancel()],
      ['abort() of the writer', ({ writable }: { writable: WritableStream }) => writable.abort()],
    ])('%s ends the connection and forgets the signal', async (_case, end) => {
      const { signal } = new AbortController()
      const { added, removed } = countListeners(signal)
      const forward = await forwardPort(client, 'web-0', port, { signal })

      await end(forward)

      await server.left()
      expect(removed()).toBe(added())
    })

    it.each([
      ['the server', () => void server.sessions[0]?.socket.destroy()],
      ['client.close()', () => client.close()],
    ])('one that nobody reads keeps no timer when %s ends it', async (_case, end) => {
      const [started, stopped] = [vi.spyOn(globalThis, 'setInterval'), vi.spyOn(globalThis, 'clearInterval')]
      await forwardPort(client, 'web-0', port)
      const beat = started.mock.results.at(-1)?.value as unknown

      await end()

      await vi.waitFor(() => expect(stopped).toHaveBeenCalledWith(beat))
    })

    it('cancel() while a read waits does not wait', async () => {
      const { readable } = await forwardPort(client, 'web-0', port)
      const reader = readable.getReader()
      const waiting = reader.read()

      await reader.cancel()

      expect((await waiting).done).toBe(true)
      await server.left()
    })

    it('the signal ends it with its reason', async () => {
      const abort = new AbortController()
      const reason = new Error('enough')
      const { readable } = await forwardPort(client, 'web-0', port, { signal: abort.signal })
      const reading = caught(Array.fromAsync(readable))

      abort.abort(reason)

      expect(await reading).toBe(reason)
    })

    it.each([
      ['pod/', 80],
      ['a/b/c', 80],
      ['', 80],
      ['web-0', 0],
      ['web-0', 65_536],
      ['web-0', 1.5],
      ['web-0', 'no port'],
    ])('refuses %j with the port %j before any I/O', async (name, wanted) => {
      await expect(forwardPort(client, name, wanted)).rejects.toMatchObject({ code: 'KUBE_INVALID_REQUEST' })
      expect(server.connections.size).toBe(0)
    })
  })

  it('an abort does not wait for discovery', async () => {
    const abort = new AbortController()
    const reason = new Error('enough')
    server.onRequest(() => abort.abort(reason))

    expect(await caught(forwardPort(client, 'service/web', 80, { signal: abort.signal }))).toBe(reason)
  })

  it('forwardSocket is a connection for an http.Agent', async () => {
    const http = createHttpServer((request, response) => response.end(`you asked for ${request.url}`))
    http.listen(0, '127.0.0.1')
    await once(http, 'listening')
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    agent.createConnection = (_options, connected) => {
      void forwardSocket(client, 'web-0', portOf(http)).then(
        (socket) => connected?.(null, socket),
        (error: Error) => connected?.(error, undefined as never), // as Node calls it
      )
      return undefined
    }
    const ask = async (path: string): Promise<string> => {
      const request = get({ path, agent, host: 'pod' })
      const [response] = (await once(request, 'response')) as [IncomingMessage] // what the event has
      return text(response)
    }

    expect(await ask('/a')).toBe('you asked for /a')
    expect(await ask('/b')).toBe('you asked for /b')

    expect(server.sessions).toHaveLength(1)
    agent.destroy()
    http.close()
  })

  describe('portForward', () => {
    let forwarder: PortForwarder | undefined

    afterEach(async () => {
      await forwarder?.stop()
    })

    const errors: Error[] = []
    async function listen(options: Partial<Parameters<typeof portForward>[2]> = {}): Promise<number> {
      errors.length = 0
      forwarder = await portForward(client, 'web-0', {
        ports: [{ remote: port }],
        onError: (error) => errors.push(error),
        ...options,
      })
      return forwarder.ports[0]!.local // one was asked for
    }

    it('listens on a free port of both loopback addresses, and has many connections at once', async () => {
      const local = await listen()

      const answers = await Promise.all(
        Array.from({ length: 20 }, async (_item, index) => {
          const socket = connect({ port: local, host: '127.0.0.1' })
          socket.write(`hello ${index}`)
          const [answer] = (await once(socket, 'data')) as [Buffer] // what the event has
          socket.destroy()
          return answer.toString()
        }),
      )

      expect(answers).toEqual(answers.map((_answer, index) => `hello ${index}`))
      expect(server.sessions).toHaveLength(20)
      expect(forwarder?.ports.map(({ address }) => address)).toContain('127.0.0.1')
      expect(new Set(forwarder?.ports.map((each) => each.local)).size).toBe(1)
    })

    it('several ports, each its own', async () => {
      const other = createServer((socket) => socket.end('other'))
      other.listen(0, '127.0.0.1')
      await once(other, 'listening')
      forwarder = await portForward(client, 'web-0', {
        ports: [`:${port}`, `0:${portOf(other)}`],
        address: '127.0.0.1',
      })
      const [, second] = forwarder.ports

      expect(forwarder.ports.map(({ remote }) => remote)).toEqual([port, portOf(other)])
      expect(await text(connect({ port: second!.local, host: '127.0.0.1' }))).toBe('other')
      other.close()
    })

    it('carries 3 MB each way, byte for byte', async () => {
      const local = await listen()
      const socket = connect({ port: local, host: '127.0.0.1', allowHalfOpen: true })
      const content = Buffer.alloc(3_000_000, 'abcdefghijk')
      socket.write(content)
      const chunks: Buffer[] = []
      let length = 0
      for await (const chunk of socket as AsyncIterable<Buffer>) {
        chunks.push(chunk)
        length += chunk.length
        if (length === content.length) break
      }

      expect(Buffer.concat(chunks)).toEqual(content)
    })

    it('a client that sends no more still gets what the pod says then', async () => {
      serve = (socket) =>
        void socket.once('data', (asked) => setImmediate(() => socket.end(`answer to ${asked.toString()}`)))
      const socket = connect({ port: await listen(), host: '127.0.0.1', allowHalfOpen: true })
      socket.end('question')

      expect(await text(socket)).toBe('answer to question')
      expect(errors).toEqual([])
    })

    it('an end of the pod is an end for the client, and nothing stays', async () => {
      serve = (socket) => void socket.end('bye')
      const socket = connect({ port: await listen(), host: '127.0.0.1' })

      expect(await text(socket)).toBe('bye')
      await server.left()
      expect(errors).toEqual([])
    })

    it('a client that is reset ends the connection to the pod, and is no error', async () => {
      const socket = connect({ port: await listen(), host: '127.0.0.1' })
      socket.write('x')
      await once(socket, 'data')

      socket.resetAndDestroy()

      await server.left()
      expect(errors).toEqual([])
    })

    it('a client that ends and falls silent is left, though the pod keeps its side open', async () => {
      serve = () => undefined
      const accepting = createServer({ allowHalfOpen: true })
      accepting.listen(0, '127.0.0.1')
      await once(accepting, 'listening')
      const socket = connect({ port: portOf(accepting), host: '127.0.0.1' })
      const [accepted] = (await once(accepting, 'connection')) as [Socket] // what the event has
      const joined = joinSocket(accepted, await forwardPort(client, 'web-0', port), 20)

      socket.end()

      await expect(joined).resolves.toBeUndefined()
      await server.left()
      accepting.close()
      await once(accepting, 'close')
    })

    it('a client that has left while the connection to the pod was opened is no error, and nothing stays', async () => {
      const socket = connect({ port, host: '127.0.0.1' })
      socket.destroy()

      await expect(joinSocket(socket, await forwardPort(client, 'web-0', port))).resolves.toBeUndefined()
      await server.left()
    })

    it('a connection that fails is told and reset, and the listener goes on', async () => {
      const local = await listen()
      server.onSession((session) => {
        announce(session, port)
        session.ws.send(onChannel(0, 'half'), () => session.socket.destroy())
      }, forwardLocally)
      const failing = connect({ port: local, host: '127.0.0.1' })

      expect(await caught(text(failing))).toMatchObject({ code: 'ECONNRESET' })
      const next = connect({ port: local, host: '127.0.0.1' })
      next.write('still there')
      const [answer] = (await once(next, 'data')) as [Buffer] // what the event has
      next.destroy()

      expect(answer.toString()).toBe('still there')
      expect(errors.map((error) => 'code' in error && error.code)).toEqual(['KUBE_TRANSPORT'])
    })

    it('a refusal of the server is told with its Status', async () => {
      const local = await listen()
      server.refuse('HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\nconnection: close\r\n\r\n')

      await caught(text(connect({ port: local, host: '127.0.0.1' })))

      expect(errors).toMatchObject([{ code: 'KUBE_API', status: 403 }])
    })

    it('stop() ends the listener and every connection, twice is once', async () => {
      const local = await listen()
      const socket = connect({ port: local, host: '127.0.0.1' })
      socket.write('x')
      await once(socket, 'data')
      const ended = caught(text(socket)).catch(() => undefined)

      await Promise.all([forwarder?.stop(), forwarder?.stop()])

      await ended
      await server.left()
      expect(await caught(once(connect({ port: local, host: '127.0.0.1' }), 'connect'))).toMatchObject({
        code: 'ECONNREFUSED',
      })
      expect(errors).toEqual([])
    })

    it('the signal ends it too, and is forgotten after stop()', async () => {
      const abort = new AbortController()
      const { added, removed } = countListeners(abort.signal)
      const local = await listen({ signal: abort.signal })
      abort.abort()
      await forwarder?.stop()

      expect(await caught(once(connect({ port: local, host: '127.0.0.1' }), 'connect'))).toMatchObject({
        code: 'ECONNREFUSED',
      })
      const other = new AbortController()
      const counted = countListeners(other.signal)
      await (await portForward(client, 'web-0', { ports: [`:${port}`], signal: other.signal })).stop()
      expect(counted.removed()).toBe(counted.added())
      expect(added()).toBeGreaterThanOrEqual(removed())
    })

    it('an aborted signal and an empty list of ports are refused', async () => {
      const reason = new Error('enough')
      const options = { ports: [port], signal: AbortSignal.abort(reason) }

      expect(await caught(portForward(client, 'web-0', options))).toBe(reason)
      await expect(portForward(client, 'web-0', { ports: [] })).rejects.toMatchObject({ code: 'KUBE_INVALID_REQUEST' })
      expect(server.connections.size).toBe(0)
    })

    it.each(['abc:80', '0x50:80', ' 80', '80:', '1:2:3', '70000:80'])(
      'the port %j is refused before any I/O',
      async (spec) => {
        const error = await kubeError('KUBE_INVALID_REQUEST', portForward(client, 'web-0', { ports: [spec] }))

        expect(error.message).not.toContain('NaN')
        expect(server.connections.size).toBe(0)
      },
    )

    it('a local port that is taken is a ConfigError that names it, and leaves no listener', async () => {
      const taken = portOf(target)

      const error = await kubeError(
        'KUBE_CONFIG',
        portForward(client, 'web-0', { ports: ['0:80', `${taken}:80`], address: '127.0.0.1' }),
      )

      expect(error.message).toContain(String(taken))
    })
  })

  describe('to a service', () => {
    let api: ApiServer

    beforeEach(async () => {
      api = await startApiServer({
        objects: [
          pod('web-0', { ready: false }),
          pod('web-1', { ready: true, port }),
          pod('web-2', { ready: true, port }),
          service('web', { app: 'web' }, [{ name: 'http', port: 80, targetPort: 'http' }]),
          service('all', {}, [{ port: 80 }]),
          service('none', { app: 'none' }, [{ port: 80 }]),
          {
            apiVersion: 'apps/v1',
            kind: 'Deployment',
            metadata: { name: 'web', namespace: 'default' },
            spec: {
              selector: { matchLabels: { app: 'web' } },
              template: { metadata: { labels: { app: 'web' } }, spec: {} },
            },
          },
        ],
      })
      server.onRequest((request, response) => void passOn(request, response, api.config.server))
      await client.close()
      client = createClient({ ...api.config, server: server.url })
    })
    afterEach(async () => {
      await api.stop()
    })

    it.each([
      ['service/web', 80],
      ['svc/web', 'http'],
      ['deployment/web', 'http'],
      ['deploy.apps/web', 'http'],
      ['pod/web-1', 'http'],
    ])('%s, port %j: a pod that is ready, and the port that it means there', async (name, wanted) => {
      const forward = await forwardPort(client, name, wanted)

      expect(podsAsked(server)).toEqual(['web-1'])
      expect(server.sessions[0]?.url.searchParams.get('ports')).toBe(String(port))
      await forward.close()
    })

    it.each([
      ['service/none', 80, 'no pod that is ready'],
      ['service/all', 80, 'selects no pods'],
      ['service/web', 81, 'http (80)'],
      ['deployment/web', 'grpc', 'named ones: http'],
    ])('%s, port %j is refused: %s', async (name, wanted, words) => {
      const error = await kubeError('KUBE_INVALID_REQUEST', forwardPort(client, name, wanted))

      expect(error.message).toContain(words)
    })

    it('the listener finds another pod when the first is gone', async () => {
      const admin = createClient(api.config)
      const forwarder = await portForward(client, 'service/web', { ports: [':80'], address: '127.0.0.1' })
      const local = forwarder.ports[0]!.local // one was asked for
      const ask = async (): Promise<string> => {
        const socket = connect({ port: local, host: '127.0.0.1' })
        socket.write('x')
        const [answer] = (await once(socket, 'data')) as [Buffer] // what the event has
        socket.destroy()
        return answer.toString()
      }
      expect(await ask()).toBe('x')
      await admin.resource('pods', { namespace: 'default' }).delete('web-1', { gracePeriodSeconds: 0 })
      server.refuseOnce('HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n')

      expect(await ask()).toBe('x')

      expect(podsAsked(server)).toEqual(['web-1', 'web-2'])
      await forwarder.stop()
      await admin.close()
    })
  })
})

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port // listening on TCP
}

function pod(name: string, { ready, port = 80 }: { ready: boolean; port?: number }) {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default', labels: { app: 'web' } },
    spec: { containers: [{ name: 'main', image: 'web', ports: [{ name: 'http', containerPort: port }] }] },
    status: { phase: 'Running', conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }] },
  }
}

function service(name: string, selector: Record<string, string>, ports: readonly object[]) {
  return { apiVersion: 'v1', kind: 'Service', metadata: { name, namespace: 'default' }, spec: { selector, ports } }
}

function podsAsked({ sessions }: KubeletServer): (string | undefined)[] {
  return sessions.map(({ url }) => url.pathname.split('/').at(-2))
}

async function passOn(request: IncomingMessage, response: ServerResponse, server: string | URL): Promise<void> {
  const { accept = '*/*', authorization = '' } = request.headers
  const answer = await fetch(new URL(request.url ?? '', server), { headers: { accept, authorization } })
  response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' })
  response.end(await answer.text())
}
