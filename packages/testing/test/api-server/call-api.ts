import { type IncomingMessage, request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import type { ClientConfig } from '@kubeclient/core/spec'

export interface CallOptions {
  body?: unknown
  headers?: Record<string, string>
}

export interface CallResult {
  status: number
  headers: IncomingMessage['headers']
  text: string
  // The tests look into whatever came.
  json: Json
}

/** JSON that a test may look into without narrowing each step. */
export interface Json {
  readonly [name: string]: Json
  readonly [index: number]: Json
}

export type CallApi = (method: string, path: string, options?: CallOptions) => Promise<CallResult>

/** Sends requests to the server of a ClientConfig with plain node:http, and without any client of the project. */
export function apiOf(config: ClientConfig): CallApi {
  return async (method, path, options = {}) => {
    const response = await open(config, method, path, options)
    const body = await text(response)
    return { status: response.statusCode ?? 0, headers: response.headers, text: body, json: parsed(body) }
  }
}

/** The response head, with its body still to read. */
export async function open(
  { server, tls, credentials }: ClientConfig,
  method: string,
  path: string,
  { body, headers = {} }: CallOptions = {},
): Promise<IncomingMessage> {
  const url = `${String(server).replace(/\/$/, '')}${path}`
  const payload = body === undefined || typeof body === 'string' ? body : JSON.stringify(body)
  const token = typeof credentials === 'object' && 'token' in credentials ? credentials.token : undefined
  const send = url.startsWith('https:') ? httpsRequest : httpRequest
  const request = send(url, {
    method,
    agent: false,
    ...(typeof tls?.ca === 'string' && { ca: tls.ca }),
    headers: {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(payload !== undefined && {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(payload),
      }),
      ...headers,
    },
  })
  request.end(payload)
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  return response
}

/** A field of the metadata of a list or an object, which must be a string. */
export function metadataText({ json }: CallResult, field: string): string {
  const value: unknown = json['metadata']?.[field]
  if (typeof value !== 'string') throw new TypeError(`metadata.${field} is ${typeof value}`)
  return value
}

function parsed(body: string): Json {
  try {
    return JSON.parse(body) as Json
  } catch {
    return {}
  }
}

export const mergePatchType = { 'content-type': 'application/merge-patch+json' }
export const jsonPatchType = { 'content-type': 'application/json-patch+json' }
export const applyType = { 'content-type': 'application/apply-patch+yaml' }
