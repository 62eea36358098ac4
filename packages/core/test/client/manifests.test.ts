import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Client, createClient, type NamedManifest, type ObjectRef } from '../../src/index.ts'
import { caught, kubeError } from '../support/caught.ts'
import { legacyServer } from '../support/legacy-discovery.ts'
import { storedPod } from '../support/kinds.ts'
import { json, useServer } from '../support/scripted-server.ts'

const api = useServer()
let client: Client
beforeEach(() => {
  legacyServer(api)
  client = createClient({ server: api.url, namespace: 'mine', retry: false })
})
afterEach(() => client.close())

const discoveryPaths = new Set(['/api', '/apis', '/api/v1', '/apis/apps/v1'])
const calls = (): string[] => api.requests.map(({ target }) => target).filter((target) => !discoveryPaths.has(target))

describe('whole manifests', () => {
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web', namespace: 'own' } }

  it('go where they say, with each verb', async () => {
    const answer = json(storedPod('web'))
    const path = '/api/v1/namespaces/own/pods'
    api.reply(`GET ${path}/web`, answer)
    api.reply(`POST ${path}?fieldManager=kubeclient`, answer)
    api.reply(`PUT ${path}/web?fieldManager=kubeclient`, answer)
    api.reply(`PATCH ${path}/web?fieldManager=kubeclient`, answer)
    api.reply(`DELETE ${path}/web`, answer)
    await client.get(pod)
    await client.create(pod)
    await client.replace(pod)
    await client.apply(pod)
    await client.delete(pod)
    expect(calls()).toHaveLength(5)
  })

  it("without a namespace go to the client's", async () => {
    api.reply('GET /api/v1/namespaces/mine/pods/web', json(storedPod('web')))
    api.reply('POST /apis/apps/v1/namespaces/mine/deployments?fieldManager=kubeclient', json({}))
    await client.get({ ...pod, metadata: { name: 'web' } })
    await client.create({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' } })
    expect(calls()).toHaveLength(2)
  })

  it('of a cluster-scoped kind lose a stray namespace', async () => {
    const node = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'n1', namespace: 'stray' } }
    api.reply('GET /api/v1/nodes/n1', json({}))
    api.reply('PATCH /api/v1/nodes/n1?fieldManager=kubeclient', json({}))
    await client.get(node)
    await client.apply(node)
    expect(calls()).toHaveLength(2)
  })

  it.each<[string, () => Promise<unknown>]>([
    ['get', () => client.get(pod, { namespace: 'other' })],
    ['delete', () => client.delete(pod, { namespace: 'other' })],
    ['create', () => client.create(pod, { namespace: 'other' })],
    ['replace', () => client.replace(pod, { namespace: 'other' })],
    ['apply', () => client.apply(pod, { namespace: 'other' })],
  ])('%s with another namespace than the manifest is refused', async (_, call) => {
    const error = await kubeError('KUBE_INVALID_REQUEST', call)
    expect(error.message).toBe('Pod "web" has the namespace "own", and the call names "other"')
    expect(calls()).toEqual([])
  })

  it.each<unknown>([
    null,
    undefined,
    {},
    { apiVersion: 'v1' },
    { kind: 'Pod', metadata: { name: 'a' } },
    { apiVersion: '', kind: 'Pod', metadata: { name: 'a' } },
    { apiVersion: 'v1', kind: 'Pod' },
    { apiVersion: 'v1', kind: 'Pod', metadata: null },
    { apiVersion: 'v1', kind: 'Pod', metadata: {} },
    { apiVersion: 'v1', kind: 'Pod', metadata: { name: '' } },
    { apiVersion: 'v1', kind: 'Pod', metadata: { name: '../nodes/n1' } },
    [],
    'v1 Pod',
  ])('%j names no object, and is refused by get, delete, replace and apply', async (manifest) => {
    const wrong = manifest as ObjectRef // what a program without types can pass
    const attempts = [
      () => client.get(wrong),
      () => client.delete(wrong),
      () => client.replace(manifest as NamedManifest), // as above
      () => client.apply(manifest as NamedManifest), // as above
    ]
    for (const call of attempts) {
      expect(await caught(call)).toMatchObject({ code: 'KUBE_INVALID_REQUEST' })
    }
    expect(calls()).toEqual([])
  })

  it('of a kind that is not served are a NoMatchError', async () => {
    const error = await kubeError('KUBE_NO_MATCH', client.create({ apiVersion: 'v1', kind: 'Widget', metadata: {} }))
    expect(error.ref).toBe('v1 Widget')
  })
})
