import type { IncomingHttpHeaders } from 'node:http'
import type { KubeRequest } from '../spec/request.ts'

/** What an exchange may ask of the connection that it runs on. */
export interface ExchangeControl {
  readonly paused: boolean
  /** Gives the response up, and reports `reason` to the handler. */
  abort(reason: Error): void
  pause(): void
  resume(): void
}

/** One exchange as undici's `dispatch` and our own HTTP/2 connections report it. */
export interface ExchangeHandler {
  onRequestStart(control: ExchangeControl): void
  /** For each 1xx as well. */
  onResponseStart(control: ExchangeControl, status: number, headers: IncomingHttpHeaders): void
  onResponseData(control: ExchangeControl, chunk: Buffer): void
  onResponseEnd(): void
  /** Before {@link onRequestStart} too: the request was given to no connection. */
  onResponseError(control: ExchangeControl | null, error: Error): void
}

/** Connections of one protocol. */
export interface Dispatcher {
  /** Sends a request, and tells its handler about the response. */
  dispatch(this: void, request: KubeRequest, handler: ExchangeHandler): void
  /** Without a reason when everything in flight has ended, with one at once. */
  close(reason: Error | undefined): Promise<void>
}
