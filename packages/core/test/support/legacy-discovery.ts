import { json, type ScriptedServer } from './scripted-server.ts'

const everything = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch']

const resource = (name: string, kind: string, namespaced: boolean, shortNames: string[]): object => ({
  name,
  singularName: kind.toLowerCase(),
  kind,
  namespaced,
  verbs: everything,
  shortNames,
})

/** Answers discovery as a server without aggregation does: pods, nodes and deployments. */
export function legacyServer(api: ScriptedServer): void {
  api.always('GET /api', json({ kind: 'APIVersions', versions: ['v1'] }))
  api.always(
    'GET /apis',
    json({
      kind: 'APIGroupList',
      groups: [{ name: 'apps', versions: [{ version: 'v1' }], preferredVersion: { version: 'v1' } }],
    }),
  )
  api.always(
    'GET /api/v1',
    json({
      kind: 'APIResourceList',
      groupVersion: 'v1',
      resources: [
        resource('pods', 'Pod', true, ['po']),
        { ...resource('pods/log', 'Pod', true, []), verbs: ['get'] },
        resource('nodes', 'Node', false, ['no']),
      ],
    }),
  )
  api.always(
    'GET /apis/apps/v1',
    json({
      kind: 'APIResourceList',
      groupVersion: 'apps/v1',
      resources: [
        resource('deployments', 'Deployment', true, ['deploy']),
        {
          name: 'deployments/scale',
          kind: 'Scale',
          group: 'autoscaling',
          version: 'v1',
          namespaced: true,
          verbs: ['get'],
        },
      ],
    }),
  )
}
