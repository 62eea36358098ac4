import { PassThrough, Readable, Writable } from 'node:stream'
import { inspect } from 'node:util'
import type { Client } from '@kubeclient/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { attach, exec } from '../src/index.ts'
import { caught, kubeError } from './support/caught.ts'
import { countListeners } from './support/count-listeners.ts'
import { entries } from './support/entries.ts'
import {
  exited,
  finish,
  type KubeletServer,
  onChannel,
  received,
  type Session,
  startKubeletServer,
  success,
} from './support/kubelet-server.ts'
import { settled } from './support/settled.ts'

const bytesOf = (parts: readonly Uint8Array[]): string => Buffer.concat(parts).toString()

describe.each(entries)('exec over %s', (_, createClient) => {
  let server: KubeletServer
  let client: Client

  beforeEach(async () => {
    server = await startKubeletServer()
    client = createClient({ server: server.url, credentials: { token: 'secret-token' }, userAgent: 'test' })
  })
  afterEach(async () => {
    await client.close()
    await server.left()
    await server.stop()
  })

  const session = (): Session => server.sessions.at(-1)! // whoever asks has waited for it

  it('asks as the API says, with the credentials of the client, and v5 before v4 in one line', async () => {
    server.onSession((opened) => finish(opened))

    await exec(client, 'web-0', { command: ['sh', '-c', 'a b&c'], container: 'app', namespace: 'prod' })

    const { url, request } = session()
    expect(url.pathname).toBe('/api/v1/namespaces/prod/pods/web-0/exec')
    expect([...url.searchParams]).toEqual([
      ['command', 'sh'],
      ['command', '-c'],
      ['command', 'a b&c'],
      ['container', 'app'],
      ['tty', 'false'],
      ['stdin', 'false'],
      ['stdout', 'true'],
      ['stderr', 'true'],
    ])
    expect(request.headers['sec-websocket-protocol']).toBe('v5.channel.k8s.io, v4.channel.k8s.io')
    expect(request.headers.authorization).toBe('Bearer secret-token')
    expect(request.headers['user-agent']).toMatch(/^test/)
  })

  it('keeps stdout and stderr apart, UTF-8 across messages, and a byte order mark', async () => {
    server.onSession((opened) => {
      const euro = Buffer.from('\uFEFF€')
      opened.ws.send(onChannel(1))
      opened.ws.send(onChannel(1, euro.subarray(0, 4)))
      opened.ws.send(onChannel(2, 'oops'))
      opened.ws.send(onChannel(1, euro.subarray(4)))
      finish(opened)
    })

    const result = await exec(client, 'web-0', { command: ['x'] }).text()

    expect(result).toMatchObject({ stdout: '\uFEFF€', stderr: 'oops', exitCode: 0, status: { status: 'Success' } })
  })

  it('understands messages in 1-byte chunks, frames of all three lengths, messages in parts and of 0 bytes', async () => {
    server.onSession(({ ws, socket }) => {
      ws.send(new Uint8Array())
      ws.send(onChannel(1, 'a'.repeat(200)))
      ws.send(onChannel(1, 'b'.repeat(70_000)))
      ws.send(onChannel(1, 'c'), { fin: false })
      ws.ping('are you there?') // between the parts of a message, as the RFC allows
      ws.send('d', { binary: true, fin: true })
      const end = Buffer.concat([frame(onChannel(3, success)), Buffer.of(0x88, 2, 3, 0xe8)])
      for (const byte of end) socket.write(Buffer.of(byte))
    })

    const { stdout, exitCode } = await exec(client, 'web-0', { command: ['x'] })

    expect(stdout).toBe(`${'a'.repeat(200)}${'b'.repeat(70_000)}cd`)
    expect(exitCode).toBe(0)
  })

  it('puts a Status together that comes in several messages, and answers the exit code', async () => {
    server.onSession(({ ws }) => {
      for (const part of exited(42).match(/.{1,20}/gs) ?? []) ws.send(onChannel(3, part))
      ws.send(onChannel(3))
      ws.close(1000)
    })

    const { exitCode, status } = await exec(client, 'web-0', { command: ['x'] })

    expect(exitCode).toBe(42)
    expect(status).toMatchObject({ status: 'Failure', reason: 'NonZeroExitCode' })
  })

  it('does not wait for a server that says how it ended and stays', async () => {
    server.onSession(({ ws }) => ws.send(onChannel(3, exited(3))))

    await expect(exec(client, 'web-0', { command: ['x'] })).resolves.toMatchObject({ exitCode: 3 })
  })

  it('believes a Status whose connection is then reset', async () => {
    server.onSession(({ ws, socket }) => {
      ws.send(onChannel(1, 'all'))
      ws.send(onChannel(3, success), () => socket.destroy())
    })

    await expect(exec(client, 'web-0', { command: ['x'] })).resolves.toMatchObject({ exitCode: 0, stdout: 'all' })
  })

  it('check: a command that fails is an error with the end of its stderr', async () => {
    server.onSession((opened) => {
      opened.ws.send(onChannel(2, 'no such table'))
      finish(opened, exited(3))
    })

    const error = await kubeError('KUBE_API', exec(client, 'web-0', { command: ['x'], check: true }))

    expect(error.reason).toBe('NonZeroExitCode')
    expect(error.message).toContain('exit code 3')
    expect(error.message).toContain('no such table')
  })

  it('check: a session that ends without a Status is an error; without check the exit code is unknown', async () => {
    server.onSession(({ ws }) => ws.close(1000))

    await expect(exec(client, 'web-0', { command: ['x'], check: true })).rejects.toMatchObject({
      code: 'KUBE_PROTOCOL',
    })
    await expect(exec(client, 'web-0', { command: ['x'] })).resolves.toMatchObject({ exitCode: undefined })
  })

  it.each([
    ['an exit code that is missing', '{"status":"Failure","reason":"NonZeroExitCode"}'],
    ['an exit code beyond 255', exited(256)],
    ['what is no Status', '{"status":"Perhaps"}'],
    ['what is no JSON', 'Success'],
    ['half a Status', '{"status":'],
    ['a message that is no text', '{"status":"Failure","message":{}}'],
    ['a code that is no number', '{"status":"Failure","code":"500"}'],
    ['details that are none', '{"status":"Failure","reason":"NonZeroExitCode","details":5}'],
    ['causes that are no list', '{"status":"Failure","reason":"NonZeroExitCode","details":{"causes":"ExitCode"}}'],
    ['causes that are none', '{"status":"Failure","reason":"NonZeroExitCode","details":{"causes":[null]}}'],
    ['a failure with the exit code 0', exited(0)],
    ['a Status without end', `{"message":"${'x'.repeat(70_000)}`],
  ])('refuses %s', async (_case, status) => {
    server.onSession((opened) => finish(opened, status))

    await expect(exec(client, 'web-0', { command: ['x'] })).rejects.toMatchObject({ code: 'KUBE_PROTOCOL' })
  })

  it('a refusal before the upgrade and a failure after it are the same kind of error (p23)', async () => {
    const status = {
      kind: 'Status',
      apiVersion: 'v1',
      status: 'Failure',
      message: 'nope',
      reason: 'Forbidden',
      code: 403,
    }
    server.onSession((opened) => finish(opened, JSON.stringify({ ...status, kind: undefined })))
    const after = await kubeError('KUBE_API', exec(client, 'web-0', { command: ['x'] }))
    const body = JSON.stringify(status)
    server.refuse(
      `HTTP/1.1 403 Forbidden\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`,
    )
    const before = await kubeError('KUBE_API', exec(client, 'web-0', { command: ['x'] }))

    for (const error of [before, after]) {
      expect(error).toBeInstanceOf(Error)
      expect(error).toMatchObject({ status: 403, reason: 'Forbidden' })
      expect(error.message).toContain('nope')
      expect(inspect(error, { depth: Infinity, showHidden: true })).not.toContain('secret-token')
    }
  })

  it('a connection that is lost before the end is an error, whatever had come (p23)', async () => {
    server.onSession(({ ws, socket }) => {
      ws.send(onChannel(1, 'half'), () => socket.destroy())
    })
    const chunks: Uint8Array[] = []

    const error = await kubeError(
      'KUBE_TRANSPORT',
      exec(client, 'web-0', { command: ['x'], stdout: (chunk) => void chunks.push(chunk) }),
    )

    expect(error.maybeApplied).toBe(true)
    expect(bytesOf(chunks)).toBe('half')
  })

  it('a close with another code than 1000 is an error that names it', async () => {
    server.onSession(({ ws }) => ws.close(1011, 'internal'))

    const error = await kubeError('KUBE_TRANSPORT', exec(client, 'web-0', { command: ['x'] }))

    expect(error.message).toContain('1011')
  })

  it('output that nobody asked for is dropped, not thrown into the void (p23)', async () => {
    server.onSession((opened) => {
      opened.ws.send(onChannel(1, 'unwanted'))
      finish(opened)
    })

    await expect(exec(client, 'web-0', { command: ['x'], stdout: false })).resolves.toMatchObject({ stdout: '' })
    expect(session().url.searchParams.get('stdout')).toBe('false')
  })

  it.each([
    ['a text message', (opened: Session) => opened.ws.send('text')],
    ['an unknown channel', (opened: Session) => opened.ws.send(onChannel(7, 'x'))],
    ['a masked frame', ({ socket }: Session) => socket.write(Buffer.of(0x82, 0x81, 1, 2, 3, 4, 5))],
    ['a reserved bit', ({ socket }: Session) => socket.write(Buffer.of(0xc2, 1, 1))],
    ['a control frame in parts', ({ socket }: Session) => socket.write(Buffer.of(0x09, 0))],
    ['a control frame that is too long', ({ socket }: Session) => socket.write(Buffer.of(0x89, 126, 0, 200))],
    ['a frame of 2^64 - 1 bytes', ({ socket }: Session) => socket.write(Buffer.of(0x82, 127, ...Array(8).fill(255)))],
    ['a frame of 17 MiB', ({ socket }: Session) => socket.write(Buffer.of(0x82, 127, 0, 0, 0, 0, 1, 16, 0, 0))],
    ['a continuation of nothing', ({ socket }: Session) => socket.write(Buffer.of(0x80, 1, 1))],
    ['a message inside another', ({ socket }: Session) => socket.write(Buffer.of(0x02, 1, 1, 0x82, 1, 1))],
  ])('refuses %s and closes', async (_case, misbehave) => {
    server.onSession((opened) => {
      misbehave(opened)
    })

    await expect(exec(client, 'web-0', { command: ['x'] })).rejects.toMatchObject({ code: 'KUBE_PROTOCOL' })

    await session().closed
  })

  it('more output than was agreed on is an error and not an end of memory', async () => {
    server.onSession(({ ws }) => ws.send(onChannel(1, 'x'.repeat(101))))

    const error = await kubeError('KUBE_PROTOCOL', exec(client, 'web-0', { command: ['x'], maxCollectedBytes: 100 }))

    expect(error.message).toContain('maxCollectedBytes')
    await session().closed
  })

  describe('stdin', () => {
    it.each([
      ['text', () => 'häl\nlo'],
      ['bytes', () => new TextEncoder().encode('häl\nlo')],
      ['a generator', () => each('hä', 'l\nlo')],
      ['a Node Readable', () => Readable.from([Buffer.from('häl\n'), Buffer.from('lo')])],
      ['a web stream', () => ReadableStream.from([new TextEncoder().encode('häl\nlo')])],
    ])('sends %s, then its end', async (_case, source) => {
      const seen: { channel: number; payload: Buffer }[] = []
      server.onSession(async (opened) => {
        for await (const message of received(opened)) {
          seen.push(message)
          if (message.channel === 255) finish(opened)
        }
      })

      await exec(client, 'web-0', { command: ['cat'], stdin: source() })

      expect(bytesOf(seen.filter(({ channel }) => channel === 0).map(({ payload }) => payload))).toBe('häl\nlo')
      expect(seen.at(-1)).toEqual({ channel: 255, payload: Buffer.of(0) })
    })

    it('cuts what is long into messages of 32 KiB, none of them in parts', async () => {
      const sizes: number[] = []
      server.onSession(async (opened) => {
        for await (const { channel, payload } of received(opened)) {
          if (channel === 255) finish(opened)
          else sizes.push(payload.length)
        }
      })

      await exec(client, 'web-0', { command: ['cat'], stdin: new Uint8Array(100_000) })

      expect(sizes).toEqual([32_768, 32_768, 32_768, 1696])
    })

    it('a source that fails is how the call fails', async () => {
      server.onSession(() => undefined)
      const broken = new Error('disk')
      const stdin = (async function* () {
        yield 'a'
        throw broken
      })()

      expect(await caught(exec(client, 'web-0', { command: ['cat'], stdin }))).toBe(broken)
      await session().closed
    })

    it.each([
      ['a `next` that throws', () => ({ next: () => raise('broken') }), 'broken'],
      ['a stream of objects', () => Readable.from([1]), 'neither text nor a Uint8Array'],
      ['a stream of buffers', () => each(new ArrayBuffer(3)), 'neither text nor a Uint8Array'],
    ])('%s is how the call fails, and nothing is lost in silence', async (_case, create, words) => {
      server.onSession(() => undefined)
      const source = create()
      const stdin = Symbol.asyncIterator in source ? source : { [Symbol.asyncIterator]: () => source }

      const error = await caught(exec(client, 'web-0', { command: ['cat'], stdin: stdin as never }))

      expect(error).toMatchObject({ message: expect.stringContaining(words) as string })
      await session().closed
    })

    it.each([
      ['throws', () => raise('too late')],
      ['promises nothing', () => ({ done: true })],
    ])('a source whose `return` %s does no harm', async (_case, leave) => {
      server.onSession((opened) => finish(opened))
      const stdin = { [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => undefined), return: leave }) }

      const { exitCode } = await exec(client, 'web-0', { command: ['true'], stdin: stdin as never })

      expect(exitCode).toBe(0)
    })

    it('a command that ends first lets go of a stream that still waits', async () => {
      server.onSession((opened) => finish(opened))
      const node = new PassThrough()
      let isCancelled = false
      const web = new ReadableStream<Uint8Array>({ cancel: () => void (isCancelled = true) })

      await exec(client, 'web-0', { command: ['true'], stdin: node })
      await exec(client, 'web-0', { command: ['true'], stdin: web })

      expect(node.destroyed).toBe(true)
      expect(isCancelled).toBe(true)
    })

    it('a ping meanwhile does not keep output from being read', async () => {
      const [read, goOn] = gate()
      server.onSession(async (opened) => {
        opened.socket.pause()
        await settled(() => opened.socket.readableLength)
        opened.ws.ping()
        opened.ws.send(onChannel(1, 'out'))
        await read
        opened.socket.resume()
        finish(opened)
      })
      const stdin = (async function* () {
        for (;;) yield new Uint8Array(65_536)
      })()

      const { exitCode } = await exec(client, 'web-0', { command: ['cat'], stdin, stdout: goOn })

      expect(exitCode).toBe(0)
    })

    it('waits while the server does not read', async () => {
      let wanted = 0
      const stdin = (async function* () {
        for (let n = 0; n < 256; n += 1) {
          wanted += 1
          yield new Uint8Array(65_536)
        }
      })()
      let resume: (() => void) | undefined
      server.onSession(async (opened) => {
        opened.socket.pause()
        resume = () => opened.socket.resume()
        for await (const { channel } of received(opened)) if (channel === 255) finish(opened)
      })

      const running = exec(client, 'web-0', { command: ['cat'], stdin })
      await settled(() => wanted)
      const whilePaused = wanted
      resume?.()
      await running

      expect(whilePaused).toBeLessThan(256)
      expect(wanted).toBe(256)
    })
  })

  describe('with a server that speaks v4 only', () => {
    let old: KubeletServer
    let oldClient: Client

    beforeEach(async () => {
      old = await startKubeletServer({
        chooseProtocol: (offered) => [...offered].find((name) => name.startsWith('v4')) ?? false,
      })
      oldClient = createClient({ server: old.url })
    })
    afterEach(async () => {
      await oldClient.close()
      await old.stop()
    })

    it('stdin needs a choice, and nothing runs without', async () => {
      old.refuseOnce('HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\nconnection: close\r\n\r\n')

      const error = await kubeError('KUBE_INVALID_REQUEST', exec(oldClient, 'p', { command: ['cat'], stdin: 'a' }))

      expect(error.message).toContain('withoutStdinEnd')
      expect(old.sessions).toHaveLength(0)
      expect(old.offers).toEqual(['v5.channel.k8s.io'])
    })

    it('keepOpen: the end is not told, and never with the message of v5', async () => {
      const messages: number[] = []
      old.onSession(async (opened) => {
        for await (const { channel } of received(opened)) {
          messages.push(channel)
          finish(opened)
        }
      })

      await exec(oldClient, 'p', { command: ['head', '-c1'], stdin: 'a', withoutStdinEnd: 'keepOpen' })

      expect(messages).toEqual([0])
    })

    it.each([
      ['closes the WebSocket', () => undefined],
      ['hangs up', ({ ws, socket }: Session) => void ws.on('message', () => socket.end())],
    ])(
      'disconnect: the connection is closed after stdin, and a server that %s is a good end',
      async (_case, behave) => {
        old.onSession(behave)

        const result = await exec(oldClient, 'p', { command: ['cat'], stdin: 'a', withoutStdinEnd: 'disconnect' })

        expect(result.exitCode).toBeUndefined()
      },
    )

    it('without stdin nothing is asked', async () => {
      old.onSession((opened) => finish(opened, exited(5)))

      await expect(exec(oldClient, 'p', { command: ['x'] })).resolves.toMatchObject({ exitCode: 5 })
    })
  })

  describe('sinks', () => {
    it.each([
      ['a function', (seen: Uint8Array[]) => (chunk: Uint8Array) => void seen.push(chunk)],
      [
        'a web stream',
        (seen: Uint8Array[]) => new WritableStream<Uint8Array>({ write: (chunk) => void seen.push(chunk) }),
      ],
      [
        'a Node Writable',
        (seen: Uint8Array[]) =>
          new Writable({
            highWaterMark: 1,
            write: (chunk: Uint8Array, _encoding, done) => {
              seen.push(chunk)
              setImmediate(done)
            },
          }),
      ],
    ])('%s gets all before the call ends, and is not ended', async (_case, create) => {
      server.onSession(threeChunks)
      const seen: Uint8Array[] = []
      const sink = create(seen)

      const { stdout } = await exec(client, 'web-0', { command: ['x'], stdout: sink })
      const once1 = bytesOf(seen)
      await exec(client, 'web-0', { command: ['x'], stdout: sink }) // not locked, not ended

      expect(once1).toBe('abc')
      expect(bytesOf(seen)).toBe('abcabc')
      expect(stdout).toBe('')
    })

    it('a Node Writable keeps no listener of ours', async () => {
      server.onSession(threeChunks)
      const sink = new PassThrough()
      sink.resume()
      const before = sink.eventNames().map((name) => [name, sink.listenerCount(name)])

      await exec(client, 'web-0', { command: ['x'], stdout: sink })

      expect(sink.eventNames().map((name) => [name, sink.listenerCount(name)])).toEqual(before)
    })

    it.each([
      [
        'a function that throws',
        () => () => {
          throw new Error('full')
        },
      ],
      ['a function that rejects', () => () => Promise.reject(new Error('full'))],
      ['a web stream', () => new WritableStream<Uint8Array>({ write: () => Promise.reject(new Error('full')) })],
      ['a Node Writable', () => new Writable({ write: (_chunk, _encoding, done) => done(new Error('full')) })],
      ['a Node Writable whose write() throws', () => Object.assign(new PassThrough(), { write: () => raise('full') })],
    ])('%s that fails ends a command that would go on', async (_case, create) => {
      server.onSession(({ ws }) => ws.send(onChannel(1, 'a')))

      const error = await caught(exec(client, 'web-0', { command: ['tail', '-f'], stdout: create() }))

      expect(error).toMatchObject({ message: 'full' })
      await session().closed
    })

    it('a Node Writable that is destroyed while nothing comes ends the command', async () => {
      const sink = new PassThrough()
      server.onSession(() => void sink.destroy())

      const error = await caught(exec(client, 'web-0', { command: ['tail', '-f'], stdout: sink }))

      expect(error).toBeInstanceOf(Error)
      await session().closed
    })

    it('none is written to after the call has ended', async () => {
      const [written, write] = gate()
      let calls = 0
      server.onSession(({ ws, socket }) => {
        for (const part of ['a', 'b']) ws.send(onChannel(1, part))
        ws.send(onChannel(1, 'c'), () => socket.end())
      })
      const stdout = async (): Promise<void> => {
        calls += 1
        await written
      }

      await expect(exec(client, 'web-0', { command: ['x'], stdout })).rejects.toMatchObject({ code: 'KUBE_TRANSPORT' })
      write()
      await new Promise((resolve) => setImmediate(resolve))

      expect(calls).toBe(1)
    })

    it('a web stream that was closed before ends a command that would go on', async () => {
      server.onSession(({ ws }) => ws.send(onChannel(1, 'a')))
      const stdout = new WritableStream<Uint8Array>()
      await stdout.close()

      expect(await caught(exec(client, 'web-0', { command: ['tail', '-f'], stdout }))).toBeInstanceOf(TypeError)
      await session().closed
    })

    it('a web stream for both is refused before any I/O, and free again, as the signal is', async () => {
      const both = new WritableStream<Uint8Array>()
      const { signal } = new AbortController()
      const { added, removed } = countListeners(signal)

      const running = exec(client, 'web-0', { command: ['x'], stdout: both, stderr: both, signal })

      await expect(running).rejects.toMatchObject({ code: 'KUBE_INVALID_REQUEST' })
      expect(both.locked).toBe(false)
      expect(removed()).toBe(added())
      expect(server.connections.size).toBe(0)
    })

    it('a web stream is free again when the server refuses', async () => {
      server.refuse('HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\nconnection: close\r\n\r\n')
      const sink = new WritableStream<Uint8Array>()

      await expect(exec(client, 'web-0', { command: ['x'], stdout: sink })).rejects.toMatchObject({ code: 'KUBE_API' })

      expect(sink.locked).toBe(false)
    })

    it('a slow one slows the server down, and does not hold up the other channel', async () => {
      let sent = 0
      const enough = new AbortController()
      const [go, goOn] = gate()
      server.onSession(async (opened) => {
        opened.ws.send(onChannel(1, 'first'))
        opened.ws.send(onChannel(2, 'heard'))
        while (!enough.signal.aborted && sent < 4096) {
          await new Promise<void>((resolve) => opened.ws.send(onChannel(1, new Uint8Array(65_536)), () => resolve()))
          sent += 1
        }
        finish(opened)
      })
      let got = 0
      const [heard, hear] = gate()
      const running = exec(client, 'web-0', {
        command: ['x'],
        stdout: async (chunk) => {
          await go
          got += chunk.length
        },
        stderr: () => hear(),
      })

      await heard
      await settled(() => sent)
      const whileBlocked = sent
      enough.abort()
      goOn()
      await running

      expect(whileBlocked).toBeLessThan(1024) // 64 MiB: the sockets of the system have their own room
      expect(got).toBe(5 + sent * 65_536)
    })
  })

  describe('signal', () => {
    const reason = new Error('enough')

    it('aborted before: nothing is opened', async () => {
      expect(await caught(exec(client, 'p', { command: ['x'], signal: AbortSignal.abort(reason) }))).toBe(reason)
      expect(server.sessions).toHaveLength(0)
    })

    it.each([
      ['while the command is silent', {}],
      ['while stdin waits', { stdin: new PassThrough() }],
    ])('aborted %s: at once with the reason, and nothing stays', async (_case, options) => {
      const abort = new AbortController()
      server.onSession(({ ws }) => {
        ws.send(onChannel(1, 'x'))
        setImmediate(() => abort.abort(reason))
      })

      expect(await caught(exec(client, 'p', { command: ['x'], signal: abort.signal, ...options }))).toBe(reason)
      await session().closed
    })

    it.each([
      ['with more to come', ({ ws }: Session) => ws.send(onChannel(1, new Uint8Array(3_000_000)))],
      ['though the command has ended', (opened: Session) => finish(opened)],
    ])('aborted while a sink never answers, %s: at once with the reason', async (_case, goOn) => {
      const abort = new AbortController()
      server.onSession((opened) => {
        opened.ws.send(onChannel(1, 'x'))
        goOn(opened)
      })
      const stdout = (): Promise<void> => {
        setTimeout(() => abort.abort(reason), 50) // when what has come is waiting
        return new Promise<void>(() => undefined)
      }

      expect(await caught(exec(client, 'p', { command: ['x'], signal: abort.signal, stdout }))).toBe(reason)
      await session().closed
    })

    it('aborted afterwards: nothing happens, and the signal keeps no listener', async () => {
      server.onSession((opened) => finish(opened))
      const abort = new AbortController()
      const { added, removed } = countListeners(abort.signal)

      await exec(client, 'p', { command: ['x'], signal: abort.signal })

      expect(added()).toBeGreaterThan(0)
      expect(removed()).toBe(added())
      abort.abort(reason)
    })

    it('client.close() ends it', async () => {
      server.onSession(() => void client.close())

      await expect(exec(client, 'p', { command: ['x'] })).rejects.toMatchObject({ code: 'KUBE_TRANSPORT' })
    })
  })

  it('a terminal: one output, sizes as they change', async () => {
    const sizes: string[] = []
    server.onSession(async (opened) => {
      for await (const { channel, payload } of received(opened)) {
        if (channel === 4) sizes.push(payload.toString())
        if (sizes.length === 2) finish(opened)
      }
    })
    const resize = (async function* () {
      yield { width: 80, height: 24 }
      yield { width: 91, height: 21 }
    })()

    await exec(client, 'p', { command: ['top'], tty: true, resize })

    expect(sizes).toEqual(['{"Width":80,"Height":24}', '{"Width":91,"Height":21}'])
    expect(session().url.searchParams.get('stderr')).toBe('false')
    expect(session().url.searchParams.get('tty')).toBe('true')
  })

  it('attach asks for no command', async () => {
    server.onSession((opened) => {
      opened.ws.send(onChannel(1, 'line'))
      finish(opened)
    })

    const { stdout } = await attach(client, { metadata: { name: 'db-0', namespace: 'prod' } })

    expect(stdout).toBe('line')
    expect(session().url.pathname).toBe('/api/v1/namespaces/prod/pods/db-0/attach')
    expect(session().url.searchParams.has('command')).toBe(false)
  })

  it.each([
    ['no command', { command: [] }],
    ['sizes without a terminal', { command: ['x'], resize: each() as never }],
    ['stderr of a terminal', { command: ['x'], tty: true, stderr: () => undefined }],
    ['a command that is no list', { command: 'ls /' as never }],
    ['stdin that cannot be read', { command: ['x'], stdin: ['a'] as never }],
    ['stdin that is null', { command: ['x'], stdin: null as never }],
    ['stdin that somebody else reads', { command: ['x'], stdin: lockedStream() }],
    ['sizes that cannot be read', { command: ['x'], tty: true, resize: [] as never }],
    ['stdout that is none', { command: ['x'], stdout: {} as never }],
    ['stdout that is null', { command: ['x'], stdout: null as never }],
    ['a limit that is none', { command: ['x'], maxCollectedBytes: Number.NaN }],
    ['nothing to carry', { command: ['x'], stdout: false, stderr: false } as const],
    ['a namespace that is another', { command: ['x'], namespace: 'other' }],
  ])('%s is refused before any I/O', async (_case, options) => {
    const pod = { metadata: { name: 'p', namespace: 'default' } }

    await expect(exec(client, pod, options)).rejects.toMatchObject({ code: 'KUBE_INVALID_REQUEST' })
    expect(server.connections.size).toBe(0)
  })

  it.each([undefined, null, {}])('the pod %j is refused before any I/O', async (pod) => {
    await expect(exec(client, pod as never, { command: ['x'] })).rejects.toMatchObject({ code: 'KUBE_INVALID_REQUEST' })
    expect(server.connections.size).toBe(0)
  })

  it.each(['', '.', '..', 'a/b', 'a%2fb', 'a\nb'])('the name %j is refused before any I/O', async (name) => {
    await expect(exec(client, name, { command: ['x'] })).rejects.toMatchObject({ code: 'KUBE_INVALID_REQUEST' })
    expect(server.connections.size).toBe(0)
  })

  it('a thousand in a row leave no growth', async () => {
    server.onSession((opened) => {
      opened.ws.send(onChannel(1, 'out'))
      finish(opened)
    })
    const abort = new AbortController()
    const { added, removed } = countListeners(abort.signal)
    const run = (): Promise<unknown> => exec(client, 'p', { command: ['x'], stdin: 'in', signal: abort.signal })
    for (let n = 0; n < 20; n += 1) await run()
    await settled(() => server.connections.size)
    const before = { resources: activeResources(), connections: server.connections.size }

    for (let n = 0; n < 1000; n += 1) await run()
    await settled(() => server.connections.size)

    expect(server.sessions).toHaveLength(1020)
    expect(server.connections.size).toBe(before.connections)
    expect(activeResources()).toBeLessThanOrEqual(before.resources + 1) // the runner has timers of its own
    expect(removed()).toBe(added())
  }, 60_000)
})

function threeChunks(opened: Session): void {
  for (const part of ['a', 'b', 'c']) opened.ws.send(onChannel(1, part))
  finish(opened)
}

function activeResources(): number {
  return process.getActiveResourcesInfo().length
}

async function* each<T>(...values: T[]): AsyncGenerator<T, void> {
  yield* values
}

function raise(message: string): never {
  throw new Error(message)
}

function lockedStream(): ReadableStream<Uint8Array> {
  const stream = new ReadableStream<Uint8Array>()
  stream.getReader()
  return stream
}

/** A frame as a server sends it, shorter than 126 bytes or not. */
function frame(payload: Uint8Array): Buffer {
  const head = payload.length < 126 ? [0x82, payload.length] : [0x82, 126, payload.length >> 8, payload.length & 0xff]
  return Buffer.concat([Buffer.from(head), payload])
}

function gate(): [promise: Promise<void>, open: () => void] {
  const { promise, resolve } = Promise.withResolvers<void>()
  return [promise, resolve]
}
