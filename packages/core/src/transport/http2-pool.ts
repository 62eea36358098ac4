import type { Socket } from 'node:net'
import type { KubeRequest } from '../spec/request.ts'
import type { Dispatcher, ExchangeHandler } from './exchange-handler.ts'
import { Http2Connection, type Http2Times } from './http2-connection.ts'
import type { Http2Job } from './http2-exchange.ts'
import { codedError } from './transport-error.ts'

/** Attempts that a server may refuse by GOAWAY or REFUSED_STREAM before it counts as a failure. */
const maxRefusals = 3

export interface Http2PoolOptions {
  readonly server: URL
  /** A connection that speaks HTTP/2; `undefined`: the server speaks HTTP/1.1 only. */
  readonly open: () => Promise<Socket | undefined>
  readonly maxConnections: number
  /** Milliseconds. */
  readonly connectMs: number
  /** Milliseconds. */
  readonly responseMs: number
  readonly times: Http2Times
  /** Where requests go when the server speaks HTTP/1.1 only. */
  readonly http1: Dispatcher['dispatch']
}

/** As many connections as the requests in flight need: another is opened when all streams of the present ones are taken. */
export class Http2Pool {
  readonly #options: Http2PoolOptions
  readonly #connections = new Set<Http2Connection>()
  readonly #drained = Promise.withResolvers<void>()
  #waiting: Http2Job[] = []
  #opening = false
  /** Set once: no further request is taken. */
  #closing: { readonly reason: Error | undefined } | undefined

  constructor(options: Http2PoolOptions) {
    this.#options = options
  }

  dispatch(request: KubeRequest, handler: ExchangeHandler): void {
    if (this.#closing === undefined) this.#enqueue({ request, handler, refusals: 0 })
    else handler.onResponseError(null, this.#closing.reason ?? new Error('the client is closed'))
  }

  /** Without a reason when all has ended, what waits included; with one at once. */
  async close(reason: Error | undefined): Promise<void> {
    this.#closing = { reason }
    if (reason !== undefined) {
      this.#failWaiting(reason)
      for (const connection of this.#connections) connection.destroy(reason)
    }
    this.#settle()
    await this.#drained.promise
  }

  #enqueue(job: Http2Job): void {
    this.#waiting.push(job)
    this.#settle()
  }

  /** After every change: gives streams to what waits, opens another connection if there are too few, and ends if it is time. */
  #settle(): void {
    for (const connection of this.#connections) {
      if (connection.ended) this.#connections.delete(connection)
      else this.#fill(connection)
    }
    if (this.#waiting.length > 0) void this.#grow()
    else if (this.#closing !== undefined) this.#drain()
  }

  #fill(connection: Http2Connection): void {
    while (connection.hasRoom) {
      const job = this.#waiting.shift()
      if (job === undefined) return
      try {
        connection.start(job)
      } catch (error) {
        job.handler.onResponseError(null, asError(error)) // a header that HTTP/2 does not know
      }
    }
  }

  async #grow(): Promise<void> {
    const usable = [...this.#connections].filter(({ retired }) => !retired)
    if (this.#opening || usable.length >= this.#options.maxConnections) return
    this.#opening = true
    try {
      await this.#open()
    } catch (error) {
      this.#failWaiting(asError(error))
    }
    this.#opening = false
    this.#settle()
  }

  async #open(): Promise<void> {
    const { open, http1, connectMs, ...options } = this.#options
    const socket = await open()
    if (socket === undefined) {
      for (const { request, handler } of this.#waiting.splice(0)) http1(request, handler)
      return
    }
    const connection = new Http2Connection(socket, {
      ...options,
      onChange: () => this.#settle(),
      onRefused: (job) => this.#again(job),
    })
    this.#connections.add(connection)
    if (this.#closing?.reason !== undefined) connection.destroy(this.#closing.reason)
    await connection.ready(connectMs)
    if (connection.hasRoom || connection.busy) return
    connection.destroy()
    throw codedError('HTTP2_CLOSED', 'the server allows no stream on a new HTTP/2 connection')
  }

  #again(job: Http2Job): void {
    job.refusals += 1
    if (job.refusals < maxRefusals && this.#closing?.reason === undefined) this.#enqueue(job)
    else job.handler.onResponseError(null, codedError('HTTP2_RESET', 'the server refuses to look at the request'))
  }

  #failWaiting(reason: Error): void {
    for (const { handler } of this.#waiting.splice(0)) handler.onResponseError(null, reason)
  }

  #drain(): void {
    for (const connection of this.#connections) if (!connection.busy) connection.destroy()
    const free = !this.#opening || this.#closing?.reason !== undefined
    if (this.#connections.size === 0 && free) this.#drained.resolve()
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error('it threw what is no Error')
}
