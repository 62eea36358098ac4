import { describe, expect, it } from 'vitest'
import { startApiServer } from '../../src/index.ts'
import { apiOf, mergePatchType } from './call-api.ts'
import { watchLines } from './watch-lines.ts'

const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions'
const widgets = '/apis/example.com/v1/namespaces/default/widgets'
const widget = {
  apiVersion: 'example.com/v1',
  kind: 'Widget',
  metadata: { name: 'w' },
  spec: { replicas: 1, any: { thing: [1] } },
}

const definition = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'widgets.example.com' },
  spec: {
    group: 'example.com',
    scope: 'Namespaced',
    names: { plural: 'widgets', kind: 'Widget', shortNames: ['wd'] },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        subresources: {
          status: {},
          scale: { specReplicasPath: '.spec.replicas', statusReplicasPath: '.status.replicas' },
        },
      },
      { name: 'v1beta1', served: true, storage: false },
      { name: 'v1alpha1', served: false, storage: false },
    ],
  },
}

describe('a CustomResourceDefinition', () => {
  it('is served at once, in each served version, and becomes established', async () => {
    await using server = await startApiServer()
    const api = apiOf(server.config)
    const created = await api('POST', definitions, { body: definition })

    const { json: group } = await api('GET', '/apis/example.com')
    const { json: resources } = await api('GET', '/apis/example.com/v1')

    expect(created.json).toMatchObject({ spec: { names: { singular: 'widget', listKind: 'WidgetList' } } })
    expect(group).toMatchObject({
      versions: [{ version: 'v1' }, { version: 'v1beta1' }],
      preferredVersion: { version: 'v1' },
    })
    expect(resources['resources']).toMatchObject([
      { name: 'widgets', shortNames: ['wd'], kind: 'Widget' },
      { name: 'widgets/status' },
      { name: 'widgets/scale', group: 'autoscaling', version: 'v1', kind: 'Scale' },
    ])
    expect((await api('GET', '/apis/example.com/v1alpha1')).status).toBe(404)
    expect((await api('GET', `${definitions}/widgets.example.com`)).json['status']).toMatchObject({
      conditions: [
        { type: 'NamesAccepted', status: 'True' },
        { type: 'Established', status: 'True' },
      ],
    })
  })

  it('takes its kind and all objects along when it is deleted', async () => {
    await using server = await startApiServer({ objects: [definition, widget] })
    const api = apiOf(server.config)
    await using events = await watchLines(server.config, `${definitions}?watch=1`)
    await using objects = await watchLines(server.config, `${widgets}?watch=1`)

    const { json } = await api('DELETE', `${definitions}/widgets.example.com`)

    expect(json['metadata']).toMatchObject({ finalizers: ['customresourcecleanup.apiextensions.k8s.io'] })
    expect(await events.take(3)).toMatchObject([{ type: 'ADDED' }, { type: 'MODIFIED' }, { type: 'DELETED' }])
    expect(await objects.take(2)).toMatchObject([{ type: 'ADDED' }, { type: 'DELETED' }])
    expect(await api('GET', widgets)).toMatchObject({ status: 404, text: '404 page not found\n' })
  })

  it('must be named after its plural and group', async () => {
    await using server = await startApiServer()

    const { json } = await apiOf(server.config)('POST', definitions, {
      body: { ...definition, metadata: { name: 'foo' } },
    })

    expect(json).toMatchObject({
      code: 422,
      message: expect.stringContaining('must be spec.names.plural+"."+spec.group'),
    })
  })
})

describe('a custom resource', () => {
  it('keeps every field, says what it is in lists, and has a generation', async () => {
    await using server = await startApiServer({ objects: [definition] })
    const api = apiOf(server.config)

    const { json } = await api('POST', widgets, { body: { ...widget, status: { replicas: 5 } } })

    expect(json).toMatchObject({ metadata: { generation: 1 }, spec: { any: { thing: [1] } } })
    expect(json).not.toHaveProperty('status')
    expect((await api('GET', widgets)).json).toMatchObject({
      kind: 'WidgetList',
      metadata: { continue: '' },
      items: [{ apiVersion: 'example.com/v1', kind: 'Widget' }],
    })
    expect((await api('GET', '/apis/example.com/v1beta1/namespaces/default/widgets/w')).json).toMatchObject({
      apiVersion: 'example.com/v1beta1',
      metadata: { name: 'w' },
    })
  })

  it('has status and scale as its definition says', async () => {
    await using server = await startApiServer({ objects: [definition, widget] })
    const api = apiOf(server.config)
    await api('PATCH', `${widgets}/w/status`, { body: { status: { replicas: 3 } }, headers: mergePatchType })

    expect((await api('GET', `${widgets}/w/scale`)).json).toMatchObject({
      spec: { replicas: 1 },
      status: { replicas: 3 },
    })
    await api('PATCH', `${widgets}/w/scale`, { body: { spec: { replicas: 4 } }, headers: mergePatchType })
    expect((await api('GET', `${widgets}/w`)).json).toMatchObject({
      metadata: { generation: 2 },
      spec: { replicas: 4 },
    })
  })

  it.each([
    [{ spec: {} }, 400, "Object 'Kind' is missing"],
    [{ ...widget, apiVersion: 'example.com/v2' }, 400, 'does not match the expected API version (example.com/v1)'],
    [{ ...widget, kind: 'Foo' }, 422, 'kind: Invalid value: "Foo": must be Widget'],
  ])('is not %j', async (body, status, message) => {
    await using server = await startApiServer({ objects: [definition] })

    const answer = await apiOf(server.config)('POST', widgets, { body })

    expect(answer.status).toBe(status)
    expect(answer.json['message']).toContain(message)
  })

  it('is replaced only by somebody who knows its version', async () => {
    await using server = await startApiServer({ objects: [definition, widget] })

    const { json } = await apiOf(server.config)('PUT', `${widgets}/w`, { body: widget })

    expect(json).toMatchObject({ code: 422, message: expect.stringContaining('must be specified for an update') })
  })

  it('takes no strategic merge patch and no other field selectors, as on a real server', async () => {
    await using server = await startApiServer({ objects: [definition, widget] })
    const api = apiOf(server.config)
    const headers = { 'content-type': 'application/strategic-merge-patch+json' }

    expect((await api('PATCH', `${widgets}/w`, { body: {}, headers })).json).toMatchObject({
      reason: 'UnsupportedMediaType',
      message: expect.stringContaining(
        'application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml',
      ),
    })
    expect((await api('GET', `${widgets}?fieldSelector=spec.x%3D1`)).json).toMatchObject({
      code: 400,
      message: 'field label not supported: spec.x',
    })
  })
})

describe('customResources', () => {
  it('are there from the start, definition included', async () => {
    const gadget = {
      apiVersion: 'example.com/v1',
      kind: 'Gadget',
      resource: 'gadgets',
      namespaced: false,
      shortNames: ['gd'],
    }
    await using server = await startApiServer({
      customResources: [gadget, { ...gadget, apiVersion: 'example.com/v2' }],
      objects: [{ apiVersion: 'example.com/v2', kind: 'Gadget', metadata: { name: 'g' } }],
    })
    const api = apiOf(server.config)

    expect((await api('GET', '/apis/example.com/v1/gadgets/g')).json).toMatchObject({ kind: 'Gadget' })
    expect((await api('GET', `${definitions}/gadgets.example.com`)).json).toMatchObject({ spec: { scope: 'Cluster' } })
  })

  it('cannot be in the core group', async () => {
    const gadget = { apiVersion: 'v1', kind: 'Gadget', resource: 'gadgets', namespaced: false }

    await expect(startApiServer({ customResources: [gadget] })).rejects.toMatchObject({
      code: 'KUBE_CONFIG',
      message: expect.stringContaining('GROUP/VERSION'),
    })
  })
})
