import type { ServerResponse } from 'node:http'
import type { Client } from '@kubeclient/core'
import { createClient as createFetchClient } from '@kubeclient/core/fetch'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { podLogs, type PodLogsOptions } from '../src/index.ts'
import { caught, kubeError } from './support/caught.ts'
import { countListeners } from './support/count-listeners.ts'
import { entries } from './support/entries.ts'
import { type KubeletServer, startKubeletServer } from './support/kubelet-server.ts'

describe.each([...entries, ['core/fetch', createFetchClient] as const])('podLogs over %s', (_, createClient) => {
  let server: KubeletServer
  let client: Client
  let urls: URL[]

  beforeEach(async () => {
    urls = []
    server = await startKubeletServer()
    client = createClient({ server: server.url })
  })
  afterEach(async () => {
    vi.useRealTimers()
    await client.close()
    await server.left()
    await server.stop()
  })

  function answer(...handlers: ((response: ServerResponse) => void)[]): void {
    server.onRequest((request, response) => {
      urls.push(new URL(request.url ?? '', server.url))
      const handle = handlers.length > 1 ? handlers.shift() : handlers[0]
      handle?.(response)
    })
  }

  it('yields lines: blank ones, CRLF, UTF-8 in 1-byte chunks, and a last one without an end', async () => {
    const log = '\uFEFFa\n\nb\r\n\r\nhäl€o 🙂\nc\rd\nlast'
    answer((response) => {
      for (const byte of Buffer.from(log)) response.write(Buffer.of(byte))
      response.end()
    })

    expect(await Array.fromAsync(podLogs(client, 'web-0'))).toEqual([
      '\uFEFFa',
      '',
      'b',
      '',
      'häl€o 🙂',
      'c\rd',
      'last',
    ])
  })

  it('yields nothing for an empty log, and a blank line for one that holds only that', async () => {
    answer(
      (response) => response.end(),
      (response) => response.end('\n'),
    )

    expect(await Array.fromAsync(podLogs(client, 'web-0'))).toEqual([])
    expect(await Array.fromAsync(podLogs(client, 'web-0'))).toEqual([''])
  })

  it('a line of 20 MB in small chunks is one line, and takes no quadratic time', async () => {
    const chunk = 'x'.repeat(4096)
    answer(async (response) => {
      for (let n = 0; n < 5000; n += 1)
        if (!response.write(chunk)) await new Promise((resolve) => response.once('drain', resolve))
      response.end('\nnext')
    })

    const [first, second] = await Array.fromAsync(podLogs(client, 'web-0'))

    expect(first).toHaveLength(20_480_000)
    expect(second).toBe('next')
  })

  it('text() and bytes() are the same log, uncut', async () => {
    answer((response) => response.end('a\r\n\nb'))
    const log = podLogs(client, 'web-0')

    expect(await log.text()).toBe('a\r\n\nb')
    expect(Buffer.concat(await Array.fromAsync(log.bytes())).toString()).toBe('a\r\n\nb')
    expect(urls).toHaveLength(2)
  })

  it('sends every option by its name, and none that was not given (p12)', async () => {
    answer((response) => response.end())
    await podLogs(client, { metadata: { name: 'web-0', namespace: 'prod' } }).text()
    const options: PodLogsOptions = {
      container: 'app',
      follow: true,
      previous: true,
      sinceSeconds: 5,
      tailLines: 0,
      limitBytes: 100,
      timestamps: true,
      stream: 'Stderr',
    }
    await podLogs(client, 'web-0', options).text()
    await podLogs(client, 'web-0', { sinceTime: new Date('2026-01-02T03:04:05.678Z') }).text()

    expect(urls[0]?.pathname).toBe('/api/v1/namespaces/prod/pods/web-0/log')
    expect(urls[0]?.search).toBe('')
    expect(Object.fromEntries(urls[1]?.searchParams ?? [])).toEqual(
      Object.fromEntries(Object.entries(options).map(([name, value]) => [name, String(value)])),
    )
    expect(urls[2]?.searchParams.get('sinceTime')).toBe('2026-01-02T03:04:05.678Z')
  })

  it.each<[string, PodLogsOptions]>([
    ['two beginnings', { sinceSeconds: 1, sinceTime: new Date() }],
    ['half a line', { tailLines: 0.5 }],
    ['fewer than no bytes', { limitBytes: 0 }],
    ['a time that is none', { sinceTime: 'yesterday' }],
    ['a date without a time', { sinceTime: '2026-01-02' }],
    ['resume without follow', { resume: true }],
    ['resume with a limit', { resume: true, follow: true, limitBytes: 5 }],
  ])('refuses %s before any I/O', async (_case, options) => {
    await expect(caught(() => podLogs(client, 'web-0', options))).resolves.toMatchObject({
      code: 'KUBE_INVALID_REQUEST',
    })
  })

  it('opens nothing until it is read', async () => {
    answer((response) => response.end())

    podLogs(client, 'web-0')[Symbol.asyncIterator]()

    expect(server.connections.size).toBe(0)
  })

  it('a refusal keeps its Status (p12)', async () => {
    const status = {
      kind: 'Status',
      apiVersion: 'v1',
      status: 'Failure',
      message: 'container nope is not valid',
      reason: 'BadRequest',
      code: 400,
    }
    answer((response) => response.writeHead(400, { 'content-type': 'application/json' }).end(JSON.stringify(status)))

    for (const read of [
      () => podLogs(client, 'p').text(),
      () => Array.fromAsync(podLogs(client, 'p', { follow: true })),
    ]) {
      const error = await kubeError('KUBE_API', read)
      expect(error).toMatchObject({ status: 400, reason: 'BadRequest' })
      expect(error.message).toContain('container nope is not valid')
    }
  })

  it('a server that is not there is a TransportError that says why (p12)', async () => {
    await server.stop()
    const error = await kubeError(
      'KUBE_TRANSPORT',
      podLogs(createClient({ server: server.url, retry: false }), 'p').text(),
    )
    server = await startKubeletServer()

    expect(error.message).toContain('connection refused')
  })

  it('a connection that is reset while following is a TransportError, after the lines that came (p28)', async () => {
    answer((response) => response.write('a\nhalf', () => setImmediate(() => response.socket?.resetAndDestroy())))
    const lines: string[] = []

    const error = await kubeError('KUBE_TRANSPORT', async () => {
      for await (const line of podLogs(client, 'p', { follow: true })) lines.push(line)
    })

    expect(lines).toEqual(['a'])
    expect(error).toBeInstanceOf(Error)
  })

  it('waits for ten quiet minutes and more (p27)', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'setInterval', 'clearTimeout', 'clearInterval', 'Date', 'performance'] })
    let log: ServerResponse | undefined
    answer((response) => {
      log = response
      response.write('first\n')
    })
    const lines = podLogs(client, 'p', { follow: true })[Symbol.asyncIterator]()
    expect((await lines.next()).value).toBe('first')
    const second = lines.next()

    for (let minute = 0; minute < 20; minute += 1) await vi.advanceTimersByTimeAsync(60_000)
    log?.end('second\n')

    expect((await second).value).toBe('second')
  })

  describe('ends at once', () => {
    const reason = new Error('enough')

    it('with the reason of the signal, whatever else is there to read (p11)', async () => {
      answer(follow)
      const abort = new AbortController()
      const seen: string[] = []

      const error = await caught(async () => {
        for await (const line of podLogs(client, 'p', { follow: true, signal: abort.signal })) {
          seen.push(line)
          abort.abort(reason)
        }
      })

      expect(error).toBe(reason)
      expect(seen).toEqual(['a'])
      await server.left()
    })

    it('with the reason of the signal, while it waits (p11)', async () => {
      answer(follow)
      const abort = new AbortController()
      const { added, removed } = countListeners(abort.signal)
      const lines = podLogs(client, 'p', { follow: true, signal: abort.signal })[Symbol.asyncIterator]()
      for (let n = 0; n < 3; n += 1) await lines.next()
      const waiting = caught(lines.next())

      abort.abort(reason)

      expect(await waiting).toBe(reason)
      expect((await lines.next()).done).toBe(true)
      await server.left()
      expect(removed()).toBe(added())
    })

    it('before anything was sent, by a signal that was aborted already', async () => {
      const log = podLogs(client, 'p', { signal: AbortSignal.abort(reason) })

      expect(await caught(Array.fromAsync(log))).toBe(reason)
      expect(await caught(log.text())).toBe(reason)
      expect(server.connections.size).toBe(0)
    })

    it('by break', async () => {
      answer(follow)
      for await (const line of podLogs(client, 'p', { follow: true })) if (line === 'b') break

      await expect(server.left()).resolves.toBeUndefined()
    })

    it('by return() while a next() waits, which then is done', async () => {
      answer(follow)
      for (const lines of [
        podLogs(client, 'p', { follow: true })[Symbol.asyncIterator](),
        podLogs(client, 'p', { follow: true }).bytes()[Symbol.asyncIterator](),
      ]) {
        await lines.next()
        const rest = [lines.next(), lines.next(), lines.next()]

        await lines.return?.()

        expect((await rest[2])?.done).toBe(true)
      }
      await server.left()
    })

    it.each([false, true])('by client.close(), with a TransportError, resume or not: %j', async (resume) => {
      answer(follow)
      const lines = podLogs(client, 'p', { follow: true, resume })[Symbol.asyncIterator]()
      for (let n = 0; n < 3; n += 1) await lines.next()
      const waiting = caught(lines.next())

      await client.close()

      expect(await waiting).toMatchObject({ code: 'KUBE_TRANSPORT' })
    })
  })

  describe('resume', () => {
    it('goes on behind the last line: no line twice, none lost, the half one whole', async () => {
      answer(
        (response) => response.write(`${at('1')} a\n${at('2')} b\n${at('2')} b\n${at('3')} hal`, () => lose(response)),
        (response) => response.end(`${at('1')} a\n${at('2')} b\n${at('2')} b\n${at('2')} b\n${at('3')} half\n`),
      )

      const lines = await Array.fromAsync(podLogs(client, 'p', { follow: true, resume: true, tailLines: 3 }))

      expect(lines).toEqual(['a', 'b', 'b', 'b', 'half'])
      expect(urls[0]?.searchParams.get('tailLines')).toBe('3')
      expect(urls[1]?.searchParams.has('tailLines')).toBe(false)
      expect(urls[1]?.searchParams.get('sinceTime')).toBe(at('1'))
      expect(urls.map(({ searchParams }) => searchParams.get('timestamps'))).toEqual(['true', 'true'])
    })

    it('keeps the times when they are asked for, and lines of the server that have none', async () => {
      answer((response) => response.end(`${at('1')} a\nfailed to watch the file\n${at('2')} \n`))

      const timed = podLogs(client, 'p', { follow: true, resume: true, timestamps: true })
      const bare = podLogs(client, 'p', { follow: true, resume: true })

      expect(await Array.fromAsync(timed)).toEqual([`${at('1')} a`, 'failed to watch the file', `${at('2')} `])
      expect(await Array.fromAsync(bare)).toEqual(['a', 'failed to watch the file', ''])
    })

    it('waits for a server that is away, and gives up when the pod is gone', async () => {
      answer(
        (response) => response.write(`${at('1')} a\n`, () => lose(response)),
        (response) => response.writeHead(500).end('dial tcp: connection refused'),
        (response) => response.writeHead(404).end(),
      )

      const error = await kubeError('KUBE_API', Array.fromAsync(podLogs(client, 'p', { follow: true, resume: true })))

      expect(error.status).toBe(404)
      expect(urls).toHaveLength(3)
    })

    it('a log that was never open fails as any call does', async () => {
      answer((response) => response.writeHead(500).end())

      const error = await kubeError('KUBE_API', Array.fromAsync(podLogs(client, 'p', { follow: true, resume: true })))

      expect(error.status).toBe(500)
    })
  })
})

const follow = (response: ServerResponse): void => void response.write('a\nb\nc\n')

const at = (nanoseconds: string): string => `2026-01-02T03:04:05.${nanoseconds}Z`

const lose = (response: ServerResponse): void => void setImmediate(() => response.socket?.destroy())
