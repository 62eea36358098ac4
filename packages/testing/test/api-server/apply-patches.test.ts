import { describe, expect, it } from 'vitest'
import { startApiServer } from '../../src/index.ts'
import { apiOf, applyType, mergePatchType, type CallResult } from './call-api.ts'

const deployments = '/apis/apps/v1/namespaces/default/deployments'

function withReplicas(replicas?: number): object {
  const spec = replicas === undefined ? {} : { replicas }
  return { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'd' }, spec }
}

describe('server-side apply', () => {
  it('creates with 201, changes with 200, and changes nothing the second time', async () => {
    await using server = await startApiServer()
    const apply = applierOf(server)

    const created = await apply('a', withReplicas(1))
    const changed = await apply('a', withReplicas(2))
    const again = await apply('a', withReplicas(2))

    expect([created.status, changed.status]).toEqual([201, 200])
    expect(changed.json).toMatchObject({ metadata: { generation: 2 }, spec: { replicas: 2 } })
    expect(again.json).toEqual(changed.json)
  })

  it('is a conflict over a field of another manager, until it is forced', async () => {
    await using server = await startApiServer()
    const apply = applierOf(server)
    await apply('a', withReplicas(1))

    const conflict = await apply('b', withReplicas(2))
    const forced = await apply('b', withReplicas(2), '&force=true')

    expect(conflict.json).toMatchObject({
      reason: 'Conflict',
      message: 'Apply failed with 1 conflict: conflict with "a": .spec.replicas',
      details: { causes: [{ reason: 'FieldManagerConflict', field: '.spec.replicas' }] },
      code: 409,
    })
    expect(forced.json).toMatchObject({ spec: { replicas: 2 } })
  })

  it('is a conflict over what an update wrote, and names its version', async () => {
    await using server = await startApiServer()
    const apply = applierOf(server)
    await apply('a', withReplicas())
    await apiOf(server.config)('PATCH', `${deployments}/d?fieldManager=u`, {
      body: { spec: { replicas: 5 } },
      headers: mergePatchType,
    })

    expect((await apply('a', withReplicas(1))).json['message']).toBe(
      'Apply failed with 1 conflict: conflict with "u" using apps/v1: .spec.replicas',
    )
  })

  it('removes what is no longer applied', async () => {
    await using server = await startApiServer()
    const apply = applierOf(server)
    await apply('a', { ...withReplicas(1), metadata: { name: 'd', labels: { x: 'y' } } })

    const { json } = await apply('a', withReplicas(1))

    expect(json['metadata']).not.toHaveProperty('labels')
  })

  it.each([
    ['', withReplicas(1), 422, 'fieldManager: Required value: is required for apply patch'],
    ['a', { ...withReplicas(1), metadata: { name: 'other' } }, 400, 'does not match the name on the URL (d)'],
    ['a', { ...withReplicas(1), kind: 'Other' }, 400, 'invalid object type: apps/v1, Kind=Other'],
    [
      'a',
      { ...withReplicas(1), metadata: { name: 'd', managedFields: [{}] } },
      400,
      'metadata.managedFields must be nil',
    ],
    ['a', { ...withReplicas(1), metadata: { name: 'd', uid: 'x' } }, 409, 'uid mismatch'],
    ['a', [], 400, 'cannot unmarshal array'],
  ])('of manager %j refuses %j', async (manager, body, status, message) => {
    await using server = await startApiServer()

    const answer = await applierOf(server)(manager, body)

    expect(answer.status).toBe(status)
    expect(answer.json['message']).toContain(message)
  })

  it('answers 501 to YAML', async () => {
    await using server = await startApiServer()

    const { status, json } = await applierOf(server)('a', 'kind: Deployment')

    expect(status).toBe(501)
    expect(json['message']).toContain('YAML')
  })
})

describe('force', () => {
  it('is for apply only', async () => {
    await using server = await startApiServer()

    const { json } = await apiOf(server.config)('PATCH', `${deployments}/d?force=true`, {
      body: {},
      headers: mergePatchType,
    })

    expect(json).toMatchObject({
      code: 422,
      message: expect.stringContaining('may not be specified for non-apply patch'),
    })
  })
})

type Server = Awaited<ReturnType<typeof startApiServer>>

function applierOf({ config }: Server): (manager: string, body: unknown, query?: string) => Promise<CallResult> {
  return (manager, body, query = '') =>
    apiOf(config)('PATCH', `${deployments}/d?fieldManager=${manager}${query}`, { body, headers: applyType })
}
