import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Answer, Backend } from './backend.ts'
import { readBody } from './read-body.ts'
import { recordedRequest, type RecordedRequest } from './recorded-request.ts'
import { resolveTarget } from './resolve-target.ts'
import { serveDiscovery, type DiscoveryOptions } from './serve-discovery.ts'
import { serveResource } from './serve-resource.ts'
import type { ServedRequest } from './served-request.ts'
import { StatusFailure, unauthorized } from './status-failure.ts'
import { failureAnswer, writeAnswer } from './write-answer.ts'

export interface RequestHandlerOptions {
  readonly backend: Backend
  readonly discovery: () => DiscoveryOptions
  /** The only credential there is. */
  readonly token: string
  /** Called before the answer. */
  readonly record: (request: RecordedRequest) => void
  /** Aborted when all watches are to end. Asked for each watch. */
  readonly watchSignal: () => AbortSignal
}

export type RequestHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void>

/** From a request on the wire to its answer. Never rejects. */
export function createRequestHandler(options: RequestHandlerOptions): RequestHandler {
  return async (request, response) => {
    // A client that is gone is no failure of the server; whoever writes sees that the response is destroyed.
    response.on('error', () => {})
    try {
      const answer = await answerOf(request, response, options)
      if (answer !== undefined) writeAnswer(request, response, answer)
    } catch (error) {
      answerFailure(request, response, error)
    }
  }
}

async function answerOf(
  request: IncomingMessage,
  response: ServerResponse,
  { backend, discovery, token, record, watchSignal }: RequestHandlerOptions,
): Promise<Answer | undefined> {
  const [method, url] = [request.method ?? 'GET', urlOf(request)]
  const { headers } = request
  let body = ''
  try {
    body = await readBody(request)
  } finally {
    record(recordedRequest({ method, url, headers, body }))
  }
  if (headers.authorization !== `Bearer ${token}`) throw unauthorized()

  const served: ServedRequest = { method, path: url.pathname, query: url.searchParams, headers, body }
  const simple = serveDiscovery(served, backend.catalogue, discovery())
  if (simple !== undefined) return simple
  const target = resolveTarget(url.pathname, backend.catalogue)
  if (target === undefined) return { status: 404, body: '404 page not found\n' }
  return serveResource(backend, target, served, { response, signal: watchSignal() })
}

/** The base only completes what the request line says: no host is looked at. */
function urlOf({ url = '/' }: IncomingMessage): URL {
  return new URL(url.replace(/^\/+/, '/'), 'http://localhost')
}

function answerFailure(request: IncomingMessage, response: ServerResponse, error: unknown): void {
  // The client has left, or the answer is half sent: there is nobody to tell.
  if (response.headersSent || response.destroyed) {
    response.destroy()
    return
  }
  if (!request.complete) response.setHeader('connection', 'close')
  const message = error instanceof Error ? error.message : 'unknown error'
  const failure =
    error instanceof StatusFailure
      ? error
      : new StatusFailure(500, 'InternalError', `the in-memory API server failed: ${message}`)
  writeAnswer(request, response, failureAnswer(failure))
}
