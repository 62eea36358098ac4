import { applyType, jsonPatchType, mergePatchType } from './call-api.ts'

/** A request, and what of its answer is compared. */
export interface Step {
  readonly method: string
  /** `{ns}` stands for the namespace of the script. */
  readonly path: string
  readonly body?: unknown
  readonly headers?: Record<string, string>
  /** Paths of the body to compare, where defaults of the real server would differ. @defaultValue the whole body */
  readonly only?: readonly string[]
}

const configMaps = '/api/v1/namespaces/{ns}/configmaps'
const secrets = '/api/v1/namespaces/{ns}/secrets'
const pods = '/api/v1/namespaces/{ns}/pods'
const deployments = '/apis/apps/v1/namespaces/{ns}/deployments'
const widgets = '/apis/example.com/v1/namespaces/{ns}/widgets'
const metadataType = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1'
const metadataListType = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1'

function get(path: string, headers: Record<string, string> = {}): Step {
  return { method: 'GET', path, headers }
}

function post(path: string, body: unknown): Step {
  return { method: 'POST', path, body }
}

function put(path: string, body: unknown): Step {
  return { method: 'PUT', path, body }
}

function remove(path: string, body?: unknown): Step {
  return { method: 'DELETE', path, body }
}

function merge(path: string, body: unknown): Step {
  return { method: 'PATCH', path, body, headers: mergePatchType }
}

function json(path: string, body: unknown): Step {
  return { method: 'PATCH', path, body, headers: jsonPatchType }
}

function apply(path: string, body: unknown): Step {
  return { method: 'PATCH', path, body, headers: applyType }
}

function only(step: Step, ...paths: string[]): Step {
  return { ...step, only: paths }
}

function configMap(name: string, rest: object = {}): object {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, ...rest }
}

const deployment = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'd' },
  spec: {
    replicas: 2,
    selector: { matchLabels: { a: 'b' } },
    template: { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'c', image: 'i' }] } },
  },
}
const pod = { metadata: { name: 'p' }, spec: { containers: [{ name: 'c', image: 'i' }] } }
const widget = {
  apiVersion: 'example.com/v1',
  kind: 'Widget',
  metadata: { name: 'w' },
  spec: { replicas: 1, any: { a: [1] } },
}
const marks = ['kind', 'metadata.generation', 'metadata.deletionGracePeriodSeconds', 'metadata.finalizers', 'message']

/** What the in-memory server must answer as a real one does. The real one also needs the kind of {@link widgetDefinition}. */
export const scripts: Readonly<Record<string, readonly Step[]>> = {
  paths: [
    ...['/version2', '/api/v2', '/apis/nope.io', '/apis/apps/v9', '/api/v1/nope', '/apis/nope.io/v1/things'].map(
      (path) => get(path),
    ),
    ...['/api/v1/pods/x', `${pods}/x/nope`, '/api/v1/namespaces/{ns}/nodes', `${pods}/`].map((path) => get(path)),
    ...['/readyz', '/livez', '/healthz'].map((path) => get(path)),
    post('/api/v1', {}),
    post('/api/v1/configmaps', {}),
    put('/api/v1/namespaces', {}),
    remove('/api/v1/namespaces'),
    get('/api/v1/namespaces/{ns}', { accept: 'text/html' }),
    get('/apis', { accept: 'application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList' }),
    get(pods, { accept: metadataListType }),
  ],
  create: [
    post(configMaps, configMap('a', { data: { x: '1' } })),
    post(configMaps, configMap('a')),
    post(configMaps, { metadata: { name: 'b' }, binaryData: { x: 'eA==' } }),
    post(configMaps, {}),
    post(configMaps, configMap('Bad_Name')),
    post(configMaps, configMap('a'.repeat(254))),
    post(configMaps, { metadata: { name: 'c', namespace: 'other' } }),
    post(configMaps, { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'c' } }),
    post(configMaps, { apiVersion: 'v2', kind: 'ConfigMap', metadata: { name: 'c' } }),
    post(configMaps, { apiVersion: 'v1', kind: 'Foo', metadata: { name: 'c' } }),
    post(configMaps, { metadata: { name: 'c', resourceVersion: '1' } }),
    post(configMaps, { metadata: { name: 'c' }, data: { x: 1 } }),
    post(configMaps, { metadata: { name: 'c', labels: { 'a b': 'c' } } }),
    post(configMaps, { metadata: { name: 'c', labels: { a: 'c d' } } }),
    post(configMaps, { metadata: { name: 'c', finalizers: ['nope'] } }),
    post(configMaps, { metadata: { name: 5 } }),
    post(configMaps, '[]'),
    post(configMaps, ''),
    { method: 'POST', path: configMaps, body: 'x', headers: { 'content-type': 'text/plain' } },
    post(`${configMaps}?dryRun=Some`, configMap('c')),
    post(`${configMaps}?fieldValidation=Bogus`, configMap('c')),
    post('/api/v1/namespaces/missing-{ns}/configmaps', configMap('c')),
    post(secrets, { metadata: { name: 's' }, stringData: { a: 'b' }, data: { c: 'ZA==' } }),
    post(secrets, { metadata: { name: 's2' }, data: { c: '???' } }),
    post('/api/v1/namespaces', { metadata: { name: 'a.b' } }),
    only(post('/api/v1/namespaces', { metadata: { name: 'A_' } }), 'code', 'reason'),
    get(`${configMaps}/missing`),
    get(`${configMaps}/a`, { accept: metadataType }),
  ],
  replace: [
    post(configMaps, configMap('a', { data: { x: '1' } })),
    put(`${configMaps}/a`, configMap('a', { data: { x: '2' } })),
    put(`${configMaps}/a`, { metadata: { name: 'a', resourceVersion: '1' } }),
    put(`${configMaps}/a`, { metadata: { name: 'a', resourceVersion: 'abc' } }),
    put(`${configMaps}/a`, configMap('b')),
    put(`${configMaps}/a`, { metadata: {} }),
    put(`${configMaps}/a`, { metadata: { name: 'a', deletionTimestamp: '2020-01-01T00:00:00Z' } }),
    put(`${configMaps}/missing`, configMap('missing')),
    put(`${configMaps}/a`, configMap('a')),
    get(`${configMaps}/a`),
  ],
  patch: [
    post(configMaps, configMap('a', { data: { x: '1' } })),
    merge(`${configMaps}/a`, { data: { y: '2', x: null } }),
    merge(`${configMaps}/a`, { metadata: { labels: { a: 'b' }, annotations: { c: 'd' } } }),
    merge(`${configMaps}/a`, { metadata: { resourceVersion: '1' } }),
    merge(`${configMaps}/a`, { metadata: { name: 'z' } }),
    merge(`${configMaps}/a`, { metadata: { namespace: 'z' } }),
    merge(`${configMaps}/a`, { metadata: { uid: 'z' } }),
    merge(`${configMaps}/a`, '[]'),
    merge(`${configMaps}/a`, '{bad'),
    merge(`${configMaps}/missing`, {}),
    merge(`${configMaps}/a?force=true`, {}),
    only(merge(`${configMaps}/a`, { data: { y: 1 } }), 'code', 'reason'),
    json(`${configMaps}/a`, [{ op: 'test', path: '/data/y', value: '9' }]),
    json(`${configMaps}/a`, [{ op: 'replace', path: '/data/new', value: '9' }]),
    json(`${configMaps}/a`, [{ op: 'remove', path: '/data/missing' }]),
    json(`${configMaps}/a`, [{ op: 'add', path: '/no/way', value: 1 }]),
    json(`${configMaps}/a`, { op: 'add' }),
    json(`${configMaps}/a`, '{bad'),
    { method: 'PATCH', path: `${configMaps}/a`, body: {}, headers: { 'content-type': 'application/json' } },
    get(`${configMaps}/a`),
  ],
  apply: [
    apply(`${configMaps}/s?fieldManager=a`, {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 's', annotations: { k: 'v' }, finalizers: ['e.com/a'] },
      data: { x: '1', y: '2' },
    }),
    apply(`${configMaps}/s?fieldManager=a`, configMap('s', { data: { x: '1' } })),
    apply(`${configMaps}/s?fieldManager=b`, configMap('s', { data: { x: '2' } })),
    apply(`${configMaps}/s?fieldManager=b&force=true`, configMap('s', { data: { x: '2' } })),
    apply(`${configMaps}/s`, configMap('s')),
    apply(`${configMaps}/s?fieldManager=a`, configMap('z')),
    apply(`${configMaps}/s?fieldManager=a`, { metadata: { name: 's' } }),
    apply(`${configMaps}/s?fieldManager=a`, { ...configMap('s'), kind: 'Foo' }),
    apply(`${configMaps}/s?fieldManager=a`, { ...configMap('s'), metadata: { name: 's', resourceVersion: '1' } }),
    apply(`${configMaps}/new?fieldManager=a`, { ...configMap('new'), metadata: { name: 'new', uid: '1' } }),
    apply(`/api/v1/namespaces/missing-{ns}/configmaps/s?fieldManager=c`, configMap('s')),
    merge(`${configMaps}/s?fieldManager=u`, { data: { x: '3', z: '4' } }),
    apply(`${configMaps}/s?fieldManager=b`, configMap('s', { data: { x: '5', z: '6' } })),
  ],
  'values that others have': [
    apply(`${configMaps}/s?fieldManager=a`, configMap('s', { data: { x: '1' } })),
    apply(`${configMaps}/s?fieldManager=b`, configMap('s', { data: { x: '1' } })),
    apply(`${configMaps}/s?fieldManager=b`, configMap('s', { data: { x: '1' } })),
    merge(`${configMaps}/s?fieldManager=u`, { data: { x: '1' } }),
    put(`${configMaps}/s?fieldManager=v`, configMap('s', { data: { x: '1' } })),
    apply(`${configMaps}/s?fieldManager=a`, configMap('s')),
    get(`${configMaps}/s`),
    post(`${configMaps}?fieldManager=c`, configMap('t', { data: { x: '1' } })),
    apply(`${configMaps}/t?fieldManager=a`, configMap('t', { data: { x: '1' } })),
    apply(`${configMaps}/t?fieldManager=c`, configMap('t', { data: { x: '1' } })),
    merge(`${configMaps}/t?fieldManager=u`, { data: { x: '1', y: '1' } }),
    merge(`${configMaps}/t?fieldManager=v`, { data: { x: '1', y: '1' } }),
    apply(`${configMaps}/t?fieldManager=b`, configMap('t', { metadata: { name: 't', labels: {} }, data: {} })),
    apply(`${widgets}/w?fieldManager=a`, widget),
    apply(`${widgets}/w?fieldManager=b`, widget),
    put(`${widgets}/w?fieldManager=c`, widget),
    get(`${widgets}/w`),
  ],
  'what was there before the first apply': [
    apply('/api/v1/namespaces/other-{ns}?fieldManager=a', {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: 'other-{ns}' },
    }),
    apply('/api/v1/namespaces/other-{ns}?fieldManager=b', {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: 'other-{ns}', labels: { a: 'b' } },
    }),
    post(`${configMaps}?fieldManager=c`, configMap('r', { data: { x: '1', y: '1' } })),
    put(`${configMaps}/r?fieldManager=c`, {
      ...configMap('r', { data: { x: '1', y: '1' } }),
      metadata: { name: 'r', managedFields: [{}] },
    }),
    apply(`${configMaps}/r?fieldManager=a`, configMap('r', { data: { x: '2' } })),
    apply(`${configMaps}/r?fieldManager=a&force=true`, configMap('r', { data: { x: '2' } })),
    apply(`${configMaps}/r?fieldManager=a`, configMap('r', { data: { z: '3' } })),
  ],
  deployments: [
    only(post(deployments, deployment), 'metadata.generation', 'spec.replicas', 'status'),
    only(merge(`${deployments}/d`, { metadata: { labels: { a: 'b' } } }), 'metadata.generation'),
    only(
      merge(`${deployments}/d`, { spec: { replicas: 3 }, status: { replicas: 7 } }),
      'metadata.generation',
      'status',
    ),
    only(
      merge(`${deployments}/d/status`, { spec: { replicas: 4 }, status: { replicas: 7 } }),
      'spec.replicas',
      'status',
    ),
    get(`${deployments}/d/scale`),
    put(`${deployments}/d/scale`, { metadata: { name: 'd', namespace: '{ns}' }, spec: { replicas: 9 } }),
    put(`${deployments}/d/scale`, { metadata: { name: 'd', resourceVersion: '1' }, spec: { replicas: 9 } }),
    put(`${deployments}/d/scale`, { metadata: { name: 'd' }, spec: { replicas: -9 } }),
    merge(`${deployments}/d/scale`, { spec: { replicas: 1 } }),
    remove(`${deployments}/d/scale`),
    get(`${deployments}/missing/scale`),
    remove(`${deployments}/d`),
  ],
  delete: [
    post(configMaps, configMap('a')),
    remove(`${configMaps}/a`, { preconditions: { uid: 'x' } }),
    only(remove(`${configMaps}/a`, { preconditions: { resourceVersion: '1' } }), 'code', 'reason', 'details'),
    remove(`${configMaps}/a`, { propagationPolicy: 'Bogus' }),
    remove(`${configMaps}/a`, { propagationPolicy: 'Foreground', orphanDependents: true }),
    remove(`${configMaps}/a`, { kind: 'Foo' }),
    remove(`${configMaps}/a`, { dryRun: ['All'] }),
    remove(`${configMaps}/a`),
    remove(`${configMaps}/a`),
    post(configMaps, { metadata: { name: 'f', finalizers: ['example.com/x'] } }),
    remove(`${configMaps}/f`),
    put(`${configMaps}/f`, { metadata: { name: 'f', finalizers: ['example.com/x', 'example.com/y'] } }),
    merge(`${configMaps}/f`, { metadata: { finalizers: [] } }),
    get(`${configMaps}/f`),
    only(post(pods, pod), 'metadata.generation', 'status.phase'),
    only(remove(`${pods}/p`), ...marks),
    only(post(pods, { ...pod, spec: { ...pod.spec, nodeName: 'n' } }), 'metadata.generation'),
    only(remove(`${pods}/p`), ...marks),
    only(remove(`${pods}/p?gracePeriodSeconds=5`), ...marks),
    only(remove(`${pods}/p?gracePeriodSeconds=0`), ...marks),
    get(`${pods}/p`),
    remove('/api/v1/namespaces/default'),
    post('/api/v1/namespaces', { metadata: { name: 'gone-{ns}' } }),
    remove('/api/v1/namespaces/gone-{ns}'),
    only(
      post('/api/v1/namespaces/{ns}/replicationcontrollers', {
        metadata: { name: 'r' },
        spec: { selector: { a: 'b' }, template: deployment.spec.template },
      }),
      'metadata.generation',
    ),
    only(remove('/api/v1/namespaces/{ns}/replicationcontrollers/r'), ...marks),
    post(configMaps, { metadata: { name: 'l1', labels: { app: 'a' } } }),
    remove(`${configMaps}?labelSelector=app%3Da`),
  ],
  list: [
    ...['l1', 'l2', 'l3'].map((name) => post(configMaps, { metadata: { name, labels: { app: name } } })),
    get(configMaps),
    only(get(`${configMaps}?limit=2`), 'items', 'metadata.remainingItemCount'),
    only(get(`${configMaps}?limit=2&labelSelector=app`), 'items', 'metadata.remainingItemCount'),
    only(get(`${configMaps}?limit=2`, { accept: metadataListType }), 'items', 'kind', 'apiVersion'),
    ...[
      'app==',
      'app in',
      'a,,b',
      'app in (l1,l2)',
      '!app',
      'app=l1,x!=y',
      '-bad',
      'a=b c',
      ',',
      'app notin (l1)',
      'a>1',
      'a>x',
      'app in ()',
      'a=_',
      '!a=b',
      'a in (b',
    ].map((selector) => get(`${configMaps}?labelSelector=${encodeURIComponent(selector)}`)),
    ...[
      'metadata.name=l1',
      'foo=bar',
      'metadata.name',
      'metadata.name!=l1,metadata.namespace!=x',
      'spec.nodeName=x',
    ].map((selector) => get(`${configMaps}?fieldSelector=${encodeURIComponent(selector)}`)),
    ...['pods', 'nodes', 'namespaces', 'services', 'events', 'secrets', 'persistentvolumes'].map((plural) =>
      get(`/api/v1/${plural}?fieldSelector=foo%3Dx`),
    ),
    get('/api/v1/nodes?fieldSelector=metadata.namespace%3Dx'),
    get('/apis/batch/v1/jobs?fieldSelector=foo%3Dx'),
    ...['limit=x', 'timeoutSeconds=x', 'resourceVersion=abc', 'resourceVersionMatch=Exact'].map((query) =>
      get(`${configMaps}?${query}`),
    ),
    get(`${configMaps}?resourceVersion=1&resourceVersionMatch=Foo`),
    get(`${configMaps}?resourceVersion=0&resourceVersionMatch=Exact`),
    get(`${configMaps}?sendInitialEvents=true`),
    get(`${configMaps}?resourceVersion=999999999`),
    get(`${configMaps}/l1?resourceVersion=abc`),
  ],
  watch: [
    post(configMaps, { metadata: { name: 'w', labels: { app: 'a' } } }),
    get(`${configMaps}?watch=1&timeoutSeconds=1`),
    get(`${configMaps}?watch=1&timeoutSeconds=1&resourceVersion=0&allowWatchBookmarks=true`),
    get(`${configMaps}?watch=1&timeoutSeconds=1`, { accept: metadataType }),
    get(`${configMaps}?watch=1&sendInitialEvents=true`),
    get(`${configMaps}?watch=1&resourceVersionMatch=NotOlderThan&resourceVersion=1`),
    get(`${configMaps}?watch=1&sendInitialEvents=true&resourceVersionMatch=Exact`),
    get(`${configMaps}?watch=1&resourceVersion=abc`),
    get(`${configMaps}?watch=1&labelSelector=a%20in`),
    get(`${configMaps}?watch=1&fieldSelector=foo%3Dbar`),
  ],
  'custom resources': [
    post(widgets, { ...widget, status: { replicas: 5 } }),
    post(widgets, widget),
    post(widgets, { spec: {} }),
    post(widgets, { ...widget, apiVersion: 'example.com/v2' }),
    post(widgets, { ...widget, kind: 'Foo' }),
    post(widgets, { ...widget, metadata: { name: 'Bad_' } }),
    post(widgets, { ...widget, metadata: {} }),
    get(widgets),
    get('/apis/example.com/v1beta1/namespaces/{ns}/widgets/w'),
    put(`${widgets}/w`, widget),
    put(`${widgets}/missing`, { ...widget, metadata: { name: 'missing' } }),
    merge(`${widgets}/w/status`, { status: { replicas: 5, selector: 'a=b' } }),
    get(`${widgets}/w/scale`),
    {
      method: 'PATCH',
      path: `${widgets}/w`,
      body: {},
      headers: { 'content-type': 'application/strategic-merge-patch+json' },
    },
    merge(`${widgets}/w?fieldManager=u`, { spec: { any: { b: 2 } } }),
    apply(`${widgets}/w?fieldManager=me`, { ...widget, spec: { list: [1, 2], any: { b: 3 } } }),
    apply(`${widgets}/w?fieldManager=me&force=true`, { ...widget, spec: { list: [1, 2], any: { b: 3 } } }),
    apply(`${widgets}/w?fieldManager=other`, { ...widget, spec: { list: [1] } }),
    get(`${widgets}?fieldSelector=spec.x%3D1`),
    get(`${widgets}/w`, { accept: metadataType }),
    get('/apis/example.com/v1/namespaces/{ns}/gadgets'),
    get('/apis/example.com/v3'),
    remove(`${widgets}/w`),
    remove(widgets),
  ],
}

/** The kind of the custom resources. */
export const widgetDefinition = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'widgets.example.com' },
  spec: {
    group: 'example.com',
    scope: 'Namespaced',
    names: { plural: 'widgets', kind: 'Widget', shortNames: ['wd'], categories: ['all'] },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
        subresources: {
          status: {},
          scale: {
            specReplicasPath: '.spec.replicas',
            statusReplicasPath: '.status.replicas',
            labelSelectorPath: '.status.selector',
          },
        },
      },
      {
        name: 'v1beta1',
        served: true,
        storage: false,
        schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
      },
    ],
  },
}
