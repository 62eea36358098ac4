import { createClient, type Middleware } from '@kubeclient/core'
import { startApiServer } from '@kubeclient/testing'
import { expect, it } from 'vitest'
import { followPods } from '../../../examples/watch-pods/follow-pods.ts'

const pod = (name: string) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name },
  spec: { containers: [{ name: 'main', image: 'nginx' }] },
})

it('the example finds out what happened while the server forgot where it was', async () => {
  const server = await startApiServer({ objects: [pod('stays'), pod('goes')] })
  const admin = createClient(server.config)
  let watches = 0
  const middleware: Middleware = async (request, next) => {
    if (request.operation?.verb === 'watch') watches += 1
    if (request.operation?.verb === 'watch' && watches === 2) {
      await admin.delete({ ...pod('goes'), metadata: { name: 'goes' } }, { gracePeriodSeconds: 0 })
      await admin.create(pod('comes'))
      server.compact()
    }
    return next(request)
  }
  const client = createClient({ ...server.config, middleware: [middleware] })
  try {
    const seen: string[] = []
    for await (const { type, object } of followPods(client, {})) {
      seen.push(`${type} ${object.metadata.name}`)
      if (seen.length === 2) {
        await admin.create(pod('first')) // seen by the watch, which is then lost
      }
      if (seen.length === 3) server.dropWatches()
      if (seen.length === 5) break
    }
    expect(seen.slice(0, 2).toSorted()).toEqual(['ADDED goes', 'ADDED stays'])
    expect(seen.slice(2)).toEqual(['ADDED first', 'DELETED goes', 'ADDED comes'])
    expect(watches).toBe(2)
  } finally {
    await Promise.all([client.close(), admin.close()])
    await server.stop()
  }
})
