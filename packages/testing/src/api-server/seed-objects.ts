import { ConfigError, type Manifest, type ResourceInfo } from '@kubeclient/core/spec'
import type { Backend } from './backend.ts'
import { isDefinition, withDefinitionDefaults } from './custom-resource-definitions.ts'
import { type ApiObject, copyOf, type JsonObject } from './json.ts'
import type { Writer } from './managed-fields.ts'
import { timestamp } from './backend.ts'
import { shapedManifest, withoutNulls } from './read-manifest.ts'
import type { Target } from './resolve-target.ts'
import { apiVersionOf, qualifiedPlural, type ResourceType } from './resource-type.ts'
import { StatusFailure } from './status-failure.ts'
import { storeKey } from './store.ts'
import { createObject } from './write-object.ts'

/** What a CustomResourceDefinition would say. The kind has the `status` subresource. */
export type CustomResource = Pick<ResourceInfo, 'apiVersion' | 'kind' | 'resource' | 'namespaced'> &
  Partial<Pick<ResourceInfo, 'shortNames' | 'categories'>>

export interface Seeds {
  readonly objects: readonly Manifest[]
  readonly customResources: readonly CustomResource[]
}

/** Fills a new server. Given namespaces come first, so that they are there before a new cluster or an object implies them. */
export function seed(backend: Backend, { objects: given, customResources }: Seeds): void {
  const objects = checked(given)
  const [namespaces, others] = [objects.filter(isNamespace), objects.filter((object) => !isNamespace(object))]
  for (const namespace of namespaces) seedObject(backend, namespace)
  seedNamespaces(backend)
  seedDefinitions(backend, customResources)
  for (const object of others) seedObject(backend, object)
}

/** Each with what an object must have; a `List`, such as kubectl prints, is its items. */
function checked(objects: readonly Manifest[]): readonly Manifest[] {
  return objects.flatMap((object: Partial<Manifest> & { items?: unknown }, index) => {
    if (object?.kind === 'List' && Array.isArray(object.items)) return checked(object.items)
    const fields = ['apiVersion', 'kind', 'metadata'] as const
    const missing = fields.find((field) => typeof object?.[field] !== (field === 'metadata' ? 'object' : 'string'))
    if (missing !== undefined) throw new ConfigError(`The object at index ${index} of \`objects\` has no ${missing}`)
    return [object as Manifest] // all that a Manifest must have was looked at just now
  })
}

function isNamespace({ apiVersion, kind }: Manifest): boolean {
  return apiVersion === 'v1' && kind === 'Namespace'
}

/** The namespaces of every new cluster. */
function seedNamespaces(backend: Backend): void {
  for (const name of ['default', 'kube-node-lease', 'kube-public', 'kube-system']) seedNamespace(backend, name)
}

/** Definitions, one for each plural and group. @throws {@link ConfigError} for a core group version, which cannot be custom */
function seedDefinitions(backend: Backend, resources: readonly CustomResource[]): void {
  const byName = Map.groupBy(resources, ({ resource, apiVersion }) => `${resource}.${groupOf(apiVersion)}`)
  for (const [name, versions] of byName) seedObject(backend, definitionOf(name, versions))
}

function definitionOf(name: string, versions: readonly CustomResource[]): Manifest & JsonObject {
  const [first] = versions
  if (first === undefined) throw new ConfigError(`The custom resource ${name} has no version`)
  const { kind, resource: plural, namespaced, shortNames = [], categories = [] } = first
  const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } }
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name },
    spec: {
      group: groupOf(first.apiVersion),
      scope: namespaced ? 'Namespaced' : 'Cluster',
      names: {
        plural,
        kind,
        ...(shortNames.length > 0 && { shortNames }),
        ...(categories.length > 0 && { categories }),
      },
      versions: versions.map(({ apiVersion }, index) => ({
        name: apiVersion.slice(apiVersion.indexOf('/') + 1),
        served: true,
        storage: index === 0,
        schema,
        subresources: { status: {} },
      })),
    },
  }
}

function groupOf(apiVersion: string): string {
  const [group, version] = apiVersion.split('/')
  if (group === undefined || version === undefined) {
    throw new ConfigError(
      `The custom resource version ${JSON.stringify(apiVersion)} must be GROUP/VERSION, such as example.com/v1`,
    )
  }
  return group
}

/** Stores an object as it is, its status included. Its namespace is made when it is missing. */
function seedObject(backend: Backend, given: Manifest): void {
  const manifest = copyOf({ ...given })
  const type = backend.catalogue.byKind(given.apiVersion, given.kind)
  const what = `${given.kind} ${JSON.stringify(given.metadata.name ?? given.metadata.generateName)}`
  if (type === undefined) {
    const remedy = 'give its CustomResourceDefinition before it, or list it in customResources'
    throw new ConfigError(
      `The object ${what} cannot be there at the start: ${given.apiVersion} ${given.kind} is not served; ${remedy}`,
    )
  }
  const namespace = type.namespaced ? (given.metadata.namespace ?? 'default') : undefined
  if (namespace !== undefined) seedNamespace(backend, namespace)
  try {
    store(backend, type, namespace, manifest)
  } catch (error) {
    if (!(error instanceof StatusFailure)) throw error
    throw new ConfigError(`The object ${what} cannot be there at the start: ${error.message}`)
  }
}

function store(backend: Backend, type: ResourceType, namespace: string | undefined, manifest: JsonObject): void {
  const target: Target = { type, ...(namespace !== undefined && { namespace }) }
  // What was read from a cluster brings a version of that cluster with it: the server here gives its own.
  const metadata = copyOf(Object(manifest['metadata']))
  delete metadata['resourceVersion']
  const shaped = shapedManifest({ ...manifest, metadata }, target)
  const complete = isDefinition(type) ? withDefinitionDefaults(shaped, type) : shaped
  const time = timestamp(backend.now())
  const writer: Writer = { manager: 'startApiServer', operation: 'Update', apiVersion: apiVersionOf(type), time }
  const created = createObject(backend, target, complete, { writer, dryRun: false })
  const seeded = { ...created, ...identityOf(created, metadata), ...statusOf(type, manifest) }
  backend.store.put(qualifiedPlural(type), storeKey(namespace, created.metadata.name), seeded)
}

/** Owner references name a uid, and tables show an age: both stay as they are given. */
function identityOf({ metadata }: ApiObject, { uid, creationTimestamp }: JsonObject): Pick<ApiObject, 'metadata'> {
  return {
    metadata: {
      ...metadata,
      ...(typeof uid === 'string' && { uid }),
      ...(typeof creationTimestamp === 'string' && { creationTimestamp }),
    },
  }
}

function statusOf(type: ResourceType, { status }: JsonObject): { status?: JsonObject } {
  if (typeof status !== 'object' || status === null || isDefinition(type)) return {}
  return { status: withoutNulls({ ...status }) }
}

function seedNamespace(backend: Backend, name: string): void {
  if (backend.store.get('namespaces', name) !== undefined) return
  const type = backend.catalogue.byKind('v1', 'Namespace')
  if (type !== undefined) store(backend, type, undefined, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } })
}
