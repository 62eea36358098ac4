import { getEventListeners } from 'node:events'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Client, createClient, isExpired, type Middleware } from '../../src/index.ts'
import { caught, kubeError, logged } from '../support/caught.ts'
import { Pod, storedPod } from '../support/kinds.ts'
import {
  type Answer,
  events,
  type Exchange,
  failure,
  json,
  pieces,
  text,
  useServer,
} from '../support/scripted-server.ts'

const api = useServer()
let client: Client
beforeEach(() => {
  client = createClient({ server: api.url, retry: false, credentials: { token: 'hush-3N' } })
})
afterEach(() => client.close())

const path = '/api/v1/namespaces/default/pods?watch=true&allowWatchBookmarks=true'
const from7 = '/api/v1/namespaces/default/pods?resourceVersion=7&watch=true&allowWatchBookmarks=true'

const once = { resume: false } as const
const added = (name: string, version = '1'): object => ({ type: 'ADDED', object: storedPod(name, version) })
const bookmark = { type: 'BOOKMARK', object: { kind: 'Pod', apiVersion: 'v1', metadata: { resourceVersion: '9' } } }

const namesOf = (list: readonly { object: { metadata?: { name?: string } } }[]): unknown[] =>
  list.map(({ object }) => object.metadata?.name)

describe('one watch', () => {
  it('yields the events in order, and ends when the server ends it', async () => {
    api.reply(
      `GET ${path}`,
      events(
        added('a'),
        { type: 'MODIFIED', object: storedPod('a', '2') },
        { type: 'DELETED', object: storedPod('a', '3') },
      ),
    )
    const seen = await Array.fromAsync(client.resource(Pod).watch(once))
    expect(seen.map(({ type, object }) => [type, object.metadata.resourceVersion])).toEqual([
      ['ADDED', '1'],
      ['MODIFIED', '2'],
      ['DELETED', '3'],
    ])
  })

  it('reads events however the bytes are cut', async () => {
    const bytes = Buffer.from(`${JSON.stringify(added('ä😀'))}\n\n${JSON.stringify(added('b'))}\n`)
    api.reply(`GET ${path}`, pieces([...bytes].map((byte) => Uint8Array.of(byte))))
    expect(namesOf(await Array.fromAsync(client.resource(Pod).watch(once)))).toEqual(['ä😀', 'b'])
  })

  it('yields bookmarks only when asked for', async () => {
    api.reply(`GET ${path}`, events(added('a'), bookmark), events(added('a'), bookmark))
    expect((await Array.fromAsync(client.resource(Pod).watch(once))).map(({ type }) => type)).toEqual(['ADDED'])
    const all = await Array.fromAsync(client.resource(Pod).watch({ ...once, allowBookmarks: true }))
    expect(all.map(({ type }) => type)).toEqual(['ADDED', 'BOOKMARK'])
  })

  it('says when it is open, and not when it was refused', async () => {
    let opened = 0
    const onOpen = (): void => void (opened += 1)
    api.reply(`GET ${path}`, failure(403, 'Forbidden'), events(added('a')))
    await caught(Array.fromAsync(client.resource(Pod).watch({ ...once, onOpen })))
    expect(opened).toBe(0)
    await Array.fromAsync(client.resource(Pod).watch({ ...once, onOpen }))
    expect(opened).toBe(1)
  })

  it('of a closed client says that none will ever open', async () => {
    await client.close()
    const error = await kubeError('KUBE_TRANSPORT', Array.fromAsync(client.resource(Pod).watch(once)))
    expect(error.clientClosed).toBe(true)
  })

  it('has its content type with parameters', async () => {
    api.reply(
      `GET ${path}`,
      pieces([`${JSON.stringify(added('a'))}\n`], {
        headers: { 'content-type': 'application/json;stream=watch; charset=utf-8' },
      }),
    )
    await expect(Array.fromAsync(client.resource(Pod).watch(once))).resolves.toHaveLength(1)
  })
})

/** Says of each failure what it was. */
const quoting: Middleware = async (request, next) => {
  try {
    const response = await next(request)
    return { ...response, body: quoted(response.body) }
  } catch (error) {
    throw new Error(`failed: ${error as Error}`, { cause: error })
  }
}
async function* quoted(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* body
  } catch (error) {
    throw new Error(`failed: ${error as Error}`, { cause: error })
  }
}
function begin({ response }: Exchange): void {
  response.writeHead(200, { 'content-type': 'application/json' }).write(`${JSON.stringify(added('a'))}\n`)
}

const broken = (): never => {
  throw new Error('a bug in onOpen')
}

describe('its end by the reader', () => {
  it('break closes the connection', async () => {
    const arrived = api.hold(`GET ${path}`)
    const seen: unknown[] = []
    const reading = (async () => {
      for await (const { object } of client.resource(Pod).watch()) {
        seen.push(object.metadata.name)
        break
      }
    })()
    const { response, closed } = await arrived
    response.writeHead(200, { 'content-type': 'application/json' }).write(`${JSON.stringify(added('a'))}\n`)
    await reading
    expect(seen).toEqual(['a'])
    await closed
  })

  it('an abort rejects with its reason, closes the connection, and keeps no listener', async () => {
    const arrived = api.hold(`GET ${path}`)
    const controller = new AbortController()
    const reading = caught(Array.fromAsync(client.resource(Pod).watch({ signal: controller.signal })))
    const { response, closed } = await arrived
    response.writeHead(200, { 'content-type': 'application/json' }).flushHeaders()
    controller.abort('enough')
    await expect(reading).resolves.toBe('enough')
    await closed
    expect(getEventListeners(controller.signal, 'abort')).toEqual([])
  })

  it('an abort within the loop yields nothing more, whatever has arrived', async () => {
    api.reply(
      `GET ${path}`,
      text([added('a'), added('b'), added('c')].map((event) => `${JSON.stringify(event)}\n`).join(''), {
        headers: { 'content-type': 'application/json' },
      }),
    )
    const controller = new AbortController()
    const seen: unknown[] = []
    const reading = caught(
      (async () => {
        for await (const { object } of client.resource(Pod).watch({ signal: controller.signal })) {
          seen.push(object.metadata.name)
          controller.abort('enough')
        }
      })(),
    )
    await expect(reading).resolves.toBe('enough')
    expect(seen).toEqual(['a'])
  })

  it('timeoutMs ends it normally, and closes the connection', async () => {
    const arrived = api.hold(`GET ${path}`)
    const reading = Array.fromAsync(client.resource(Pod).watch({ timeoutMs: 50 }))
    const { response, closed } = await arrived
    response.writeHead(200, { 'content-type': 'application/json' }).write(`${JSON.stringify(added('a'))}\n`)
    expect((await reading).length).toBeLessThanOrEqual(1)
    await closed
  })

  it('timeoutMs ends it normally also before it was open', async () => {
    const arrived = api.hold(`GET ${path}`)
    const reading = Array.fromAsync(client.resource(Pod).watch({ timeoutMs: 50 }))
    const { closed } = await arrived
    await expect(reading).resolves.toEqual([])
    await closed
  })

  describe('whatever a middleware makes of the failure', () => {
    it.each<[string, Answer]>([
      ['before its answer', () => undefined],
      ['after it', begin],
    ])('timeoutMs ends it normally, %s', async (_, answer) => {
      const there = createClient({ server: api.url, middleware: [quoting] })
      api.reply(`GET ${path}`, answer)
      await expect(Array.fromAsync(there.resource(Pod).watch({ timeoutMs: 100 }))).resolves.toBeInstanceOf(Array)
      await there.close()
    })

    it('an abort rejects with its reason', async () => {
      const there = createClient({ server: api.url, middleware: [quoting] })
      const arrived = api.hold(`GET ${path}`)
      const controller = new AbortController()
      const reading = caught(Array.fromAsync(there.resource(Pod).watch({ signal: controller.signal })))
      begin(await arrived)
      controller.abort('enough')
      await expect(reading).resolves.toBe('enough')
      await there.close()
    })
  })

  it('an error of `onOpen` is thrown, and closes the connection', async () => {
    const arrived = api.hold(`GET ${path}`)
    const reading = caught(Array.fromAsync(client.resource(Pod).watch({ onOpen: broken })))
    const { response, closed } = await arrived
    response.writeHead(200, { 'content-type': 'application/json' }).flushHeaders()
    expect(String(await reading)).toBe('Error: a bug in onOpen')
    await closed
  })

  it('what is no signal is refused before anything is sent', () => {
    const signal = new AbortController() as unknown as AbortSignal // as a program without types may do
    expect(() => client.resource(Pod).watch({ signal })).toThrow('`signal` is no AbortSignal')
    expect(api.requests).toEqual([])
  })

  it('a watch that nobody reads sends nothing', async () => {
    const iterator = client.resource(Pod).watch()[Symbol.asyncIterator]()
    await iterator.return?.()
    expect(api.requests).toEqual([])
  })
})

const status = (code: number, reason: string): object => ({
  type: 'ERROR',
  object: {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message: `said ${reason}`,
    reason,
    code,
  },
})

describe('failures', () => {
  it('a 410 as an event is a WatchExpiredError that names the version', async () => {
    api.reply(`GET ${from7}`, events(status(410, 'Expired')))
    const error = await kubeError(
      'KUBE_WATCH_EXPIRED',
      Array.fromAsync(client.resource(Pod).watch({ resourceVersion: '7' })),
    )
    expect(error.resourceVersion).toBe('7')
    expect(isExpired(error)).toBe(true)
    expect(error.message).toContain('list again')
  })

  it('a 410 as the answer is the same error', async () => {
    api.reply(`GET ${from7}`, failure(410, 'Expired'))
    const error = await kubeError(
      'KUBE_WATCH_EXPIRED',
      Array.fromAsync(client.resource(Pod).watch({ resourceVersion: '7' })),
    )
    expect(error).toMatchObject({ resourceVersion: '7', cause: { code: 'KUBE_API', status: 410 } })
  })

  it.each([
    [403, 'Forbidden'],
    [400, 'BadRequest'],
  ])('an ERROR event %d is an ApiError, after the events before it', async (code, reason) => {
    api.reply(
      `GET ${path}`,
      text(`${JSON.stringify(added('a'))}\n${JSON.stringify(status(code, reason))}\n`, {
        headers: { 'content-type': 'application/json' },
      }),
    )
    const seen: unknown[] = []
    const error = await kubeError('KUBE_API', async () => {
      for await (const event of client.resource(Pod).watch()) seen.push(event.type)
    })
    expect(seen).toEqual(['ADDED'])
    expect(error).toMatchObject({ status: code, reason })
    expect(error.message).toContain(`said ${reason}`)
  })

  it.each([
    '{"type":"ERROR","object":{}}',
    '{"type":"ERROR","object":{"code":"410x"}}',
    '{"type":"ERROR","object":{"kind":"Status","apiVersion":"v1","code":{}}}',
  ])('an ERROR event without a code, %s, is an ApiError 500', async (line) => {
    api.reply(`GET ${path}`, pieces([`${line}\n`]))
    const failing = caught(Array.fromAsync(client.resource(Pod).watch(once)))
    expect(await failing).toMatchObject({ code: 'KUBE_API', status: 500 })
  })

  it.each([
    [401, failure(401, 'Unauthorized')],
    [403, failure(403, 'Forbidden')],
    [404, text('404 page not found', { status: 404 })],
  ])('an answer %d is an ApiError', async (code, answer) => {
    api.reply(`GET ${path}`, answer)
    expect(await caught(Array.fromAsync(client.resource(Pod).watch()))).toMatchObject({
      code: 'KUBE_API',
      status: code,
    })
  })

  it.each([
    ['a line that is no JSON', 'oops\n', 'no JSON'],
    ['JSON that is cut short', '{"type":"ADDED","object":{"data":{"password":"aHVudGVy\n', 'no JSON'],
    ['a line that is no event', '7\n', 'without an object'],
    ['null', 'null\n', 'without an object'],
    ['an event without an object', '{"type":"ADDED"}\n', 'without an object'],
    ['an unknown type', '{"type":"RENAMED","object":{}}\n', 'unknown type'],
    ['a type of another sort', '{"type":"__proto__","object":{}}\n', 'unknown type'],
  ])('%s is a ProtocolError that shows no object, after the events before it', async (_, line, words) => {
    api.reply(
      `GET ${path}`,
      text(`${JSON.stringify(added('a'))}\n${line}`, { headers: { 'content-type': 'application/json' } }),
    )
    const seen: unknown[] = []
    const error = await kubeError('KUBE_PROTOCOL', async () => {
      for await (const { object } of client.resource(Pod).watch()) seen.push(object.metadata.name)
    })
    expect(seen).toEqual(['a'])
    expect(error.message).toContain(words)
    expect(logged(error)).not.toContain('aHVudGVy')
  })

  it('a page of HTML is a ProtocolError that quotes it, and the connection is freed', async () => {
    const arrived = api.hold(`GET ${path}`)
    const failing = kubeError('KUBE_PROTOCOL', Array.fromAsync(client.resource(Pod).watch()))
    const { response, closed } = await arrived
    response.writeHead(200, { 'content-type': 'text/html' }).write(`<html>${'x'.repeat(300)} hush-3N`)
    const error = await failing
    expect(error.message).toContain('text/html came')
    expect(logged(error)).not.toContain('hush-3N')
    await closed
  })

  it('an end in the middle of an event is a TransportError, after the events before it', async () => {
    api.reply(`GET ${path}`, pieces([`${JSON.stringify(added('a'))}\n{"type":"ADD`]))
    const seen: unknown[] = []
    const error = await kubeError('KUBE_TRANSPORT', async () => {
      for await (const { object } of client.resource(Pod).watch(once)) seen.push(object.metadata.name)
    })
    expect(seen).toEqual(['a'])
    expect(error.message).toContain('in the middle of an event')
  })

  it('a lost connection is a TransportError', async () => {
    const arrived = api.hold(`GET ${path}`)
    const failing = caught(Array.fromAsync(client.resource(Pod).watch(once)))
    const { response, request } = await arrived
    response.writeHead(200, { 'content-type': 'application/json' }).flushHeaders()
    request.socket.resetAndDestroy()
    expect(await failing).toMatchObject({ code: 'KUBE_TRANSPORT' })
  })
})

const page = (names: string[], token?: string): object => ({
  kind: 'PodList',
  apiVersion: 'v1',
  metadata: { resourceVersion: '9', ...(token !== undefined && { continue: token }) },
  items: names.map((name) => storedPod(name)),
})

describe('pages', () => {
  const nodes = '/api/v1/namespaces/default/pods'

  it('are asked for one after the other, by the token, in chunks of 500', async () => {
    api.reply(`GET ${nodes}?labelSelector=a&resourceVersion=5&limit=500`, json(page(['a', 'b'], 't/1')))
    api.reply(`GET ${nodes}?labelSelector=a&limit=500&continue=t%2F1`, json(page(['c'])))
    const items = await Array.fromAsync(client.resource(Pod).items({ labelSelector: 'a', resourceVersion: '5' }))
    expect(items.map(({ metadata }) => metadata.name)).toEqual(['a', 'b', 'c'])
  })

  it('break asks for no further page', async () => {
    api.reply(`GET ${nodes}?limit=1`, json(page(['a'], 't')))
    for await (const list of client.resource(Pod).pages({ pageSize: 1 })) {
      expect(list.items).toHaveLength(1)
      break
    }
    expect(api.requests).toHaveLength(1)
  })

  it('an expired list is an ApiError with the token to go on', async () => {
    api.reply(`GET ${nodes}?limit=500`, json(page(['a'], 't')))
    api.reply(`GET ${nodes}?limit=500&continue=t`, failure(410, 'Expired', { metadata: { continue: 'fresh' } }))
    const error = await kubeError('KUBE_API', Array.fromAsync(client.resource(Pod).items()))
    expect(error).toMatchObject({ status: 410, continueToken: 'fresh' })
  })

  it("onExpired: 'inconsistent' goes on with that token", async () => {
    api.reply(`GET ${nodes}?limit=500`, json(page(['a'], 't')))
    api.reply(`GET ${nodes}?limit=500&continue=t`, failure(410, 'Expired', { metadata: { continue: 'fresh' } }))
    api.reply(`GET ${nodes}?limit=500&continue=fresh`, json(page(['b'])))
    const items = await Array.fromAsync(client.resource(Pod).items({ onExpired: 'inconsistent' }))
    expect(items.map(({ metadata }) => metadata.name)).toEqual(['a', 'b'])
  })

  it("onExpired: 'restart' begins again, and leaves out what was seen", async () => {
    api.reply(`GET ${nodes}?limit=500`, json(page(['a', 'b'], 't')), json(page(['b', 'c'])))
    api.reply(`GET ${nodes}?limit=500&continue=t`, failure(410, 'Expired'))
    const items = await Array.fromAsync(client.resource(Pod).items({ onExpired: 'restart' }))
    expect(items.map(({ metadata }) => metadata.name)).toEqual(['a', 'b', 'c'])
  })

  it("onExpired: 'restart' gives up after five in a row", async () => {
    const first = json(page(['a'], 't'))
    const gone = failure(410, 'Expired')
    api.reply(`GET ${nodes}?limit=500`, first, first, first, first, first, first)
    api.reply(`GET ${nodes}?limit=500&continue=t`, gone, gone, gone, gone, gone, gone)
    expect(await caught(Array.fromAsync(client.resource(Pod).items({ onExpired: 'restart' })))).toMatchObject({
      status: 410,
    })
  })
})
