import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { request } from 'node:https'
import { text } from 'node:stream/consumers'
import type { ClientConfig } from '@kubeclient/core/spec'

export interface Answer {
  readonly status: number | undefined
  // The tests name the fields that they read.
  readonly body: Record<string, unknown>
}

/** One request with the credentials of a configuration, by Node's own client. */
export async function ask(config: ClientConfig, path: string, body?: object): Promise<Answer> {
  const response = await open(config, path, body)
  const answered = await text(response)
  return { status: response.statusCode, body: answered.startsWith('{') ? JSON.parse(answered) : { answered } }
}

/** As {@link ask}, with the answer still under way. */
export async function open(config: ClientConfig, path: string, body?: object): Promise<IncomingMessage> {
  const { ca } = config.tls ?? {}
  const { credentials } = config
  if (typeof ca !== 'string' || typeof credentials !== 'object' || 'getCredentials' in credentials) {
    throw new Error('a control plane has its own CA and plain credentials')
  }
  const { token, clientCertificate } = credentials
  const headers = {
    'content-type': 'application/json',
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
  }
  const method = body === undefined ? 'GET' : 'POST'
  const sent = request(new URL(path, config.server), { ca, ...clientCertificate, agent: false, method, headers })
  sent.end(body === undefined ? undefined : JSON.stringify(body))
  // The event of a client's request brings one IncomingMessage.
  const [response] = (await once(sent, 'response')) as [IncomingMessage]
  return response
}
