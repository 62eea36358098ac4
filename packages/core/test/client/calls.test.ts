import { getEventListeners, once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { setImmediate } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Client, type ClientConfig, createClient, type GetOptions, type Middleware } from '../../src/index.ts'
import { createClient as createLiteClient } from '../../src/lite.ts'
import { caught, kubeError } from '../support/caught.ts'
import { Pod, storedPod } from '../support/kinds.ts'
import { legacyServer } from '../support/legacy-discovery.ts'
import { type Answer, failure, json, text, useServer } from '../support/scripted-server.ts'

const api = useServer()
let client: Client
beforeEach(() => {
  client = createClient({ server: api.url, retry: false })
})
afterEach(() => client.close())

async function* nothing(): AsyncGenerator<Uint8Array> {
  // no body
}

const timers = (): number => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length

const underAnother: Middleware = (request, next) => next({ ...request, signal: new AbortController().signal })

const web = '/api/v1/namespaces/default/pods/web'

describe('timeoutMs', () => {
  it('ends a read with a TransportError that says so, and frees the connection', async () => {
    const arrived = api.hold(`GET ${web}`)
    const failing = kubeError('KUBE_TRANSPORT', client.resource(Pod).get('web', { timeoutMs: 500 }))
    const { closed } = await arrived
    const error = await failing
    expect(error.message).toBe(`GET ${api.url}${web}: not done within 500 ms (\`timeoutMs\`)`)
    expect(error.maybeApplied).toBe(false)
    await closed
  })

  it('says that a write may have been applied', async () => {
    const arrived = api.hold(`DELETE ${web}`)
    const failing = kubeError('KUBE_TRANSPORT', client.resource(Pod).delete('web', { timeoutMs: 500 }))
    await arrived
    expect((await failing).maybeApplied).toBe(true)
  })

  it('covers discovery too, where a write has not begun', async () => {
    api.always('GET /api', () => undefined)
    api.always('GET /apis', () => undefined)
    const error = await kubeError('KUBE_TRANSPORT', client.resource('pods').delete('web', { timeoutMs: 50 }))
    expect(error.message).toBe(`GET ${api.url}/apis: discovery was not done within 50 ms (\`timeoutMs\`)`)
    expect(error.maybeApplied).toBe(false)
  })

  it.each<[string, Partial<ClientConfig>]>([
    ['credentials', { credentials: () => Promise.withResolvers<never>().promise }],
    ['middleware', { middleware: [() => Promise.withResolvers<never>().promise] }],
  ])('says that a write was not applied which waits for %s', async (_, config) => {
    await using waiting = createClient({ server: api.url, ...config })
    const failing = kubeError('KUBE_TRANSPORT', waiting.resource(Pod).delete('web', { timeoutMs: 20 }))
    const { maybeApplied, message } = await failing
    expect(maybeApplied).toBe(false)
    expect(message).toBe(`DELETE ${api.url}${web}: not done within 20 ms (\`timeoutMs\`)`)
    expect(api.requests).toEqual([])
  })

  it('says that a write was not applied which the server has put off', async () => {
    await using patient = createClient({ server: api.url })
    api.reply(`DELETE ${web}`, failure(429, 'TooManyRequests', {}, { headers: { 'retry-after': '5' } }))
    const failing = kubeError('KUBE_TRANSPORT', patient.resource(Pod).delete('web', { timeoutMs: 500 }))
    expect((await failing).maybeApplied).toBe(false)
    expect(api.requests).toHaveLength(1)
  })

  it.each([
    ['core', createClient],
    ['core/lite', createLiteClient],
  ])('says that a write was not applied which waits for a connection (%s)', async (_, create) => {
    const arrived = Promise.withResolvers<Socket>()
    const silent = createServer(arrived.resolve).listen(0, '127.0.0.1')
    await once(silent, 'listening')
    const { port } = silent.address() as AddressInfo // listening on TCP
    await using waiting = create({ server: `https://127.0.0.1:${port}` })
    for (const stream of [false, true]) {
      const request = { method: 'POST', path: '/x', body: {}, timeoutMs: 100, stream }
      expect(await kubeError('KUBE_TRANSPORT', waiting.request(request))).toMatchObject({ maybeApplied: false })
    }
    ;(await arrived.promise).destroy() // it waited for the server's part of a TLS handshake
    silent.close()
  })

  it('says that a write was not applied which waits for others to be done with the connections', async () => {
    api.always('GET /busy', () => undefined)
    const ends = new AbortController()
    const busy = Array.from({ length: 32 }, () => caught(client.request({ path: '/busy', signal: ends.signal })))
    await vi.waitUntil(() => api.requests.length === 32)
    const failing = kubeError('KUBE_TRANSPORT', client.resource(Pod).delete('web', { timeoutMs: 50 }))
    expect((await failing).maybeApplied).toBe(false)
    ends.abort('done')
    expect(new Set(await Promise.all(busy))).toEqual(new Set(['done']))
  })

  it('says that a write may have been applied which a middleware has sent under a signal of its own', async () => {
    await using lost = createClient({ server: api.url, middleware: [underAnother] })
    const arrived = api.hold(`DELETE ${web}`)
    const failing = kubeError('KUBE_TRANSPORT', lost.resource(Pod).delete('web', { timeoutMs: 500 }))
    await arrived
    expect((await failing).maybeApplied).toBe(true)
  })

  it('says that a write may have been applied whose answer is still being read', async () => {
    const arrived = api.hold('POST /x')
    const opening = client.request({ method: 'POST', path: '/x', stream: true, timeoutMs: 500 })
    const { response } = await arrived
    response.write('one')
    const failing = kubeError('KUBE_TRANSPORT', (await opening).text())
    expect((await failing).maybeApplied).toBe(true)
  })

  it('of Infinity is none', async () => {
    api.reply(`GET ${web}`, json(storedPod('web')))
    await expect(client.resource(Pod).get('web', { timeoutMs: Number.POSITIVE_INFINITY })).resolves.toMatchObject({
      kind: 'Pod',
    })
  })
})

describe('signal', () => {
  it.each([['a text'], [new Error('mine')], [undefined]])(
    'rejects the call with its reason as it is: %s',
    async (reason) => {
      const arrived = api.hold(`GET ${web}`)
      const controller = new AbortController()
      const failing = caught(client.resource(Pod).get('web', { signal: controller.signal }))
      const { closed } = await arrived
      controller.abort(reason)
      await expect(failing).resolves.toBe(controller.signal.reason)
      await closed
    },
  )

  it('that is aborted before sends nothing, by descriptor and by name', async () => {
    const signal = AbortSignal.abort('no')
    await expect(caught(client.resource(Pod).get('web', { signal }))).resolves.toBe('no')
    await expect(caught(client.resource('pods').create({}, { signal }))).resolves.toBe('no')
    await expect(caught(client.version({ signal }))).resolves.toBe('no')
    await expect(caught(client.request({ path: '/x', signal }))).resolves.toBe('no')
    await expect(caught(Array.fromAsync(client.resource(Pod).watch({ signal })))).resolves.toBe('no')
    expect(api.requests.filter(({ target }) => target.includes('web'))).toEqual([])
  })

  it('of one caller leaves the discovery of others alone', async () => {
    const arrived = api.hold('GET /api')
    const controller = new AbortController()
    legacyServer(api)
    api.reply(`GET ${web}`, json(storedPod('web')))
    const mine = caught(client.resource('pods').get('web', { signal: controller.signal }))
    const theirs = client.resource('pods').get('web')
    const { response } = await arrived
    controller.abort('mine')
    await expect(mine).resolves.toBe('mine')
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"kind":"APIVersions","versions":["v1"]}')
    await expect(theirs).resolves.toMatchObject({ kind: 'Pod' })
  })

  it('wins over timeoutMs, and keeps no listener after many calls', async () => {
    api.always(`GET ${web}`, json(storedPod('web')))
    const controller = new AbortController()
    const { signal } = controller
    for (let count = 0; count < 100; count += 1) await client.resource(Pod).get('web', { signal, timeoutMs: 60_000 })
    expect(getEventListeners(signal, 'abort')).toEqual([])
    const arrived = api.hold(`GET ${web}`)
    const failing = caught(client.resource(Pod).get('web', { signal, timeoutMs: 60_000 }))
    await arrived
    controller.abort('mine')
    await expect(failing).resolves.toBe('mine')
  })
})

const hangs: Answer = () => undefined

describe('a 404 that may mean a kind that has moved', () => {
  const gone = text('404 page not found\n', { status: 404 })

  /** By a client that knows pods, of a server that no longer knows their path, and whose discovery answers so. */
  async function secondGet(options: GetOptions, discovery: Answer): Promise<unknown> {
    legacyServer(api)
    api.reply(`GET ${web}`, json(storedPod('web')), gone)
    const pods = client.resource('pods')
    await pods.get('web')
    api.always('GET /api', discovery)
    api.always('GET /apis', discovery)
    return caught(pods.get('web', options))
  }

  it('stays what it is where discovery fails', async () => {
    const error = await secondGet({}, failure(503, 'ServiceUnavailable'))
    expect(error).toMatchObject({ code: 'KUBE_API', status: 404 })
  })

  it('waits no longer than the call may take', async () => {
    const error = await secondGet({ timeoutMs: 500 }, hangs)
    expect(error).toMatchObject({ code: 'KUBE_TRANSPORT', maybeApplied: false })
  })

  it('ends with the signal of the call', async () => {
    const controller = new AbortController()
    const error = await secondGet({ signal: controller.signal }, () => controller.abort('mine'))
    expect(error).toBe('mine')
  })

  it('is asked about for a subresource too, and answered where the kind is now', async () => {
    legacyServer(api)
    api.reply(`GET ${web}/status`, gone)
    api.reply('GET /api/v1/pods/web/status', json(storedPod('web')))
    const status = client.resource('pods').subresource('status')
    await client.discovery.refresh()
    api.always('GET /api/v1', json({ resources: [{ name: 'pods', kind: 'Pod', namespaced: false, verbs: ['get'] }] }))
    await expect(status.get('web')).resolves.toMatchObject({ kind: 'Pod' })
  })
})

describe('close', () => {
  it('rejects what is pending with a TransportError, and says where a write was', async () => {
    const arrived = [api.hold(`GET ${web}`), api.hold(`PUT ${web}?fieldManager=kubeclient`)]
    const pods = client.resource(Pod)
    const failing = [caught(pods.get('web')), caught(pods.replace({ metadata: { name: 'web' } }))]
    await Promise.all(arrived)
    await client.close()
    const [read, write] = await Promise.all(failing)
    expect(read).toMatchObject({ code: 'KUBE_TRANSPORT', maybeApplied: false })
    expect(write).toMatchObject({ code: 'KUBE_TRANSPORT', maybeApplied: true })
    expect(String(read)).toContain('the client was closed')
  })

  it('rejects what waits for credentials, and aborts the provider', async () => {
    const asked = Promise.withResolvers<AbortSignal>()
    const waiting = createClient({
      server: api.url,
      credentials: {
        name: 'slow',
        getCredentials: ({ signal }) => {
          asked.resolve(signal)
          return Promise.withResolvers<never>().promise
        },
      },
    })
    const failing = caught(waiting.version())
    const signal = await asked.promise
    await waiting.close()
    expect(await failing).toMatchObject({ code: 'KUBE_TRANSPORT', maybeApplied: false })
    expect(signal.aborted).toBe(true)
  })

  it('rejects what waits for a CA', async () => {
    const asked = Promise.withResolvers<void>()
    const waiting = createClient({
      server: 'https://127.0.0.1:1',
      tls: {
        ca: () => {
          asked.resolve()
          return Promise.withResolvers<string>().promise
        },
      },
    })
    const failing = caught(waiting.version())
    await asked.promise
    await waiting.close()
    expect(await failing).toMatchObject({ code: 'KUBE_TRANSPORT' })
  })

  it('rejects what waits for discovery', async () => {
    const arrived = [api.hold('GET /api'), api.hold('GET /apis')]
    const failing = caught(client.resource('pods').get('web'))
    await Promise.all(arrived)
    await client.close()
    expect(await failing).toMatchObject({ code: 'KUBE_TRANSPORT', maybeApplied: false })
  })

  it('rejects what waits to try again, and leaves no timer', async () => {
    const before = timers()
    const sent = Promise.withResolvers<void>()
    const busy = createClient({
      server: api.url,
      transport: () => ({
        async send() {
          sent.resolve()
          return { status: 429, headers: { 'retry-after': '50' }, body: nothing(), cancel: () => undefined }
        },
        close: async () => undefined,
      }),
    })
    const failing = caught(busy.resource(Pod).delete('web'))
    await sent.promise
    await setImmediate()
    await busy.close()
    expect(await failing).toMatchObject({ code: 'KUBE_TRANSPORT', maybeApplied: false })
    expect(timers()).toBe(before)
  })

  it('rejects watches', async () => {
    const arrived = api.hold('GET /api/v1/namespaces/default/pods?watch=true&allowWatchBookmarks=true')
    const failing = caught(Array.fromAsync(client.resource(Pod).watch()))
    const { response, closed } = await arrived
    response.writeHead(200, { 'content-type': 'application/json' }).flushHeaders()
    await client.close()
    expect(await failing).toMatchObject({ code: 'KUBE_TRANSPORT' })
    await closed
  })

  it('rejects later calls with a TransportError, of clients made by with() too, and sends nothing', async () => {
    const derived = client.with({ namespace: 'x' })
    await derived.close()
    const calls = [
      client.version(),
      derived.resource(Pod).get('web'),
      client.resource('pods').get('web'),
      client.request({ path: '/x' }),
      client.discovery.refresh(),
      Array.fromAsync(derived.resource(Pod).watch()),
    ]
    for (const call of calls) expect(await caught(call)).toMatchObject({ code: 'KUBE_TRANSPORT', maybeApplied: false })
    expect(api.requests).toEqual([])
  })

  it('may be called again, and closes the connections', async () => {
    api.reply(`GET ${web}`, json(storedPod('web')))
    await client.resource(Pod).get('web')
    const [socket] = api.sockets
    const gone = new Promise((resolve) => socket?.once('close', resolve))
    await Promise.all([client.close(), client.close()])
    await client[Symbol.asyncDispose]()
    await expect(gone).resolves.toBeDefined()
  })
})
