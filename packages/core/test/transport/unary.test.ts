import { getEventListeners, once } from 'node:events'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { KubeResponse, Transport } from '../../src/spec/index.ts'
import { readText } from '../../src/transport/read-response.ts'
import { caught, kubeError } from '../support/caught.ts'
import { json, pieces, reset, text, useServer } from '../support/scripted-server.ts'
import { connectionTo, get, transports } from '../support/transports.ts'

const post = { method: 'POST', body: '{"a":1}' } as const

describe.each(transports)('unary requests over %s', (_, factory) => {
  const api = useServer()
  let transport: Transport
  beforeEach(() => {
    transport = factory(connectionTo(api.url))
  })
  afterEach(() => transport.close(new Error('the test is over')))

  const bodyOf = async (path: string, more = {}): Promise<string> => readText(await transport.send(get(path, more)))

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
        headers: { 'impersonate-group': ['one', 'two'], 'x-c': 'd' },
        body: new TextEncoder().encode('body ä'),
      }),
    )
    expect(response.status).toBe(418)
    expect(response.headers['x-a']).toBe('b')
    await expect(readText(response)).resolves.toBe('answer')
    const [seen] = api.requests
    expect(seen?.body).toBe('body ä')
    expect(seen?.headers['x-c']).toBe('d')
    const groups = seen?.lines.filter(([name]) => name.toLowerCase() === 'impersonate-group')
    expect(groups?.map(([, value]) => value)).toEqual(['one', 'two'])
  })

  it('300 in a row use one connection', async () => {
    api.always('GET /a', text('ok'))
    for (let count = 0; count < 300; count += 1) await bodyOf('/a')
    expect(api.connections).toBe(1)
  })

  it('use at most 32 connections, and those that wait go on when one is free', async () => {
    api.always('GET /a', text('ok'))
    const held = await Promise.all(
      Array.from({ length: 32 }, async () => {
        const arrived = api.hold('GET /held')
        return { done: bodyOf('/held'), exchange: await arrived }
      }),
    )
    expect(api.connections).toBe(32)
    const waiting = bodyOf('/a')
    held[0]?.exchange.response.end('first')
    await expect(waiting).resolves.toBe('ok')
    for (const { exchange } of held.slice(1)) exchange.response.end('rest')
    await Promise.all(held.map(({ done }) => done))
    expect(api.connections).toBe(32)
  })

  it('join a body of single bytes, inside characters too', async () => {
    const words = '{"ä":"😀"}'
    api.reply('GET /a', pieces([...Buffer.from(words)].map((byte) => Uint8Array.of(byte))))
    await expect(bodyOf('/a')).resolves.toBe(words)
  })

  it('pass over informational responses', async () => {
    api.reply('GET /a', ({ response }) => {
      response.writeProcessing()
      response.writeEarlyHints({ link: '</x>; rel=preload' })
      response.writeHead(201).end('final')
    })
    const response = await transport.send(get('/a'))
    expect([response.status, await readText(response)]).toEqual([201, 'final'])
  })

  it.each([204, 304])('have an empty body after a %d', async (status) => {
    api.reply('GET /a', text('', { status }))
    const response = await transport.send(get('/a'))
    expect([response.status, await readText(response)]).toEqual([status, ''])
  })

  it('give their bytes as an iterable too, once', async () => {
    api.reply('GET /a', text('ok'))
    const { body } = await transport.send(get('/a'))
    const chunks = await Array.fromAsync(body)
    expect(Buffer.concat(chunks).toString()).toBe('ok')
    await expect(Array.fromAsync(body)).resolves.toEqual([])
  })

  describe('aborted', () => {
    it('before it began: nothing is sent', async () => {
      await expect(caught(transport.send(get('/a', { signal: AbortSignal.abort('no') })))).resolves.toBe('no')
      expect(api.requests).toEqual([])
    })

    it('while it waits for a free connection: nothing is sent', async () => {
      const held = await Promise.all(
        Array.from({ length: 32 }, async () => {
          const arrived = api.hold('GET /held')
          return { done: bodyOf('/held'), exchange: await arrived }
        }),
      )
      const controller = new AbortController()
      const waiting = caught(transport.send(get('/never', { signal: controller.signal })))
      controller.abort('enough')
      await expect(waiting).resolves.toBe('enough')
      for (const { exchange } of held) exchange.response.end()
      await Promise.all(held.map(({ done }) => done))
      api.reply('GET /after', text('ok'))
      await expect(bodyOf('/after')).resolves.toBe('ok')
      expect(api.requests.map(({ target }) => target)).not.toContain('/never')
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

    it('leaves the connections of others alone', async () => {
      const arrived = api.hold('GET /a')
      const other = bodyOf('/a')
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

  it('leave no listener on a signal that 1000 calls share', async () => {
    api.always('GET /a', text('ok'))
    const { signal } = new AbortController()
    for (let count = 0; count < 1000; count += 1) await transport.send(get('/a', { signal }))
    expect(getEventListeners(signal, 'abort')).toEqual([])
  })

  describe('failures', () => {
    it.each([
      ['GET', false],
      ['HEAD', false],
      ['POST', true],
      ['PUT', true],
      ['PATCH', true],
      ['DELETE', true],
    ])('a %s that was reset before its response: maybeApplied is %s', async (method, maybeApplied) => {
      api.reply(`${method} /a`, reset())
      const error = await kubeError('KUBE_TRANSPORT', transport.send(get('/a', { method })))
      expect(error.maybeApplied).toBe(maybeApplied)
      expect(error.message.includes('may have been applied')).toBe(maybeApplied)
      expect(error.request).toEqual({ method, url: `${api.url}/a` })
    })

    it.each([
      ['GET', false],
      ['POST', true],
    ])('a %s that was reset in its body: maybeApplied is %s', async (method, maybeApplied) => {
      api.reply(`${method} /a`, reset('half'))
      const error = await kubeError('KUBE_TRANSPORT', transport.send(get('/a', { method })))
      expect(error.maybeApplied).toBe(maybeApplied)
    })

    it('a body that is shorter than it was announced is an error', async () => {
      api.reply('GET /a', ({ response }) => {
        response.writeHead(200, { 'content-length': '10' }).write('half')
        response.socket?.end()
      })
      expect(await caught(transport.send(get('/a')))).toMatchObject({ code: 'KUBE_TRANSPORT' })
    })

    it('a POST that never left was not applied', async () => {
      const refusing = createServer().listen(0, '127.0.0.1')
      await once(refusing, 'listening')
      const { port } = refusing.address() as AddressInfo // listening on TCP
      refusing.close()
      await once(refusing, 'close')
      const nowhere = factory(connectionTo(`http://127.0.0.1:${port}`))
      const error = await kubeError('KUBE_TRANSPORT', nowhere.send(get('/a', post)))
      expect(error.message).toBe(
        `POST http://127.0.0.1:${port}/a: nothing listens at 127.0.0.1:${port} (connection refused)`,
      )
      expect(error.maybeApplied).toBe(false)
      await nowhere.close()
    })

    it('no head in time is an error that names the option', async () => {
      const impatient = factory(connectionTo(api.url, { responseMs: 50 }))
      const arrived = api.hold('POST /a')
      const waiting = kubeError('KUBE_TRANSPORT', impatient.send(get('/a', post)))
      const { closed } = await arrived
      const error = await waiting
      expect(error.message).toContain('no response in time (`timeouts.responseMs`)')
      expect(error.maybeApplied).toBe(true)
      await closed
      await impatient.close()
    })

    it('silence in the middle of a body is an error that names the option', async () => {
      const impatient = factory(connectionTo(api.url, { responseMs: 50 }))
      const arrived = api.hold('GET /a')
      const waiting = kubeError('KUBE_TRANSPORT', impatient.send(get('/a')))
      const { response, closed } = await arrived
      response.write('half')
      const error = await waiting
      expect(error.message).toContain('`timeouts.responseMs`')
      await closed
      await impatient.close()
    })

    it('an answer that is not HTTP is an error, without the bytes', async () => {
      const odd = createServer((socket) => void socket.end('SSH-2.0-secret\r\n')).listen(0, '127.0.0.1')
      await once(odd, 'listening')
      const { port } = odd.address() as AddressInfo // listening on TCP
      const confused = factory(connectionTo(`http://127.0.0.1:${port}`))
      const error = await kubeError('KUBE_TRANSPORT', confused.send(get('/a')))
      expect(JSON.stringify([error.cause, Object.entries(error.cause ?? {})])).not.toContain('secret')
      await confused.close()
      odd.close()
    })
  })

  describe('close', () => {
    it('without a reason waits for what is in flight', async () => {
      const arrived = api.hold('GET /a')
      const pending = bodyOf('/a')
      const { response } = await arrived
      const closing = transport.close()
      response.end('still')
      await expect(pending).resolves.toBe('still')
      await closing
    })

    it('with a reason rejects what is in flight and what waits, as TransportErrors', async () => {
      const pending: Promise<unknown>[] = []
      for (let count = 0; count < 32; count += 1) {
        const arrived = api.hold('POST /held')
        pending.push(caught(transport.send(get('/held', post))))
        await arrived
      }
      const waiting = caught(transport.send(get('/waiting', post)))
      await transport.close(new Error('closed'))
      const errors = await Promise.all(pending)
      expect(errors).toHaveLength(32)
      for (const error of errors) expect(error).toMatchObject({ code: 'KUBE_TRANSPORT', maybeApplied: true })
      expect(await waiting).toMatchObject({ code: 'KUBE_TRANSPORT', maybeApplied: false })
    })

    it('refuses later requests', async () => {
      await transport.close(new Error('closed'))
      const error: unknown = await caught(transport.send(get('/a', post)))
      expect(error).toMatchObject({ code: 'KUBE_TRANSPORT', maybeApplied: false })
    })
  })

  it('responses can be spread and cancelled', async () => {
    api.reply('GET /a', json({ a: 1 }))
    const response: KubeResponse = { ...(await transport.send(get('/a'))), status: 299 }
    response.cancel()
    response.cancel()
    await expect(readText(response)).resolves.toBe('{"a":1}')
  })
})
