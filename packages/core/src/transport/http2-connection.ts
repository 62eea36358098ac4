import { type ClientHttp2Session, connect } from 'node:http2'
import type { Socket } from 'node:net'
import { Http2Exchange, type Http2Job } from './http2-exchange.ts'
import { codedError } from './transport-error.ts'

/** Streams that we open on one connection, whatever the server allows: as many as are lost with it. */
const maxStreams = 100
/** Stream numbers end at 2³⁰: a connection is replaced long before. */
const maxExchanges = 1_000_000
/** Bytes on their way that nobody has read: of one paused stream, and of all streams together. */
const streamWindow = 1 << 20
const connectionWindow = 16 << 20
/** Megabytes. Node's own limit is 10, beyond which it resets streams: of fifty writes of 1 MB at once, forty. */
const maxSessionMemory = 1024

/** Milliseconds. */
export interface Http2Times {
  /** Without a byte from the server: a PING asks whether it is there. */
  readonly quietMs: number
  /** Without a byte after that PING: the connection is dead. */
  readonly answerMs: number
  /** Without an exchange: the connection is closed. */
  readonly idleMs: number
}

export interface Http2ConnectionOptions {
  readonly server: URL
  /** Milliseconds. */
  readonly responseMs: number
  readonly times: Http2Times
  /** A stream is free, or the connection takes no more, or it has ended. */
  readonly onChange: () => void
  readonly onRefused: (job: Http2Job) => void
}

/** One HTTP/2 connection. It finds out when the other end has gone without a word, for which TCP needs a quarter of an hour. */
export class Http2Connection {
  readonly #socket: Socket
  readonly #options: Http2ConnectionOptions
  readonly #session: ClientHttp2Session
  #allowed = 0
  #running = 0
  #exchanges = 0
  #dismissed = false
  #quiet: NodeJS.Timeout | undefined
  #idle: NodeJS.Timeout | undefined

  constructor(socket: Socket, options: Http2ConnectionOptions) {
    this.#socket = socket
    this.#options = options
    this.#session = connect(options.server, {
      createConnection: () => socket,
      maxSessionMemory,
      settings: { enablePush: false, initialWindowSize: streamWindow },
    })
    this.#session.on('error', () => undefined) // reported by each stream
    this.#session.on('remoteSettings', ({ maxConcurrentStreams = maxStreams }) => {
      this.#allowed = Math.min(maxConcurrentStreams, maxStreams)
      options.onChange()
    })
    this.#session.on('goaway', () => {
      this.#dismissed = true
      options.onChange()
    })
    this.#session.once('close', () => {
      clearTimeout(this.#quiet)
      clearTimeout(this.#idle)
      options.onChange()
    })
  }

  /** Resolves when the server has said how many streams it allows. */
  async ready(withinMs: number): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const early = (): void => reject(codedError('HTTP2_CLOSED', 'the server closed the connection at its beginning'))
    const late = setTimeout(() => this.destroy(codedError('CONNECT_TIMEOUT', 'no settings in time')), withinMs)
    this.#session
      .once('remoteSettings', () => resolve())
      .once('error', reject)
      .once('close', early)
    await promise.finally(() => clearTimeout(late))
    this.#session.setLocalWindowSize(connectionWindow)
    this.#listen()
    if (!this.busy) this.#rest()
  }

  /** Of no use for another exchange, now and later. */
  get retired(): boolean {
    return this.#dismissed || this.#session.closed || this.#session.destroyed || this.#exchanges >= maxExchanges
  }

  get ended(): boolean {
    return this.#session.destroyed
  }

  get busy(): boolean {
    return this.#running > 0
  }

  get hasRoom(): boolean {
    return !this.retired && this.#running < this.#allowed
  }

  /** @throws for a header that HTTP/2 does not know. */
  start(job: Http2Job): void {
    const { server, responseMs, onRefused, onChange } = this.#options
    const onClose = (): void => {
      this.#running -= 1
      if (this.#running === 0) this.#rest()
      onChange()
    }
    const options = { server, responseMs, onClose, onRefused: () => onRefused(job) }
    const exchange = new Http2Exchange(this.#session, job, options)
    this.#exchanges += 1
    this.#running += 1
    clearTimeout(this.#idle)
    this.#session.ref()
    exchange.begin()
  }

  destroy(reason?: Error): void {
    this.#session.destroy(reason)
    this.#socket.destroy()
  }

  /** Without an exchange it keeps no process alive, and not itself for long. */
  #rest(): void {
    if (this.#session.destroyed) return
    this.#session.unref()
    this.#idle = setTimeout(() => this.#session.close(), this.#options.times.idleMs).unref()
  }

  #listen(): void {
    const { bytesRead } = this.#socket
    this.#quiet = setTimeout(() => {
      if (this.#socket.bytesRead === bytesRead) this.#ask()
      else this.#listen()
    }, this.#options.times.quietMs).unref()
  }

  #ask(): void {
    if (this.#session.closed) return // it sends no PING any more: whoever reads its last streams has limits of his own
    const { bytesRead } = this.#socket
    const { quietMs, answerMs } = this.#options.times
    const late = setTimeout(() => {
      // After what the socket holds has been read: this process may have been asleep.
      setImmediate(() => {
        if (this.#socket.bytesRead !== bytesRead) this.#listen()
        else this.destroy(codedError('HTTP2_CLOSED', `the connection is dead: not a byte for ${quietMs + answerMs} ms`))
      })
    }, answerMs).unref()
    this.#quiet = late
    this.#session.ping((error) => {
      if (error !== null) return // the connection is about to end, or is being closed
      clearTimeout(late)
      this.#listen()
    })
  }
}
