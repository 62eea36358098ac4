import { env } from 'node:process'
import { createClient } from '@kubeclient/core'
import { ConfigMap } from '@kubeclient/resources/core/v1'
import { startControlPlane } from '@kubeclient/testing'
import { describe, expect, it } from 'vitest'
import { followPods } from '../../../examples/watch-pods/follow-pods.ts'
import { hasControlPlane } from '../src/servers.ts'

const pod = (name: string) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name },
  spec: { containers: [{ name: 'main', image: 'nginx' }] },
})

describe.runIf(hasControlPlane(env))('when kube-apiserver is restarted', { timeout: 120_000 }, () => {
  it('a watch goes on, and has what happened before, since and after', async () => {
    // A cache that begins with the restart would not have the version any more.
    await using controlPlane = await startControlPlane({ apiServerArgs: ['--watch-cache=false'] })
    await using client = createClient(controlPlane.config)
    const configMaps = client.resource(ConfigMap)
    const { resourceVersion } = (await configMaps.list()).metadata
    const events = configMaps.watch({ resourceVersion })[Symbol.asyncIterator]()
    const next = async (): Promise<string> => {
      const { value } = await events.next()
      return `${value?.type} ${value?.object.metadata.name}`
    }

    await configMaps.create({ metadata: { name: 'before' } })
    const seen = [await next()]
    const waiting = next()
    await controlPlane.restartApiServer()
    await configMaps.create({ metadata: { name: 'after' } })
    seen.push(await waiting)
    await configMaps.delete('before')
    seen.push(await next())
    await events.return?.()

    expect(seen).toEqual(['ADDED before', 'ADDED after', 'DELETED before'])
  })

  it('the example goes on too, though its version may be forgotten', async () => {
    await using controlPlane = await startControlPlane()
    await using client = createClient(controlPlane.config)
    await client.create(pod('before'))
    const seen: string[] = []
    for await (const { type, object } of followPods(client, {})) {
      seen.push(`${type} ${object.metadata.name}`)
      if (seen.length === 2) break
      await controlPlane.restartApiServer()
      await client.create(pod('after'))
    }

    expect(seen).toEqual(['ADDED before', 'ADDED after'])
  })
})
