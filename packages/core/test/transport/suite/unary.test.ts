import { getEventListeners } from 'node:events'
import { createServer } from 'node:net'
import { gzipSync } from 'node:zlib'
import { beforeEach, describe, expect, it } from 'vitest'
import type { KubeResponse, Transport } from '../../../src/index.ts'
import { readText } from '../../../src/transport/read-response.ts'
import { caught, kubeError } from '../../support/caught.ts'
import { listen } from '../../support/proxies.ts'
import {
  type Exchange,
  json,
  pieces,
  reset,
  type ScriptedServer,
  text,
  useServer,
} from '../../support/scripted-server.ts'
import { connectionTo, entries, get } from '../../support/transports.ts'
import { ownWays, useWay, ways } from '../../support/ways.ts'

const post = { method: 'POST', body: '{"a":1}' } as const

async function bodyOf(transport: Transport, path: string, more = {}): Promise<string> {
  return readText(await transport.send(get(path, more)))
}

/** As many calls as there may be connections, none of them answered. */
function occupy(transport: Transport, api: ScriptedServer): Promise<{ done: Promise<string>; exchange: Exchange }[]> {
  return Promise.all(
    Array.from({ length: 32 }, async () => {
      const arrived = api.hold('GET /held')
      const done = bodyOf(transport, '/held')
      done.catch(() => undefined) // of a test that has failed before
      return { done, exchange: await arrived }
    }),
  )
}

describe.each(ways)('%s: unary requests', (_, way) => {
  const { api, connect } = useWay(way)
  let transport: Transport
  beforeEach(() => {
    transport = connect()
  })

  it('send what they say, and resolve with status, headers and body', async () => {
    api.reply('PUT /a/b%20c?x=1&x=%26&y=%C3%A4', text('answer', { status: 418, headers: { 'x-a': 'b' } }))
    const response = await transport.send(
      get('/a/b%20c', {
        method: 'PUT',
        query: [
          ['x', '1'],
          ['x', '&'],
          ['y', 'ä'],
        ],
        headers: { 'impersonate-group': ['one'], 'x-c': 'd' },
        body: new TextEncoder().encode('body ä'),
      }),
    )
    expect(response.status).toBe(418)
    expect(response.headers['x-a']).toBe('b')
    await expect(readText(response)).resolves.toBe('answer')
    expect(api.requests).toMatchObject([{ body: 'body ä', headers: { 'x-c': 'd', 'impersonate-group': 'one' } }])
  })

  it('a big answer arrives whole, in one piece or many, gzipped or not', async () => {
    const words = JSON.stringify({ items: Array.from({ length: 200_000 }, (__, number) => `ä${number}`) })
    const halves = [words.slice(0, 1_000_001), words.slice(1_000_001)]
    api.reply('GET /a', text(words), pieces(halves), text(gzipSync(words), { headers: { 'content-encoding': 'gzip' } }))
    for (let count = 0; count < 3; count += 1) expect((await bodyOf(transport, '/a')) === words).toBe(true)
  })

  it.each(['POST', 'PUT', 'PATCH', 'DELETE'])('a %s has its body, and the next request does not', async (method) => {
    api.reply(`${method} /a`, text('ok'), text('ok'))
    await transport.send(get('/a', { method, body: '{"preconditions":{}}' }))
    await transport.send(get('/a', { method }))
    expect(api.requests.map(({ body }) => body)).toEqual(['{"preconditions":{}}', ''])
  })

  it('a big body arrives whole', async () => {
    const body = 'ä'.repeat(1 << 20)
    api.reply('POST /a', text('ok'))
    await transport.send(get('/a', { method: 'POST', body }))
    expect(api.requests[0]?.body === body).toBe(true)
  })

  describe('aborted', () => {
    it('before they began: nothing is sent', async () => {
      await expect(caught(transport.send(get('/a', { signal: AbortSignal.abort('no') })))).resolves.toBe('no')
      expect(api.requests).toEqual([])
    })

    it('while they connect: nothing is sent', async () => {
      const controller = new AbortController()
      const waiting = caught(transport.send(get('/a', { signal: controller.signal })))
      controller.abort('enough')
      await expect(waiting).resolves.toBe('enough')
      api.reply('GET /after', text('ok'))
      await expect(bodyOf(transport, '/after')).resolves.toBe('ok')
      expect(api.requests.map(({ target }) => target)).toEqual(['/after'])
      expect(getEventListeners(controller.signal, 'abort')).toEqual([])
    })

    it('before the head: the connection is closed', async () => {
      const arrived = api.hold('GET /a')
      const controller = new AbortController()
      const waiting = caught(transport.send(get('/a', { signal: controller.signal })))
      const { closed } = await arrived
      controller.abort('enough')
      await expect(waiting).resolves.toBe('enough')
      await closed
      expect(getEventListeners(controller.signal, 'abort')).toEqual([])
    })

    it('in the middle of the body: the connection is closed', async () => {
      const arrived = api.hold('GET /a')
      const controller = new AbortController()
      const waiting = caught(transport.send(get('/a', { signal: controller.signal })))
      const { response, closed } = await arrived
      await new Promise((resolve) => response.write('half', resolve))
      controller.abort('enough')
      await expect(waiting).resolves.toBe('enough')
      await closed
    })

    it('leave the connections of others alone', async () => {
      const arrived = api.hold('GET /a')
      const other = bodyOf(transport, '/a')
      const { response } = await arrived
      const controller = new AbortController()
      const arrivedToo = api.hold('GET /b')
      const waiting = caught(transport.send(get('/b', { signal: controller.signal })))
      await arrivedToo
      controller.abort('enough')
      await waiting
      response.end('fine')
      await expect(other).resolves.toBe('fine')
    })
  })

  it('leave no listener on a signal that 100 calls share, whatever becomes of them', async () => {
    api.always('GET /a', text('ok'))
    api.always('GET /cut', reset())
    const { signal } = new AbortController()
    for (let count = 0; count < 100; count += 1) {
      await transport.send(get(count % 10 === 0 ? '/cut' : '/a', { signal })).catch(() => undefined)
    }
    expect(getEventListeners(signal, 'abort')).toEqual([])
  })

  it.each([
    ['GET', false],
    ['POST', true],
  ])('a %s that was reset, before its response or in it: maybeApplied is %s', async (method, maybeApplied) => {
    api.reply(`${method} /a`, reset(), reset('half'))
    for (let count = 0; count < 2; count += 1) {
      const error = await kubeError('KUBE_TRANSPORT', transport.send(get('/a', { method })))
      expect(error.maybeApplied).toBe(maybeApplied)
      expect(error.message.includes('may have been applied')).toBe(maybeApplied)
      expect(error.request).toEqual({ method, url: `${api.url}/a` })
    }
  })

  it('an answer that is shorter than it was announced is an error', async () => {
    api.reply('GET /a', ({ response }) => {
      response.writeHead(200, { 'content-length': '10' }).write('half')
      response.socket?.end()
    })
    expect(await caught(transport.send(get('/a')))).toMatchObject({ code: 'KUBE_TRANSPORT' })
  })

  it('no head in time, and silence in the middle of an answer, are errors that name the option', async () => {
    const impatient = connect({ responseMs: 100 })
    const [head, body] = [api.hold('POST /head'), api.hold('GET /body')]
    const noHead = kubeError('KUBE_TRANSPORT', impatient.send(get('/head', post)))
    const silence = kubeError('KUBE_TRANSPORT', impatient.send(get('/body')))
    const begun = await body
    begun.response.write('half')
    const error = await noHead
    expect(error.message).toContain('no response in time (`timeouts.responseMs`)')
    expect(error.maybeApplied).toBe(true)
    expect((await silence).message).toContain('`timeouts.responseMs`')
    await Promise.all([(await head).closed, begun.closed])
  })

  describe('close', () => {
    it('without a reason waits for what is in flight, and takes nothing more', async () => {
      const arrived = api.hold('GET /a')
      const pending = bodyOf(transport, '/a')
      const { response } = await arrived
      const closing = transport.close()
      expect(await caught(transport.send(get('/b')))).toMatchObject({ code: 'KUBE_TRANSPORT' })
      response.end('still')
      await expect(pending).resolves.toBe('still')
      await closing
    })

    it('with a reason rejects what is in flight, and what comes later', async () => {
      const arrived = api.hold('POST /a')
      const pending = caught(transport.send(get('/a', post)))
      const { closed } = await arrived
      await transport.close(new Error('the client was closed'))
      const error = await pending
      expect(error).toMatchObject({ code: 'KUBE_TRANSPORT', maybeApplied: true })
      expect(String(error)).toContain('the client was closed')
      await closed
      const later = await caught(transport.send(get('/a', post)))
      expect(later).toMatchObject({ code: 'KUBE_TRANSPORT', maybeApplied: false })
    })
  })
})

describe.each(ownWays)('%s: connections of unary requests', (_, way) => {
  const { api, connect, connectToSilence } = useWay(way)
  let transport: Transport
  beforeEach(() => {
    transport = connect()
  })

  it('100 in a row use one', async () => {
    api.always('GET /a', text('ok'))
    for (let count = 0; count < 100; count += 1) await bodyOf(transport, '/a')
    expect(api.connections).toBe(1)
  })

  it('repeated headers are lines of their own', async () => {
    api.reply('GET /a', text('ok'))
    await transport.send(get('/a', { headers: { 'impersonate-group': ['one', 'two'] } }))
    const groups = api.requests[0]?.lines.filter(([name]) => name.toLowerCase() === 'impersonate-group')
    expect(groups?.map(([, value]) => value)).toEqual(['one', 'two'])
  })

  it('are 32 at most, and requests that wait go on when one is free', async () => {
    api.always('GET /a', text('ok'))
    const [first, ...rest] = await occupy(transport, api)
    expect(api.connections).toBe(32)
    const waiting = bodyOf(transport, '/a')
    first?.exchange.response.end('first')
    await expect(waiting).resolves.toBe('ok')
    for (const { exchange } of rest) exchange.response.end('rest')
    await Promise.all(rest.map(({ done }) => done))
    expect(api.connections).toBe(32)
  })

  it('one that is aborted while it waits for a free one is not sent', async () => {
    const held = await occupy(transport, api)
    const controller = new AbortController()
    const waiting = caught(transport.send(get('/never', { signal: controller.signal })))
    controller.abort('enough')
    await expect(waiting).resolves.toBe('enough')
    expect(getEventListeners(controller.signal, 'abort')).toEqual([])
    for (const { exchange } of held) exchange.response.end()
    await Promise.all(held.map(({ done }) => done))
    api.reply('GET /after', text('ok'))
    await expect(bodyOf(transport, '/after')).resolves.toBe('ok')
    expect(api.requests.map(({ target }) => target)).not.toContain('/never')
  })

  it('one that waits for a free one is rejected by close', async () => {
    const held = await occupy(transport, api)
    const failing = held.map(({ done }) => caught(done))
    const waiting = caught(transport.send(get('/waiting', post)))
    await transport.close(new Error('closed'))
    const codes = (await Promise.all(failing)).map((error) => error instanceof Error && 'code' in error && error.code)
    expect(new Set(codes)).toEqual(new Set(['KUBE_TRANSPORT']))
    expect(await waiting).toMatchObject({ code: 'KUBE_TRANSPORT', maybeApplied: false })
  })

  it('one that does not come about in time is an error that names the option', async () => {
    const silent = await connectToSilence({ connectMs: 50 })
    const error = await kubeError('KUBE_TRANSPORT', silent.send(get('/a', post)))
    expect(error.message).toContain('`timeouts.connectMs`')
    expect(error.maybeApplied).toBe(false)
  })
})

describe.each(entries)('$name: unary requests', ({ factory }) => {
  const api = useServer()
  const send = (path: string, more = {}): Promise<KubeResponse> => factory(connectionTo(api.url)).send(get(path, more))

  it('join a body of single bytes, inside characters too', async () => {
    const words = '{"ä":"😀"}'
    api.reply('GET /a', pieces([...Buffer.from(words)].map((byte) => Uint8Array.of(byte))))
    await expect(readText(await send('/a'))).resolves.toBe(words)
  })

  it('pass over informational responses', async () => {
    api.reply('GET /a', ({ response }) => {
      response.writeProcessing()
      response.writeEarlyHints({ link: '</x>; rel=preload' })
      response.writeHead(201).end('final')
    })
    const response = await send('/a')
    expect([response.status, await readText(response)]).toEqual([201, 'final'])
  })

  it.each([204, 304])('have an empty body after a %d', async (status) => {
    api.reply('GET /a', text('', { status }))
    const response = await send('/a')
    expect([response.status, await readText(response)]).toEqual([status, ''])
  })

  it('take a redirect for an answer', async () => {
    api.reply('GET /a', text('', { status: 307, headers: { location: '/b' } }))
    expect(await send('/a')).toMatchObject({ status: 307, headers: { location: '/b' } })
  })

  it('give their bytes as an iterable too, once', async () => {
    api.reply('GET /a', text('ok'))
    const { body } = await send('/a')
    const chunks = await Array.fromAsync(body)
    expect(Buffer.concat(chunks).toString()).toBe('ok')
    await expect(Array.fromAsync(body)).resolves.toEqual([])
  })

  it('have responses that can be spread and cancelled', async () => {
    api.reply('GET /a', json({ a: 1 }))
    const response: KubeResponse = { ...(await send('/a')), status: 299 }
    response.cancel()
    response.cancel()
    await expect(readText(response)).resolves.toBe('{"a":1}')
  })

  it.each([
    ['GET', false],
    ['HEAD', false],
    ['POST', true],
    ['PUT', true],
    ['PATCH', true],
    ['DELETE', true],
  ])('that were reset: maybeApplied of a %s is %s', async (method, maybeApplied) => {
    api.reply(`${method} /a`, reset())
    expect(await caught(send('/a', { method }))).toMatchObject({ code: 'KUBE_TRANSPORT', maybeApplied })
  })

  it('that never left were not applied', async () => {
    const refusing = createServer()
    const port = await listen(refusing)
    await new Promise((resolve) => refusing.close(resolve))
    const nowhere = factory(connectionTo(`http://127.0.0.1:${port}`))
    const error = await kubeError('KUBE_TRANSPORT', nowhere.send(get('/a', post)))
    expect(error.message).toBe(
      `POST http://127.0.0.1:${port}/a: nothing listens at 127.0.0.1:${port} (connection refused)`,
    )
    expect(error.maybeApplied).toBe(false)
  })

  it('whose answer is not HTTP fail without showing its bytes', async () => {
    const port = await listen(createServer((socket) => void socket.end('SSH-2.0-secret\r\n')))
    const error = await kubeError('KUBE_TRANSPORT', factory(connectionTo(`http://127.0.0.1:${port}`)).send(get('/a')))
    expect(JSON.stringify([error.cause, Object.entries(error.cause ?? {})])).not.toContain('secret')
  })
})
