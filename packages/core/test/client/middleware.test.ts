import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'
import { type Client, createClient, type KubeRequest, type Middleware } from '../../src/index.ts'
import { caught, kubeError, logged } from '../support/caught.ts'
import { Node, Pod, storedPod } from '../support/kinds.ts'
import { events, json, useServer } from '../support/scripted-server.ts'

const api = useServer()
const clients: Client[] = []
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()))
})

function clientWith(middleware: readonly Middleware[]): Client {
  const client = createClient({ server: api.url, retry: false, credentials: { token: 'hush-3N' }, middleware })
  clients.push(client)
  return client
}

async function* otherBody(): AsyncGenerator<Uint8Array> {
  yield Buffer.from('{"kind":')
  yield Buffer.from('"Other"}')
}

describe('middleware', () => {
  it('sees every request, watches too, with what it is about, and never the token', async () => {
    const seen: KubeRequest[] = []
    const client = clientWith([
      (request, next) => {
        seen.push(request)
        return next(request)
      },
    ])
    api.reply('GET /api/v1/nodes/n1', json({}))
    api.reply('GET /api/v1/nodes?watch=true&allowWatchBookmarks=true', events())
    await client.resource(Node).get('n1')
    await Array.fromAsync(client.resource(Node).watch({ resume: false }))
    expect(seen.map(({ kind, operation }) => [kind, operation])).toEqual([
      ['unary', { verb: 'get', resource: 'nodes', name: 'n1' }],
      ['stream', { verb: 'watch', resource: 'nodes' }],
    ])
    expect(logged(seen)).not.toContain('hush-3N')
    expect(api.requests.map(({ headers }) => headers.authorization)).toEqual(['Bearer hush-3N', 'Bearer hush-3N'])
  })

  it('changes a copy of the request: headers, query and body', async () => {
    const client = clientWith([
      (request, next) =>
        next({
          ...request,
          headers: { ...request.headers, 'x-a': '1' },
          query: [...request.query, ['b', 'c']],
          body: '{"own":1}',
        }),
    ])
    api.reply('POST /api/v1/nodes?fieldManager=kubeclient&b=c', json({}))
    await client.resource(Node).create({})
    expect(api.requests[0]).toMatchObject({ body: '{"own":1}', headers: { 'x-a': '1', 'content-length': '9' } })
  })

  it('changes a copy of the response: status, headers and body', async () => {
    const client = clientWith([
      async (request, next) => {
        const response = await next(request)
        response.cancel()
        return { ...response, status: 200, body: otherBody() }
      },
    ])
    api.reply('GET /api/v1/nodes/n1', json({}, { status: 404 }))
    await expect(client.resource(Node).get('n1')).resolves.toEqual({ kind: 'Other' })
  })

  it('sees the request first and the response last, if it is the first', async () => {
    const log: string[] = []
    const layer =
      (name: string): Middleware =>
      async (request, next) => {
        log.push(`${name} in`)
        const response = await next({ ...request, headers: { ...request.headers, [`x-${name}`]: '1' } })
        log.push(`${name} out`)
        return response
      }
    api.reply('GET /version', json({}))
    await clientWith([layer('a'), layer('b')]).version()
    expect(log).toEqual(['a in', 'b in', 'b out', 'a out'])
    expect(api.requests[0]?.headers).toMatchObject({ 'x-a': '1', 'x-b': '1' })
  })

  it('may answer by itself, and what it throws comes out as it is', async () => {
    const failure = new RangeError('mine')
    const client = clientWith([
      async () => {
        throw failure
      },
    ])
    await expect(caught(client.version())).resolves.toBe(failure)
    expect(api.requests).toEqual([])
  })

  it.each<[string, unknown]>([
    ['nothing', async () => undefined],
    ['nothing, not even a promise', () => undefined],
    ['what is no response', async () => ({ ok: true })],
  ])('that gives %s is an error that names it', async (_, broken) => {
    const client = clientWith([(request, next) => next(request), broken as Middleware]) // from JavaScript
    const error = await kubeError('KUBE_CONFIG', client.version())
    expect(error.message).toContain('`middleware[1]` gave no response')
  })

  it('that passes no request on is an error that names it', async () => {
    const wrong = ((_: unknown, next: () => unknown) => next()) as unknown as Middleware // as koa has it
    const error = await kubeError('KUBE_CONFIG', clientWith([wrong]).version())
    expect(error.message).toContain('`middleware[0]` passed no request on')
  })

  it('that is no function is refused at once', async () => {
    const error = await kubeError('KUBE_CONFIG', () => clientWith([{} as unknown as Middleware])) // from JavaScript
    expect(error.message).toContain('`middleware[0]` is no function')
  })

  it("may bring an Authorization of its own, which replaces the client's", async () => {
    const client = clientWith([
      (request, next) => next({ ...request, headers: { ...request.headers, authorization: 'Bearer own' } }),
    ])
    api.reply('GET /version', json({}))
    await client.version()
    expect(api.requests[0]?.headers.authorization).toBe('Bearer own')
  })
})

it('an answer that comes to a middleware when its call has been aborted is given up', async () => {
  const arrived = api.hold('GET /log')
  const client = clientWith([(request, next) => next({ ...request, signal: new AbortController().signal })])
  const controller = new AbortController()
  const call = caught(client.request({ path: '/log', stream: true, signal: controller.signal }))
  const { response, closed } = await arrived
  controller.abort('enough')
  await expect(call).resolves.toBe('enough')
  response.write('one')
  await closed
})

function throws(): never {
  throw new Error('mine')
}

describe('onWarning', () => {
  it.each<[string, () => void]>([
    ['throws', throws],
    ['rejects', async () => throws()],
  ])('that %s does not make a failure of a call that succeeded', async (_, fails) => {
    const told: string[] = []
    const client = createClient({
      server: api.url,
      onWarning: ({ text }) => {
        told.push(text)
        return fails()
      },
    })
    clients.push(client)
    const headers = { warning: ['299 - "one"', '299 - "two"'] }
    api.reply('POST /api/v1/namespaces/default/pods?fieldManager=kubeclient', json(storedPod('web'), { headers }))
    await expect(client.resource(Pod).create({})).resolves.toMatchObject({ kind: 'Pod' })
    expect(told).toEqual(['one', 'two'])
  })
})

describe('two clients', () => {
  it('share no token, no connection and no discovery', async () => {
    const one = createClient({ server: api.url, credentials: { token: 'one' } })
    const two = createClient({ server: api.url, credentials: { token: 'two' } })
    clients.push(one, two)
    api.always('GET /version', json({}))
    await Promise.all([one.version(), two.version()])
    await one.version()
    const used = (token: string): Set<number> =>
      new Set(
        api.requests
          .filter(({ headers }) => headers.authorization === `Bearer ${token}`)
          .map(({ connection }) => connection),
      )
    expect([...used('one')].filter((connection) => used('two').has(connection))).toEqual([])
    expect(one.discovery).not.toBe(two.discovery)
    await one.close()
    await expect(two.version()).resolves.toEqual({})
  })
})

describe('credentials', () => {
  it('of a provider are renewed after a 401, and the call succeeds', async () => {
    const tokens = ['old', 'new']
    const client = createClient({
      server: api.url,
      retry: false,
      credentials: async () => ({ token: tokens.shift() ?? 'none' }),
    })
    clients.push(client)
    api.always('GET /api/v1/namespaces/default/pods/web', (exchange) =>
      exchange.request.headers.authorization === 'Bearer new'
        ? json(storedPod('web'))(exchange)
        : json({}, { status: 401 })(exchange),
    )
    await expect(client.resource(Pod).get('web')).resolves.toMatchObject({ kind: 'Pod' })
    expect(api.requests.map(({ headers }) => headers.authorization)).toEqual(['Bearer old', 'Bearer new'])
  })

  it('are asked from a provider with its own this', async () => {
    class Provider {
      readonly name = 'mine'
      readonly #token = 'private'
      async getCredentials(): Promise<{ token: string }> {
        return { token: this.#token }
      }
    }
    const client = createClient({ server: api.url, credentials: new Provider() })
    clients.push(client)
    api.reply('GET /version', json({}))
    await client.version()
    expect(api.requests[0]?.headers.authorization).toBe('Bearer private')
  })

  it('a server that echoes them shows none in an error', async () => {
    const client = createClient({ server: api.url, credentials: { token: 'hush-3N-of-full-length' } })
    clients.push(client)
    const message = 'bad token in Authorization: Bearer hush-3N-of-full-length'
    const details = { name: 'hush-3N-of-full-length' }
    api.reply('GET /version', json({ kind: 'Status', apiVersion: 'v1', message, details }, { status: 400 }))
    expect(logged(await caught(client.version()))).not.toContain('hush-3N')
  })
})

describe('a process', () => {
  it.each(['index', 'lite'])('ends by itself when its client is closed, watch and all (%s)', async (entry) => {
    api.always('GET /api/v1/nodes/n1', json({}))
    api.always('GET /api/v1/nodes?watch=true&allowWatchBookmarks=true', ({ response }) => {
      response.writeHead(200, { 'content-type': 'application/json' }).flushHeaders()
    })
    const source = `
      import { createClient } from ${JSON.stringify(new URL(`../../src/${entry}.ts`, import.meta.url).href)}
      const client = createClient({ server: ${JSON.stringify(api.url)}, credentials: async () => ({ token: 'x', expiresAt: new Date(Date.now() + 1e6) }) })
      const Node = { apiVersion: 'v1', kind: 'Node', resource: 'nodes', namespaced: false }
      await client.resource(Node).get('n1', { timeoutMs: 1e6, signal: new AbortController().signal })
      const watching = Array.fromAsync(client.resource(Node).watch({ timeoutMs: 1e6 })).catch((error) => error.code)
      while (!(await client.resource(Node).get('n1'))) {}
      await client.close()
      console.log(await watching)
    `
    const run = promisify(execFile)
    const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', source], {
      cwd: fileURLToPath(new URL('.', import.meta.url)),
      timeout: 20_000,
    })
    expect(stdout.trim()).toBe('KUBE_TRANSPORT')
  })
})
