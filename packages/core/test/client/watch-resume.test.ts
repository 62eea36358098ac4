import { getEventListeners } from 'node:events'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { assembleClient, type Platform } from '../../src/client/assemble-client.ts'
import { nodePlatform } from '../../src/client/node-platform.ts'
import type { Client, ClientConfig, CredentialContext, Middleware, WatchOptions } from '../../src/index.ts'
import { caught, kubeError } from '../support/caught.ts'
import { Pod, storedPod } from '../support/kinds.ts'
import {
  type Answer,
  events,
  type Exchange,
  failure,
  pieces,
  reset,
  text,
  useServer,
} from '../support/scripted-server.ts'
import { entries } from '../support/transports.ts'

const path = '/api/v1/namespaces/default/pods'
const route = (resourceVersion?: string): string =>
  `GET ${path}?${resourceVersion === undefined ? '' : `resourceVersion=${resourceVersion}&`}watch=true&allowWatchBookmarks=true`

const change = (type: string, name: string, version: string): object => ({ type, object: storedPod(name, version) })
const added = (name: string, version: string): object => change('ADDED', name, version)
const bookmark = (resourceVersion: string): object => ({
  type: 'BOOKMARK',
  object: { kind: 'Pod', apiVersion: 'v1', metadata: { resourceVersion } },
})
const errorEvent = (code: number, reason: string, details?: object): object => ({
  type: 'ERROR',
  object: { kind: 'Status', apiVersion: 'v1', status: 'Failure', message: `said ${reason}`, reason, code, details },
})
const line = (event: object): string => `${JSON.stringify(event)}\n`

/** The head and these lines; what follows is the test's. */
function begin({ response }: Exchange, ...lines: object[]): void {
  response.writeHead(200, { 'content-type': 'application/json' }).flushHeaders()
  for (const each of lines) response.write(line(each))
}

describe.each(entries.map((entry) => [entry.name, entry.factory] as const))('over %s, a watch', (_, factory) => {
  const api = useServer()
  let waits: number[]
  beforeEach(() => {
    waits = []
  })

  /** Of a platform whose delays have no chance in them, and pass at once. */
  function clientOf(config: Partial<ClientConfig> = {}, sleep: Platform['sleep'] = pass): Client {
    const platform = { ...nodePlatform(factory), random: () => 0, sleep }
    const client = assembleClient({ server: api.url, retry: false, ...config }, platform)
    onTestFinished(() => client.close())
    return client
  }

  async function pass(ms: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    waits.push(ms)
  }

  /** A client in whose delays something happens, and which do not pass by themselves. */
  function interrupted(interrupt: () => void): Client {
    return clientOf({}, (_ms, signal) => {
      const { promise, reject } = Promise.withResolvers<void>()
      signal.addEventListener('abort', () => reject(signal.reason), { once: true })
      interrupt()
      return promise
    })
  }

  const watching = (options: WatchOptions = { resourceVersion: '1' }) => clientOf().resource(Pod).watch(options)

  /** The names and versions of so many events; then the loop is left. */
  async function take(count: number, options?: WatchOptions, client = clientOf()): Promise<string[]> {
    const seen: string[] = []
    for await (const { type, object } of client.resource(Pod).watch(options ?? { resourceVersion: '1' })) {
      seen.push(`${type} ${object.metadata.name} ${object.metadata.resourceVersion}`)
      if (seen.length === count) break
    }
    return seen
  }

  it.each<[string, Answer, number]>([
    ['the server ends it', events(added('a', '2')), 0],
    ['the connection is reset', reset(line(added('a', '2'))), 800],
    ['the connection is lost in the middle of an event', pieces([line(added('a', '2')), '{"type":"ADD']), 800],
    ['… and of a character', pieces([line(added('a', '2')), '{"type":"', Buffer.from('😀').subarray(0, 2)]), 800],
    ['the server says 429 in it', events(added('a', '2'), errorEvent(429, 'TooMany', { retryAfterSeconds: 5 })), 5000],
    ['the server says 500 in it', events(added('a', '2'), errorEvent(500, 'InternalError')), 800],
    ['the server says 504 in it', events(added('a', '2'), errorEvent(504, 'Timeout')), 800],
  ])('goes on after the last version when %s', async (_title, ending, delayMs) => {
    api.reply(route('1'), ending)
    api.reply(route('2'), events(change('MODIFIED', 'a', '3')))
    expect(await take(2)).toEqual(['ADDED a 2', 'MODIFIED a 3'])
    expect(waits).toEqual([delayMs])
  })

  it.each([
    [429, 7000],
    [500, 7000],
    [502, 7000],
    [503, 7000],
    [504, 7000],
  ])('asks again after an answer %d, when Retry-After says', async (status, delayMs) => {
    const patience = failure(status, 'Busy', {}, { headers: { 'retry-after': '7' } })
    api.reply(route('1'), patience, events(added('a', '2')))
    api.reply(route('2'), patience, events(added('b', '3')))
    expect(await take(2)).toEqual(['ADDED a 2', 'ADDED b 3'])
    expect(waits).toEqual([delayMs, 0, delayMs])
  })

  it('waits longer and longer for a server that is away, and goes on when it is back', async () => {
    api.reply(route('1'), events(added('a', '2')))
    api.reply(route('2'), reset(), reset(), reset(), text('bad gateway', { status: 502 }), events(added('b', '3')))
    expect(await take(2)).toEqual(['ADDED a 2', 'ADDED b 3'])
    expect(waits).toEqual([0, 800, 1600, 3200, 6400])
  })

  it('goes on when nothing has come for `idleTimeoutMs`, and gives the connection up', async () => {
    const silent = api.hold(route('1'))
    api.reply(route('2'), events(added('b', '3')))
    const taking = take(2, { resourceVersion: '1', idleTimeoutMs: 100 })
    const exchange = await silent
    begin(exchange, added('a', '2'))
    await expect(taking).resolves.toEqual(['ADDED a 2', 'ADDED b 3'])
    await exchange.closed
  })

  it('loses none of the events that come together with the end', async () => {
    const many = Array.from({ length: 1000 }, (_each, n) => line(added(`p${n}`, String(n + 2)))).join('')
    api.reply(route('1'), text(many, { headers: { 'content-type': 'application/json' } }))
    api.reply(route('1001'), events(added('last', '1002')))
    const seen = await take(1001)
    expect(seen[999]).toBe('ADDED p999 1001')
    expect(new Set(seen).size).toBe(1001)
  })

  it('goes on after a bookmark that the reader does not see', async () => {
    api.reply(route('1'), events(added('a', '2'), bookmark('9')))
    api.reply(route('9'), events(added('b', '10')))
    expect(await take(2)).toEqual(['ADDED a 2', 'ADDED b 10'])
  })

  it('keeps its selection, and asks for the initial state no more', async () => {
    const rest = 'watch=true&allowWatchBookmarks=true&'
    const selected = `${path}?labelSelector=app&fieldSelector=metadata.name%3Da&`
    api.reply(
      `GET ${selected}resourceVersionMatch=NotOlderThan&${rest}sendInitialEvents=true`,
      events(added('a', '2'), bookmark('2')),
    )
    api.reply(`GET ${selected}resourceVersion=2&${rest.slice(0, -1)}`, events(change('MODIFIED', 'a', '3')))
    const options = { name: 'a', labelSelector: 'app', sendInitialEvents: true }
    expect(await take(2, options)).toEqual(['ADDED a 2', 'MODIFIED a 3'])
  })

  it('that begins without a version and is lost before its first event begins again', async () => {
    api.reply(route(), reset(''), pieces([]), events(added('a', '2')))
    expect(await take(1, {})).toEqual(['ADDED a 2'])
    expect(waits).toEqual([800, 1600])
  })

  it('that is lost in the middle of the initial state misses nothing of it, and shows nothing twice', async () => {
    api.reply(
      route(),
      pieces([line(added('late', '9')), line(added('gone', '3')), '{"type"']),
      events(added('early', '1'), added('late', '9'), change('MODIFIED', 'early', '12')),
    )
    api.reply(route('12'), events(added('new', '13')))
    expect(await take(6, {})).toEqual([
      'ADDED late 9',
      'ADDED gone 3',
      'ADDED early 1',
      'DELETED gone 3',
      'MODIFIED early 12',
      'ADDED new 13',
    ])
  })

  it('takes an empty version for none, as the server does', async () => {
    const first = `GET ${path}?resourceVersion=&watch=true&allowWatchBookmarks=true`
    api.reply(first, reset(line(added('a', '2'))), events(added('a', '2'), change('MODIFIED', 'a', '3')))
    expect(await take(2, { resourceVersion: '' })).toEqual(['ADDED a 2', 'MODIFIED a 3'])
  })

  it.each<[string, Answer]>([
    ['as the answer', failure(410, 'Expired')],
    ['as an event', events(errorEvent(410, 'Expired'))],
  ])('whose version is gone when it goes on is a WatchExpiredError, %s', async (_title, answer) => {
    api.reply(route('1'), events(added('a', '2')))
    api.reply(route('2'), answer)
    const error = await kubeError('KUBE_WATCH_EXPIRED', take(2))
    expect(error.resourceVersion).toBe('2')
  })

  it('that the server ends at once three times is a WatchExpiredError, and no hot loop', async () => {
    api.reply(route('1'), pieces([]), pieces([]), pieces([]))
    const error = await kubeError('KUBE_WATCH_EXPIRED', take(1))
    expect(error).toMatchObject({ resourceVersion: '1', request: { url: `${api.url}${path}` } })
    expect(waits).toEqual([800, 1600])
  })

  it.each([
    [403, 'Forbidden'],
    [404, 'NotFound'],
    [405, 'MethodNotAllowed'],
  ])('that may not go on, %d, is an ApiError', async (status, reason) => {
    api.reply(route('1'), events(added('a', '2')))
    api.reply(route('2'), failure(status, reason))
    expect(await kubeError('KUBE_API', take(2))).toMatchObject({ status, reason })
  })

  it('renews its credentials once when it goes on and is refused', async () => {
    const reasons: string[] = []
    const getCredentials = async ({ reason }: CredentialContext): Promise<{ token: string }> => {
      reasons.push(reason)
      return { token: `token-${reasons.length}` }
    }
    const client = clientOf({ credentials: { name: 'test', getCredentials } })
    api.reply(route('1'), events(added('a', '2')))
    api.reply(route('2'), failure(401, 'Unauthorized'), events(added('b', '3')))
    expect(await take(2, undefined, client)).toEqual(['ADDED a 2', 'ADDED b 3'])
    expect(reasons).toEqual(['initial', 'refused'])
    expect(api.requests.map(({ headers }) => headers.authorization)).toEqual([
      'Bearer token-1',
      'Bearer token-1',
      'Bearer token-2',
    ])
  })

  it('whose renewed credentials are refused too is an ApiError', async () => {
    let asked = 0
    const client = clientOf({ credentials: async () => ({ token: `t${(asked += 1)}` }) })
    api.reply(route('1'), events(added('a', '2')))
    api.reply(route('2'), failure(401, 'Unauthorized'), failure(401, 'Unauthorized'))
    expect(await kubeError('KUBE_API', take(2, undefined, client))).toMatchObject({ status: 401 })
    expect(asked).toBe(2)
  })

  it('of a server that is not there fails at once', async () => {
    const client = clientOf({ server: 'http://127.0.0.1:1' })
    expect(await kubeError('KUBE_TRANSPORT', take(1, {}, client))).toMatchObject({ attempts: 1 })
    expect(waits).toEqual([])
  })

  describe('with `resume: false`', () => {
    const once = { resourceVersion: '1', resume: false, idleTimeoutMs: 100 } as const

    it('ends where the server ends it', async () => {
      api.reply(route('1'), events(added('a', '2')))
      expect(await take(2, once)).toEqual(['ADDED a 2'])
    })

    it.each<[string, Answer, object]>([
      ['a reset', reset(line(added('a', '2'))), { code: 'KUBE_TRANSPORT' }],
      ['a 429', failure(429, 'Busy'), { code: 'KUBE_API', status: 429 }],
      ['a 500 in it', events(errorEvent(500, 'InternalError')), { code: 'KUBE_API', status: 500 }],
      [
        'silence',
        (exchange) => begin(exchange),
        { code: 'KUBE_TRANSPORT', message: expect.stringContaining('100 ms') },
      ],
    ])('fails by %s', async (_title, answer, error) => {
      api.reply(route('1'), answer)
      expect(await caught(take(2, once))).toMatchObject(error)
      expect(waits).toEqual([])
    })

    it('shows what the server sends, as it sends it', async () => {
      api.reply(route(), events(added('a', '2'), added('a', '2')))
      expect(await take(3, { resume: false })).toEqual(['ADDED a 2', 'ADDED a 2'])
    })
  })

  describe('is ended at once', () => {
    it('by return() while it waits: the connection is free, and who waits is told', async () => {
      const arrived = api.hold(route('1'))
      const iterator = watching()[Symbol.asyncIterator]()
      const waiting = iterator.next()
      const exchange = await arrived
      begin(exchange)
      await iterator.return?.()
      await expect(waiting).resolves.toEqual({ done: true, value: undefined })
      await exchange.closed
    })

    it('by return() before its answer, and for metadata too', async () => {
      const arrived = api.hold(route('1'))
      const watch = clientOf().resource(Pod).metadata().watch({ resourceVersion: '1' })
      const iterator = watch[Symbol.asyncIterator]()
      const waiting = iterator.next()
      const exchange = await arrived
      await iterator.return?.()
      await expect(waiting).resolves.toMatchObject({ done: true })
      await exchange.closed
    })

    it('by an abort during a delay, for its reason, without a listener left', async () => {
      api.reply(route('1'), events(added('a', '2')))
      const controller = new AbortController()
      const { signal } = controller
      const client = interrupted(() => controller.abort('enough'))
      expect(await caught(take(2, { resourceVersion: '1', signal }, client))).toBe('enough')
      expect(getEventListeners(signal, 'abort')).toEqual([])
    })

    it('by `timeoutMs` during a delay, normally', async () => {
      api.reply(route('1'), events(added('a', '2')))
      const client = interrupted(() => undefined)
      expect(await take(2, { resourceVersion: '1', timeoutMs: 200 }, client)).toEqual(['ADDED a 2'])
    })

    it('by close() during a delay, with a TransportError', async () => {
      api.reply(route('1'), events(added('a', '2')))
      const client: Client = interrupted(() => void client.close())
      expect((await kubeError('KUBE_TRANSPORT', take(2, undefined, client))).message).toContain('closed')
    })

    it('by close() while it waits, with a TransportError, and opens nothing more', async () => {
      const arrived = api.hold(route('1'))
      const client = clientOf()
      const taking = kubeError('KUBE_TRANSPORT', take(1, undefined, client))
      const exchange = await arrived
      begin(exchange)
      await client.close()
      expect((await taking).message).toContain('closed')
      expect(api.requests).toHaveLength(1)
    })
  })

  it('tells a middleware that reads along when it ends', async () => {
    const arrived = api.hold(route('1'))
    const told = Promise.withResolvers<void>()
    async function* readAlong(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
      try {
        yield* body
      } finally {
        told.resolve()
      }
    }
    const middleware: Middleware = async (request, next) => {
      const response = await next(request)
      return { ...response, body: readAlong(response.body) }
    }
    const taking = take(1, undefined, clientOf({ middleware: [middleware] }))
    begin(await arrived, added('a', '2'))
    await expect(taking).resolves.toEqual(['ADDED a 2'])
    await told.promise
  })

  it('can be read again, from its beginning', async () => {
    api.reply(route('1'), events(added('a', '2')), events(added('a', '2')))
    const watch = watching()
    const first = async (): Promise<string> => {
      for await (const { object } of watch) return object.metadata.name
      return 'nothing'
    }
    expect([await first(), await first()]).toEqual(['a', 'a'])
  })

  it('reads an event of 10 MB, and refuses one that is longer than `maxEventBytes`', async () => {
    const large = { type: 'ADDED', object: { ...storedPod('a', '2'), blob: 'x'.repeat(10 << 20) } }
    api.reply(route('1'), events(large), events(added('a', '2')))
    expect(await take(1)).toEqual(['ADDED a 2'])
    const error = await kubeError('KUBE_PROTOCOL', take(1, { resourceVersion: '1', maxEventBytes: 50 }))
    expect(error.message).toContain('longer than 50 bytes (`maxEventBytes`)')
  })

  it.each([
    { timeoutMs: Number.NaN },
    { idleTimeoutMs: 0 },
    { idleTimeoutMs: Number.NaN },
    { maxEventBytes: -1 },
    { maxEventBytes: Number.POSITIVE_INFINITY },
  ])('with %j is refused before anything is sent', async (options) => {
    await kubeError('KUBE_INVALID_REQUEST', () => watching(options))
    expect(api.requests).toEqual([])
  })

  it('waits for a slow reader, and so does the server', async () => {
    const arrived = api.hold(route('1'))
    const iterator = watching()[Symbol.asyncIterator]()
    const first = iterator.next()
    const { response, request } = await arrived
    const blob = 'x'.repeat(1 << 20)
    const total = 64
    response.writeHead(200, { 'content-type': 'application/json' })
    for (let n = 2; n < 2 + total; n += 1) {
      response.write(line({ type: 'ADDED', object: { ...storedPod(`p${n}`, String(n)), blob } }))
    }
    await first
    const sent = await settled(() => request.socket.bytesWritten - request.socket.writableLength)
    expect(sent).toBeLessThan(32 << 20)
    for (let n = 1; n < total; n += 1) await iterator.next()
    expect(request.socket.writableLength).toBe(0)
    await iterator.return?.()
  })
})

/** A number when it has not changed for a while. */
async function settled(read: () => number): Promise<number> {
  let last = read()
  for (let same = 0; same < 20; same += 1) {
    await new Promise((resolve) => setTimeout(resolve, 10))
    const now = read()
    if (now !== last) same = 0
    last = now
  }
  return last
}
