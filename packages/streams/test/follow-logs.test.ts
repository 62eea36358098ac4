import { type IncomingMessage, request as send, type ServerResponse } from 'node:http'
import type { Client } from '@kubeclient/core'
import { type ApiServer, startApiServer } from '@kubeclient/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { followLogs, type LogLine } from '../src/index.ts'
import { caught } from './support/caught.ts'
import { countListeners } from './support/count-listeners.ts'
import { entries } from './support/entries.ts'
import { type KubeletServer, startKubeletServer } from './support/kubelet-server.ts'

const time = '2026-01-02T03:04:05.1Z'

describe.each(entries)('followLogs over %s', (_, createClient) => {
  let api: ApiServer
  let server: KubeletServer
  let admin: Client
  let client: Client
  /** Requests for logs: pod, container, and the query without what all have. */
  let asked: string[]
  /** What the log of a container says, or its status. */
  let logOf: (pod: string, container: string) => string | number

  beforeEach(async () => {
    api = await startApiServer({ objects: [pod('web-0', ['a', 'b']), pod('other-0', ['a'], { app: 'other' })] })
    admin = createClient(api.config)
    asked = []
    logOf = (name, container) => `line of ${name}/${container}`
    server = await startKubeletServer()
    server.onRequest((request, response) => {
      const url = new URL(request.url ?? '', 'http://server')
      if (!url.pathname.endsWith('/log')) return passOn(request, response, api)
      const name = url.pathname.split('/').at(-2) ?? ''
      const container = url.searchParams.get('container') ?? ''
      for (const each of ['container', 'follow', 'timestamps']) url.searchParams.delete(each)
      asked.push(`${name}/${container}${url.search}`)
      const log = logOf(name, container)
      if (typeof log === 'number') response.writeHead(log).end()
      else response.write(`${time} ${log}\n`)
      return undefined
    })
    client = createClient({ ...api.config, server: server.url })
  })
  afterEach(async () => {
    await admin.close()
    await client.close()
    await server.left()
    await server.stop()
    await api.stop()
  })

  it('merges the logs of all containers that match, each line with where it is from', async () => {
    const lines = await take(2, followLogs(client, 'app=web', { tailLines: 5 }))

    expect(lines.toSorted()).toEqual(['[web-0/a] line of web-0/a', '[web-0/b] line of web-0/b'])
    expect(asked.toSorted()).toEqual(['web-0/a?tailLines=5', 'web-0/b?tailLines=5'])
  })

  it('only the containers of a name', async () => {
    expect(await take(1, followLogs(client, 'app=web', { container: 'b' }))).toEqual(['[web-0/b] line of web-0/b'])
    expect(asked).toEqual(['web-0/b'])
  })

  it('a pod that comes later, whole, and a container that has started again', async () => {
    const lines = await take(
      3,
      followLogs(client, { matchLabels: { app: 'web' } }, { container: 'a', tailLines: 1 }),
      async (_line, n) => {
        if (n === 1) await start(admin, pod('web-1', ['a']))
        if (n === 2)
          await admin
            .resource('pods', { namespace: 'default' })
            .subresource('status')
            .patch('web-0', {
              merge: { status: { containerStatuses: statuses(['a'], 1) } },
            })
      },
    )

    expect(lines).toEqual(['[web-0/a] line of web-0/a', '[web-1/a] line of web-1/a', '[web-0/a] line of web-0/a'])
    expect(asked).toEqual(['web-0/a?tailLines=1', 'web-1/a', 'web-0/a'])
  })

  it('a container that starts again while its connection is lost is read once, and whole', async () => {
    const later = '2026-01-02T03:04:06.1Z'
    logOf = (name) => (asked.length === 1 ? 'one' : name === 'web-0' ? `one\n${later} two` : 'end')

    const lines = await take(3, followLogs(client, 'app=web', { container: 'a' }), async (_line, n) => {
      const pods = admin.resource('pods', { namespace: 'default' }).subresource('status')
      if (n === 1) {
        for (const socket of server.connections) socket.destroy()
        await pods.patch('web-0', { merge: { status: { containerStatuses: statuses(['a'], 1) } } })
      }
      if (n === 2) await start(admin, pod('web-1', ['a']))
    })

    expect(lines).toEqual(['[web-0/a] one', '[web-0/a] two', '[web-1/a] end'])
    expect(asked).toEqual(['web-0/a', `web-0/a?sinceTime=${encodeURIComponent(time)}`, 'web-1/a'])
  })

  it('a version that the server has forgotten costs no pod', async () => {
    const lines = await take(2, followLogs(client, 'app=web', { container: 'a' }), async (_line, n) => {
      if (n !== 1) return
      api.compact()
      api.dropWatches()
      await start(admin, pod('web-1', ['a']))
    })

    expect(lines).toEqual(['[web-0/a] line of web-0/a', '[web-1/a] line of web-1/a'])
  })

  it('a log that cannot be read is an error, or is told, and the others go on', async () => {
    logOf = (name, container) => (container === 'a' ? 403 : `line of ${name}/${container}`)
    const told: unknown[] = []

    expect(await caught(take(9, followLogs(client, 'app=web')))).toMatchObject({ code: 'KUBE_API', status: 403 })
    const lines = await take(
      1,
      followLogs(client, 'app=web', { onError: (error, source) => told.push([source, error]) }),
    )

    expect(lines).toEqual(['[web-0/b] line of web-0/b'])
    expect(told).toMatchObject([[{ pod: 'web-0', container: 'a' }, { status: 403 }]])
  })

  it('an `onError` that throws ends the loop with what it throws', async () => {
    logOf = () => 403
    const reason = new Error('enough')
    const onError = (): never => {
      throw reason
    }

    expect(await caught(take(9, followLogs(client, 'app=web', { onError })))).toBe(reason)
  })

  it('an error ends all other logs too', async () => {
    logOf = (_name, container) => (container === 'a' ? 403 : 'line')

    expect(await caught(take(9, followLogs(client, 'app=web')))).toMatchObject({ status: 403 })

    await server.left()
  })

  it('more logs than may be open are an error that says so', async () => {
    expect(await caught(take(9, followLogs(client, 'app=web', { maxLogs: 1 })))).toMatchObject({
      code: 'KUBE_INVALID_REQUEST',
      message: expect.stringContaining('maxLogs') as string,
    })
  })

  it('a selector that is none is an error', async () => {
    expect(await caught(take(1, followLogs(client, 'app in (')))).toMatchObject({
      name: expect.stringMatching(/Error$/) as string,
    })
  })

  it('an abort ends all with its reason, and the signal is free', async () => {
    const abort = new AbortController()
    const reason = new Error('enough')
    const { added, removed } = countListeners(abort.signal)

    const error = await caught(
      take(9, followLogs(client, 'app=web', { signal: abort.signal }), () => abort.abort(reason)),
    )

    expect(error).toBe(reason)
    await server.left()
    expect(removed()).toBe(added())
  })

  it('return() while it waits ends all', async () => {
    const lines = followLogs(client, 'app=web')[Symbol.asyncIterator]()
    await lines.next()
    await lines.next()
    const waiting = lines.next()

    await lines.return?.()

    expect((await waiting).done).toBe(true)
    await server.left()
  })
})

/** A pod is created without a status; its kubelet then writes one. */
async function start(admin: Client, { status, ...rest }: ReturnType<typeof pod>): Promise<void> {
  await admin.create(rest)
  const pods = admin.resource('pods', { namespace: 'default' })
  await pods.subresource('status').patch(rest.metadata.name, { merge: { status } })
}

function pod(name: string, containers: readonly string[], labels = { app: 'web' }) {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default', labels },
    spec: { containers: containers.map((container) => ({ name: container, image: 'x' })) },
    status: { phase: 'Running', containerStatuses: statuses(containers, 0) },
  }
}

function statuses(names: readonly string[], restartCount: number) {
  const state = { running: { startedAt: '2026-01-02T03:04:05Z' } }
  return names.map((name) => ({ name, restartCount, ready: true, image: 'x', imageID: '', state }))
}

/** As a reverse proxy does. */
function passOn(request: IncomingMessage, response: ServerResponse, { config }: ApiServer): void {
  const target = send(new URL(request.url ?? '', config.server), { headers: request.headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 500, answer.headers)
    answer.on('error', () => response.destroy()).pipe(response)
  })
  target.on('error', () => response.destroy())
  response.on('close', () => target.destroy())
  request.pipe(target)
}

async function take(count: number, lines: AsyncIterable<LogLine>, onLine?: (line: LogLine, index: number) => unknown) {
  const seen: string[] = []
  for await (const line of lines) {
    seen.push(`${line.prefix}${line.text}`)
    await onLine?.(line, seen.length)
    if (seen.length === count) break
  }
  return seen
}
