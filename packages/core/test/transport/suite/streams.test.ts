import { getEventListeners } from 'node:events'
import { setImmediate } from 'node:timers/promises'
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import type { KubeResponse, Transport } from '../../../src/index.ts'
import { throwUnlessOk } from '../../../src/transport/read-response.ts'
import { caught, kubeError } from '../../support/caught.ts'
import { pieces, reset, text, useServer } from '../../support/scripted-server.ts'
import { connectionTo, entries, get, stream } from '../../support/transports.ts'
import { useWay, ways } from '../../support/ways.ts'

async function textOf({ body }: KubeResponse): Promise<string> {
  return Buffer.concat(await Array.fromAsync(body)).toString()
}

describe.each(ways)('%s: streams', (_, way) => {
  const { api, connect } = useWay(way)
  let transport: Transport
  beforeEach(() => {
    transport = connect()
  })

  it('resolve at the head, and hand over each chunk as it comes', async () => {
    const arrived = api.hold('GET /a')
    const opening = transport.send(stream('/a'))
    const { response } = await arrived
    response.writeHead(200, { 'x-a': 'b' })
    response.flushHeaders()
    const opened = await opening
    expect([opened.status, opened.headers['x-a']]).toEqual([200, 'b'])
    const reader = opened.body[Symbol.asyncIterator]()
    for (const word of ['one', 'two', '😀']) {
      response.write(word)
      const { value } = await reader.next()
      expect(Buffer.from(value ?? []).toString()).toBe(word)
    }
    response.end()
    await expect(reader.next()).resolves.toEqual({ done: true, value: undefined })
    await expect(reader.next()).resolves.toEqual({ done: true, value: undefined })
  })

  it('fifty at once leave unary calls free', async () => {
    const open = await Promise.all(
      Array.from({ length: 50 }, async () => {
        const arrived = api.hold('GET /a')
        const opening = transport.send(stream('/a'))
        const { response } = await arrived
        response.flushHeaders()
        return await opening
      }),
    )
    api.reply('GET /b', text('ok'))
    await expect(transport.send(get('/b'))).resolves.toMatchObject({ status: 200 })
    for (const response of open) response.cancel()
  })

  it('a slow reader slows the server down instead of filling memory', async () => {
    const arrived = api.hold('GET /a')
    const opening = transport.send(stream('/a'))
    const { response, closed } = await arrived
    response.flushHeaders()
    const opened = await opening
    const chunk = Buffer.alloc(256 << 10, 'x')
    let written = 0
    // Until the server is told to wait, and the system's own buffers are full as well.
    for (let turns = 0; turns < 50 && written < 256 << 20; turns += 1) {
      while (response.writableLength < 1 << 20 && written < 256 << 20) {
        response.write(chunk)
        written += chunk.length
        turns = 0
        await setImmediate()
      }
      await setImmediate()
    }
    expect(written).toBeLessThan(64 << 20)
    let read = 0
    for await (const part of opened.body) {
      read += part.length
      if (read >= written) break
    }
    expect(read).toBe(written)
    opened.cancel()
    await closed
  })

  describe('ended by the reader', () => {
    const endings: [string, (response: KubeResponse) => unknown][] = [
      ['cancel', (response) => response.cancel()],
      [
        'break',
        async ({ body }) => {
          for await (const chunk of body) if (chunk.length > 0) break
        },
      ],
      ['return', ({ body }) => body[Symbol.asyncIterator]().return?.()],
    ]
    it.each(endings)('by %s: the connection is closed, and nothing more comes', async (__, end) => {
      const arrived = api.hold('GET /a')
      const opening = transport.send(stream('/a'))
      const { response, closed } = await arrived
      response.write('first')
      const opened = await opening
      await end(opened)
      await closed
      await expect(textOf(opened)).resolves.toBe('')
      opened.cancel()
    })

    it('while a next() waits: that ends', async () => {
      const arrived = api.hold('GET /a')
      const opening = transport.send(stream('/a'))
      const { response } = await arrived
      response.flushHeaders()
      const opened = await opening
      const waiting = opened.body[Symbol.asyncIterator]().next()
      opened.cancel()
      await expect(waiting).resolves.toEqual({ done: true, value: undefined })
    })
  })

  describe('aborted', () => {
    it('before it began: nothing is sent', async () => {
      await expect(caught(transport.send(stream('/a', { signal: AbortSignal.abort('no') })))).resolves.toBe('no')
      expect(api.requests).toEqual([])
    })

    it('before the head: the connection is closed', async () => {
      const arrived = api.hold('GET /a')
      const controller = new AbortController()
      const opening = caught(transport.send(stream('/a', { signal: controller.signal })))
      const { closed } = await arrived
      controller.abort('enough')
      await expect(opening).resolves.toBe('enough')
      await closed
    })

    it('while a next() waits: it rejects with the reason, once, and the connection is closed', async () => {
      const arrived = api.hold('GET /a')
      const controller = new AbortController()
      const opening = transport.send(stream('/a', { signal: controller.signal }))
      const { response, closed } = await arrived
      response.flushHeaders()
      const reader = (await opening).body[Symbol.asyncIterator]()
      const waiting = caught(reader.next())
      controller.abort('enough')
      await expect(waiting).resolves.toBe('enough')
      await expect(reader.next()).resolves.toEqual({ done: true, value: undefined })
      await closed
      expect(getEventListeners(controller.signal, 'abort')).toEqual([])
    })

    it('between two reads: the next one rejects with the reason', async () => {
      const arrived = api.hold('GET /a')
      const controller = new AbortController()
      const opening = transport.send(stream('/a', { signal: controller.signal }))
      const { response, closed } = await arrived
      response.write('first')
      const reader = (await opening).body[Symbol.asyncIterator]()
      await reader.next()
      controller.abort('enough')
      await closed
      await expect(caught(reader.next())).resolves.toBe('enough')
    })

    it('leaves no listener on a signal that many share', async () => {
      api.always('GET /a', text('ok'))
      const { signal } = new AbortController()
      for (let count = 0; count < 200; count += 1) await textOf(await transport.send(stream('/a', { signal })))
      expect(getEventListeners(signal, 'abort')).toEqual([])
    })
  })

  describe('failures', () => {
    it('a reset before the head rejects the call', async () => {
      api.reply('GET /a', reset())
      expect(await caught(transport.send(stream('/a')))).toMatchObject({ code: 'KUBE_TRANSPORT', maybeApplied: false })
    })

    it('a reset in the body comes after the bytes that arrived before it', async () => {
      const arrived = api.hold('GET /a')
      const opening = transport.send(stream('/a'))
      const { response, reset: cut } = await arrived
      response.write('before')
      const reader = (await opening).body[Symbol.asyncIterator]()
      const { value } = await reader.next()
      expect(Buffer.from(value ?? []).toString()).toBe('before')
      cut()
      const error = await kubeError('KUBE_TRANSPORT', reader.next())
      expect(error.request).toEqual({ method: 'GET', url: `${api.url}/a` })
      await expect(reader.next()).resolves.toEqual({ done: true, value: undefined })
    })

    it('a chunked body without its last chunk is an error, not an end', async () => {
      const arrived = api.hold('GET /a')
      const opening = transport.send(stream('/a'))
      const { response, request } = await arrived
      response.write('half')
      const opened = await opening
      request.socket.end()
      expect(await caught(textOf(opened))).toMatchObject({ code: 'KUBE_TRANSPORT' })
    })
  })

  describe('close', () => {
    it('with a reason ends them with a TransportError', async () => {
      const arrived = api.hold('GET /a')
      const opening = transport.send(stream('/a'))
      const { response, closed } = await arrived
      response.flushHeaders()
      const waiting = caught(textOf(await opening))
      await transport.close(new Error('the client was closed'))
      expect(await waiting).toMatchObject({ code: 'KUBE_TRANSPORT' })
      expect(String(await waiting)).toContain('the client was closed')
      await closed
    })

    it('without a reason waits until they have ended by themselves', async () => {
      const arrived = api.hold('GET /a')
      const opening = transport.send(stream('/a'))
      const { response } = await arrived
      response.write('one,')
      const opened = await opening
      const closing = transport.close()
      const all = textOf(opened)
      response.end('two')
      await expect(all).resolves.toBe('one,two')
      await closing
    })
  })
})

describe.each(entries)('$name: streams', ({ factory, createClient }) => {
  const api = useServer()
  let transport: Transport
  beforeEach(() => {
    transport = factory(connectionTo(api.url))
  })

  it('answer a second next() before the first, in order', async () => {
    const arrived = api.hold('GET /a')
    const opening = transport.send(stream('/a'))
    const { response } = await arrived
    response.flushHeaders()
    const { body } = await opening
    const reader = body[Symbol.asyncIterator]()
    const reads = [reader.next(), reader.next(), reader.next()]
    await new Promise((resolve) => response.write('one', resolve))
    await reads[0]
    response.end('two')
    const results = await Promise.all(reads)
    expect(results.map(({ value }) => value && Buffer.from(value).toString())).toEqual(['one', 'two', undefined])
  })

  it('pass over informational responses', async () => {
    api.reply('GET /a', ({ response }) => {
      response.writeProcessing()
      response.writeHead(200).end('final')
    })
    await expect(textOf(await transport.send(stream('/a')))).resolves.toBe('final')
  })

  it('are not bound by the response timeout', async () => {
    const impatient = factory(connectionTo(api.url, { responseMs: 100 }))
    const arrived = api.hold('GET /a')
    const opening = impatient.send(stream('/a'))
    const { response } = await arrived
    // Two unary timeouts pass on the same clock before the head of the stream comes.
    for (const path of ['/b', '/c']) {
      const other = api.hold(`GET ${path}`)
      const failing = caught(impatient.send(get(path)))
      await Promise.all([other, failing])
    }
    response.end('patience')
    await expect(textOf(await opening)).resolves.toBe('patience')
  })

  it.each([
    ['in the query', stream('/a', { query: [['watch', 'true']] }), 'GET /a?watch=true'],
    ['in the path', stream('/a?limit=1&watch=1'), 'GET /a?limit=1&watch=1'],
  ])('that are a watch (%s) get their head within the response timeout, or fail', async (_, watch, route) => {
    const impatient = factory(connectionTo(api.url, { responseMs: 100 }))
    const arrived = api.hold(route)
    const error = await kubeError('KUBE_TRANSPORT', impatient.send(watch))
    expect(error.message).toContain('no response in time (`timeouts.responseMs`)')
    await (
      await arrived
    ).closed
  })

  it('that are no watch get their head within timeoutMs, or fail', async () => {
    const client = createClient({ server: api.url, timeouts: { responseMs: 100 } })
    const arrived = api.hold('GET /log?follow=true')
    const path = '/log?follow=true'
    const error = await kubeError('KUBE_TRANSPORT', client.request({ path, stream: true, timeoutMs: 1000 }))
    expect(error.message).toContain('not done within 1000 ms (`timeoutMs`)')
    await (
      await arrived
    ).closed
    await client.close()
  })

  it('that are a watch may be silent after their head', async () => {
    const impatient = factory(connectionTo(api.url, { responseMs: 100 }))
    const arrived = api.hold('GET /a?watch=true')
    const opening = impatient.send(stream('/a?watch=true'))
    const { response } = await arrived
    response.flushHeaders()
    const opened = await opening
    for (const path of ['/b', '/c']) await Promise.all([api.hold(`GET ${path}`), caught(impatient.send(get(path)))])
    response.end('patience')
    await expect(textOf(opened)).resolves.toBe('patience')
  })

  it('refused with a body that stops give the words that came within 10 seconds', async () => {
    const arrived = api.hold('GET /a')
    const opening = transport.send(stream('/a'))
    const { response, closed } = await arrived
    response.writeHead(403).write('forbidden, be')
    const refusal = await opening
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    onTestFinished(() => void vi.useRealTimers())
    const context = { request: { method: 'GET', url: `${api.url}/a` }, secrets: [] }
    const failing = kubeError('KUBE_API', throwUnlessOk(refusal, context))
    await setImmediate()
    vi.advanceTimersByTime(10_000)
    const error = await failing
    expect([error.status, error.message]).toEqual([403, expect.stringContaining('"forbidden, be"')])
    await closed
  })

  it('that nobody reads: a reset crashes nobody', async () => {
    const arrived = api.hold('GET /a')
    const opening = transport.send(stream('/a'))
    const { response, reset: cut, closed } = await arrived
    response.write('half')
    const opened = await opening
    cut()
    await closed
    await setImmediate()
    expect(() => opened.cancel()).not.toThrow()
  })

  it('one-byte chunks arrive whole', async () => {
    const words = '{"ä":"😀"}\n'
    api.reply('GET /a', pieces([...Buffer.from(words)].map((byte) => Uint8Array.of(byte))))
    await expect(textOf(await transport.send(stream('/a')))).resolves.toBe(words)
  })
})
