import { createHash } from 'node:crypto'
import { getEventListeners } from 'node:events'
import { describe, expect, it } from 'vitest'
import { caught, kubeError } from '../../support/caught.ts'
import { Pod, storedPod } from '../../support/kinds.ts'
import { events, type Exchange, failure, json, reset, text } from '../../support/scripted-server.ts'
import { ownWays, useWay, ways } from '../../support/ways.ts'

const version = { gitVersion: 'v1.37.0' }
const pods = '/api/v1/namespaces/default/pods'
const podWatch = `${pods}?watch=true&allowWatchBookmarks=true`
const added = { type: 'ADDED', object: storedPod('web') }
const credentials = { token: 'tok-3N' }

/** A watch, and its first event. */
function begin({ response }: Exchange): void {
  response.writeHead(200, { 'content-type': 'application/json' }).write(`${JSON.stringify(added)}\n`)
}

describe.each(ways)('%s: a client', (_, way) => {
  const { api, elsewhere, client } = useWay(way)

  it('keeps the path prefix of its server', async () => {
    api.reply('GET /k8s/c-1/version', json(version))
    api.reply(`GET /k8s/c-1${podWatch}`, events(added))
    const prefixed = client({ server: `${api.url}/k8s/c-1/` })
    await expect(prefixed.version()).resolves.toEqual(version)
    await expect(Array.fromAsync(prefixed.resource(Pod).watch({ resume: false }))).resolves.toMatchObject([
      { type: 'ADDED' },
    ])
  })

  it('shows its credentials and whom it impersonates, on calls and watches alike', async () => {
    api.reply('GET /version', json(version))
    api.reply(`GET ${podWatch}`, events(added))
    const jane = client({ credentials, impersonate: { user: 'jane' } })
    await jane.version()
    await Array.fromAsync(jane.resource(Pod).watch({ resume: false }))
    expect(api.requests).toHaveLength(2)
    for (const { headers } of api.requests) {
      expect(headers).toMatchObject({ authorization: 'Bearer tok-3N', 'impersonate-user': 'jane' })
    }
  })

  it('follows a redirect within the server, with credentials, and a write with its body', async () => {
    api.reply('GET /version', text('', { status: 302, headers: { location: '/moved?x=1' } }))
    api.reply('GET /moved?x=1', json(version))
    api.reply(`POST ${pods}?fieldManager=kubeclient`, text('', { status: 307, headers: { location: '/moved' } }))
    api.reply('POST /moved', json(storedPod('web'), { status: 201 }))
    const own = client({ credentials })
    await expect(own.version()).resolves.toEqual(version)
    await own.resource(Pod).create({ metadata: { name: 'web' } })
    expect(api.requests.map(({ headers }) => headers.authorization)).toEqual(Array(4).fill('Bearer tok-3N'))
    expect(api.requests[3]?.body).toBe(api.requests[2]?.body)
    expect(api.requests[3]?.body).toContain('web')
  })

  it('follows a redirect elsewhere without credentials, and never with a write', async () => {
    const location = `${elsewhere.url}/moved`
    api.reply('GET /version', text('', { status: 307, headers: { location } }))
    api.reply(`DELETE ${pods}/web`, text('', { status: 307, headers: { location } }))
    elsewhere.reply('GET /moved', json(version))
    const jane = client({ credentials, impersonate: { user: 'jane' } })
    await expect(jane.version()).resolves.toEqual(version)
    expect((await kubeError('KUBE_API', jane.resource(Pod).delete('web'))).status).toBe(307)
    expect(elsewhere.requests).toHaveLength(1)
    expect(elsewhere.requests[0]?.headers).not.toHaveProperty('authorization')
    expect(elsewhere.requests[0]?.headers).not.toHaveProperty('impersonate-user')
  })

  it('repeats a call that the server has no time for, when the server says so, writes too', async () => {
    const busy = failure(429, 'TooManyRequests', {}, { headers: { 'retry-after': '0' } })
    api.reply('GET /version', busy, busy, json(version))
    api.reply(`POST ${pods}?fieldManager=kubeclient`, busy, json(storedPod('web'), { status: 201 }))
    const own = client()
    await expect(own.version()).resolves.toEqual(version)
    await own.resource(Pod).create({ metadata: { name: 'web' } })
    expect(api.requests).toHaveLength(5)
  })

  it('repeats a read whose connection was lost', async () => {
    api.reply('GET /version', reset(), json(version))
    await expect(client().version()).resolves.toEqual(version)
  })

  it('asks for other credentials when they are refused', async () => {
    api.reply('GET /version', failure(401, 'Unauthorized'), json(version))
    let asked = 0
    await client({ credentials: async () => ({ token: `tok-${(asked += 1)}` }) }).version()
    expect(api.requests.map(({ headers }) => headers.authorization)).toEqual(['Bearer tok-1', 'Bearer tok-2'])
  })

  it('ends a call and a watch with the reason of their signal, and keeps no listener', async () => {
    const controller = new AbortController()
    const { signal } = controller
    const own = client()
    const arrived = [api.hold('GET /version'), api.hold(`GET ${podWatch}`)]
    const call = caught(own.version({ signal }))
    const reader = own.resource(Pod).watch({ signal })[Symbol.asyncIterator]()
    const first = reader.next()
    const [unary, watch] = await Promise.all(arrived)
    if (watch !== undefined) begin(watch)
    await first
    const next = caught(reader.next())
    controller.abort('enough')
    await expect(Promise.all([call, next])).resolves.toEqual(['enough', 'enough'])
    await Promise.all([unary?.closed, watch?.closed])
    expect(getEventListeners(signal, 'abort')).toEqual([])
  })

  it('frees the connection of a watch when its reader breaks', async () => {
    const arrived = api.hold(`GET ${podWatch}`)
    const reading = (async () => {
      for await (const event of client().resource(Pod).watch()) return event.type
      return 'nothing'
    })()
    const watch = await arrived
    begin(watch)
    await expect(reading).resolves.toBe('ADDED')
    await watch.closed
  })

  it('that is closed rejects its calls and watches with TransportErrors, and frees their connections', async () => {
    const own = client()
    const arrived = [api.hold(`DELETE ${pods}/web`), api.hold(`GET ${podWatch}`)]
    const call = caught(own.resource(Pod).delete('web'))
    const watch = caught(Array.fromAsync(own.resource(Pod).watch()))
    const exchanges = await Promise.all(arrived)
    exchanges[1]?.response.writeHead(200, { 'content-type': 'application/json' }).flushHeaders()
    await own.close()
    await expect(call).resolves.toMatchObject({ code: 'KUBE_TRANSPORT', maybeApplied: true })
    await expect(watch).resolves.toMatchObject({ code: 'KUBE_TRANSPORT' })
    await Promise.all(exchanges.map(({ closed }) => closed))
    expect(await caught(own.version())).toMatchObject({ code: 'KUBE_TRANSPORT', maybeApplied: false })
  })
})

describe.each(ownWays)('%s: a client whose connections are its own', (_, way) => {
  const { api, client } = useWay(way)

  it('impersonates several groups, on lines of their own', async () => {
    api.reply('GET /version', json(version))
    await client({ impersonate: { user: 'jane', groups: ['a', 'b,c'] } }).version()
    const groups = api.requests[0]?.lines.filter(([name]) => name.toLowerCase() === 'impersonate-group')
    expect(groups?.map(([, value]) => value)).toEqual(['a', 'b,c'])
  })

  it('hands over a WebSocket in both directions', async () => {
    api.switches((request, socket) => {
      const proof = createHash('sha1').update(`${request.headers['sec-websocket-key']}${guid}`).digest('base64')
      const lines = ['Upgrade: websocket', 'Connection: Upgrade', `Sec-WebSocket-Accept: ${proof}`]
      socket.on('error', () => socket.destroy())
      socket.write(
        `HTTP/1.1 101 Switching Protocols\r\n${lines.join('\r\n')}\r\nSec-WebSocket-Protocol: v5\r\n\r\nhello`,
      )
      socket.pipe(socket)
    })
    await using connection = await client({ credentials }).upgrade({ path: '/exec', protocols: ['v5'] })
    const reader = connection.readable.getReader()
    const writer = connection.writable.getWriter()
    expect(Buffer.from((await reader.read()).value ?? []).toString()).toBe('hello')
    await writer.write(new TextEncoder().encode('again'))
    expect(Buffer.from((await reader.read()).value ?? []).toString()).toBe('again')
  })
})

/** @see RFC 6455 section 1.3 */
const guid = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'
