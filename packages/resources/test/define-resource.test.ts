import { createClient, type KubeObject } from '@kubeclient/core'
import { startApiServer } from '@kubeclient/testing'
import { describe, expect, it } from 'vitest'
import { defineResource } from '../src/index.ts'

interface Widget extends KubeObject {
  apiVersion?: 'example.com/v1'
  kind?: 'Widget'
  spec: { size: number }
}

const Widget = defineResource<Widget>({
  apiVersion: 'example.com/v1',
  kind: 'Widget',
  resource: 'widgets',
  namespaced: true,
})

describe('defineResource', () => {
  it('makes a descriptor of a hand-written type, which needs no discovery', async () => {
    await using server = await startApiServer({ customResources: [Widget] })
    await using client = createClient(server.config)

    const created = await client.resource(Widget).create({ metadata: { name: 'a' }, spec: { size: 1 } })

    expect(created).toMatchObject({ apiVersion: 'example.com/v1', kind: 'Widget', spec: { size: 1 } })
    expect(server.requests.map(({ path }) => path)).toEqual(['/apis/example.com/v1/namespaces/default/widgets'])
  })
})
