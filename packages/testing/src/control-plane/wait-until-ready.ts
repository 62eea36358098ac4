import { Agent, request } from 'node:https'
import { setTimeout as delay } from 'node:timers/promises'
import type { ClientCertificate } from '@kubeclient/core/spec'

export interface ReadyOptions {
  readonly port: number
  /** PEM. */
  readonly ca: string
  readonly admin: ClientCertificate
  /** Ends the wait, which rejects then. */
  readonly signal: AbortSignal
}

interface Answer {
  readonly status: number
  readonly body: string
}

/** Asks every 100 ms until the API server is ready, has its default namespace, and knows all that it serves. */
export async function waitUntilReady({ port, ca, admin, signal }: ReadyOptions): Promise<void> {
  const agent = new Agent({ keepAlive: true, ca, ...admin })
  const get = (path: string): Promise<Answer> => ask(path, { port, agent, signal })
  try {
    while (!(await isReady(get))) await delay(100, undefined, { signal })
  } finally {
    agent.destroy()
  }
}

async function isReady(get: (path: string) => Promise<Answer>): Promise<boolean> {
  try {
    for (const path of ['/readyz', '/api/v1/namespaces/default']) {
      if ((await get(path)).status !== 200) return false
    }
    return isComplete(JSON.parse((await get('/apis')).body))
  } catch {
    // Refused, reset, half an answer: not ready. When the signal ends the wait, the delay after this rejects.
    return false
  }
}

/** No group version is marked stale. Servers without aggregated discovery mark none. */
function isComplete(discovery: { items?: { versions?: { freshness?: string }[] }[] }): boolean {
  const versions = (discovery.items ?? []).flatMap((group) => group.versions ?? [])
  return versions.every(({ freshness }) => freshness !== 'Stale')
}

const accept = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json'

function ask(
  path: string,
  { port, agent, signal }: { port: number; agent: Agent; signal: AbortSignal },
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, path, agent, signal, timeout: 5000, headers: { accept } })
    sent.once('timeout', () => sent.destroy(new Error('no answer')))
    sent.once('error', reject)
    sent.once('response', (response) => {
      let body = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => (body += chunk))
      response.once('error', reject)
      response.once('end', () => {
        resolve({ status: response.statusCode ?? 0, body })
      })
    })
    sent.end()
  })
}
