import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, it } from 'vitest'
import { createClient, type KubeObject, type ResourceDescriptor, type TransportFactory } from '../../src/index.ts'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void // what the flag brings

const total = 100_000
const pod: ResourceDescriptor<KubeObject> = { apiVersion: 'v1', kind: 'Pod', resource: 'pods', namespaced: true }

/** A collection of a hundred thousand objects, in pages as the client asks for them. */
const endless: TransportFactory = () => ({
  async send({ query }) {
    const { limit, continue: from = '0' } = Object.fromEntries(query)
    const start = Number(from)
    const end = Math.min(total, start + Number(limit))
    const items = Array.from({ length: end - start }, (_, n) => ({
      metadata: { name: `p-${start + n}`, uid: `${start + n}` },
    }))
    const list = { apiVersion: 'v1', kind: 'PodList', metadata: { continue: end < total ? String(end) : '' }, items }
    const body = (async function* () {
      yield new TextEncoder().encode(JSON.stringify(list))
    })()
    return { status: 200, headers: { 'content-type': 'application/json' }, body, cancel: () => undefined }
  },
  close: async () => undefined,
})

it('items() of a hundred thousand objects keeps no more than a page of them', async () => {
  await using client = createClient({ server: 'https://k', transport: endless })
  const sample: WeakRef<object>[] = []
  const alive: number[] = []
  let seen = 0
  for await (const item of client.resource(pod).items()) {
    if (seen % 100 === 0) sample.push(new WeakRef(item))
    seen += 1
    if (seen % 25_000 === 0) {
      await new Promise((resolve) => setImmediate(resolve)) // weak references live to the end of their turn
      collectGarbage()
      alive.push(sample.filter((ref) => ref.deref() !== undefined).length)
    }
  }
  expect(seen).toBe(total)
  expect(alive).toHaveLength(4)
  expect(Math.max(...alive)).toBeLessThanOrEqual(10) // of the page of 500 that is being read, and of the one before
})
