import { setTimeout } from 'node:timers/promises'
import type { ClientConfig } from '@kubeclient/core/spec'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startApiServer, startControlPlane, type ApiServer, type ControlPlane } from '../../src/index.ts'
import { apiOf, type CallResult } from './call-api.ts'
import { scripts, widgetDefinition, type Step } from './differential-scripts.ts'

const assets = process.env['KUBEBUILDER_ASSETS']
const timeout = 120_000

describe.runIf(assets)('the in-memory API server answers as kube-apiserver does', { timeout }, () => {
  let memory: ApiServer
  let real: ControlPlane

  beforeAll(async () => {
    ;[memory, real] = await Promise.all([startApiServer(), startControlPlane()])
    // No controller makes the service account without which pods are refused, so each script makes its own.
    await Promise.all([memory.config, real.tokenConfig].map(serveWidgets))
  }, timeout)

  afterAll(async () => {
    await Promise.all([memory.stop(), real.stop()])
  })

  it.each(Object.keys(scripts))('to the script: %s', async (name) => {
    const namespace = `script-${name.replaceAll(' ', '-')}`
    const steps = scripts[name] ?? []

    const [ours, theirs] = await Promise.all(
      [memory.config, real.tokenConfig].map((config) => play(config, namespace, steps)),
    )

    expect(ours).toEqual(theirs)
  })

  it.each(['/api', '/apis'])('with aggregated discovery of %s', async (path) => {
    const headers = { accept: 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList' }

    const [ours, theirs] = await Promise.all(
      [memory.config, real.tokenConfig].map((config) => apiOf(config)('GET', path, { headers })),
    )

    expect(ours?.headers['content-type']).toBe(theirs?.headers['content-type'])
    expect(ours?.json).toEqual(theirs?.json)
  })

  it.each(['/api', '/apis', '/api/v1', '/apis/apps', '/apis/apps/v1', '/apis/autoscaling', '/apis/example.com/v1'])(
    'with the legacy document %s',
    async (path) => {
      const [ours, theirs] = await Promise.all(
        [memory.config, real.tokenConfig].map((config) => apiOf(config)('GET', path)),
      )

      expect(withoutAddresses(ours)).toEqual(withoutAddresses(theirs))
    },
  )
})

async function serveWidgets(config: ClientConfig): Promise<void> {
  const api = apiOf(config)
  await api('POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', { body: widgetDefinition })
  for (const path of ['/apis/example.com/v1', '/apis/example.com/v1beta1']) {
    while ((await api('GET', path)).status !== 200) await setTimeout(50)
  }
}

async function play(config: ClientConfig, namespace: string, steps: readonly Step[]): Promise<unknown[]> {
  const api = apiOf(config)
  await api('POST', '/api/v1/namespaces', { body: { metadata: { name: namespace } } })
  await api('POST', `/api/v1/namespaces/${namespace}/serviceaccounts`, { body: { metadata: { name: 'default' } } })
  const answers: unknown[] = []
  for (const { method, path, body, headers, only } of steps) {
    const [url, sent] = [path, body].map((part) => filledIn(part, namespace))
    const answer = await api(method, String(url), { body: sent, ...(headers && { headers }) })
    answers.push({ step: `${method} ${String(url)}`, sent, ...comparable(answer, only) })
  }
  return answers
}

function filledIn(part: unknown, namespace: string): unknown {
  if (part === undefined) return undefined
  if (typeof part === 'string') return part.replaceAll('{ns}', namespace)
  return JSON.parse(JSON.stringify(part).replaceAll('{ns}', namespace))
}

/** What must be the same: everything but identities, versions and times. */
function comparable({ status, headers, text }: CallResult, only?: readonly string[]): object {
  const type = headers['content-type']
  const whole = parsed(text)
  const body = normalized(typeof whole === 'string' ? whole.trim().split('\n').map(parsed) : whole)
  const picked = only === undefined ? body : Object.fromEntries(only.map((path) => [path, pick(body, path)]))
  return { status, type, retryAfter: headers['retry-after'], body: picked }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

function normalized(value: unknown, name = ''): unknown {
  if (typeof value === 'string') return normalizedText(value, name)
  if (name === 'managedFields') return normalizedManagers(value)
  if (Array.isArray(value)) return value.map((item) => normalized(item))
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([field, item]) => [field, normalized(item, field)])
  return Object.fromEntries(entries)
}

/** Their order follows their times, and a second may have passed on one of the servers. An entry without a time has none on both. */
function normalizedManagers(value: unknown): unknown {
  if (!Array.isArray(value)) return value
  const entries = value.map((entry: Record<string, unknown>) => normalized(entry))
  return entries.toSorted((left, right) => managerKey(left).localeCompare(managerKey(right)))
}

function managerKey(entry: unknown): string {
  return ['manager', 'operation', 'subresource'].map((name) => pick(entry, name)).join()
}

function normalizedText(text: string, name: string): string {
  if (name === 'resourceVersion') return '<version>'
  return text
    .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}/g, '<uid>')
    .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g, '<time>')
    .replace(/current: \d+/, 'current: <version>')
}

function pick(value: unknown, path: string): unknown {
  return path.split('.').reduce((current: unknown, name) => Object(current)[name], value)
}

function withoutAddresses(answer: CallResult | undefined): unknown {
  const hidden = new Set(['storageVersionHash', 'serverAddress'])
  return JSON.parse(answer?.text ?? '{}', (name, value: unknown) => (hidden.has(name) ? undefined : value))
}
