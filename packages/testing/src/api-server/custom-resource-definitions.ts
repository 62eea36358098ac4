import { timestamp, type Backend } from './backend.ts'
import { isObject, valueAt, type ApiObject, type JsonObject, textOf } from './json.ts'
import { qualifiedPlural, type ResourceType, type ScalePaths, type Subresource } from './resource-type.ts'
import { invalid, invalidValue } from './status-failure.ts'
import type { StoreEvent } from './store.ts'

const collection = 'customresourcedefinitions.apiextensions.k8s.io'
/** Holds a definition in deletion until the objects of its kind are gone. */
export const cleanup = 'customresourcecleanup.apiextensions.k8s.io'
const verbs = ['delete', 'deletecollection', 'get', 'list', 'patch', 'create', 'update', 'watch']

export function isDefinition(type: ResourceType): boolean {
  return qualifiedPlural(type) === collection
}

/**
 * Fills in the names that have a default, and the status before the definition is established.
 *
 * @throws {@link StatusFailure} 422 when the name is not `PLURAL.GROUP`
 */
export function withDefinitionDefaults(manifest: JsonObject, type: ResourceType): JsonObject {
  const spec = isObject(manifest['spec']) ? manifest['spec'] : {}
  const names = isObject(spec['names']) ? spec['names'] : {}
  const [kind, plural] = [textOf(names['kind']), textOf(names['plural'])]
  const name = textOf(valueAt(manifest, ['metadata', 'name']))
  if (name !== `${plural}.${textOf(spec['group'])}`) {
    throw invalid(type, name, [invalidValue('metadata.name', name, 'must be spec.names.plural+"."+spec.group')])
  }
  const complete = { singular: kind.toLowerCase(), listKind: `${kind}List`, ...names }
  const storage = versionsOf(spec).filter((version) => version['storage'] === true)
  const status = {
    conditions: null,
    acceptedNames: { plural: '', kind: '' },
    storedVersions: storage.map(({ name: version }) => version),
  }
  return { ...manifest, spec: { conversion: { strategy: 'None' }, ...spec, names: complete }, status }
}

/** Serves the kinds of every definition that comes, establishes it, and stops when it goes. */
export function followDefinitions(backend: Backend, event: StoreEvent): void {
  if (event.collection !== collection) return
  const { object, type } = event
  const spec = isObject(object['spec']) ? object['spec'] : {}
  const [group, plural] = [textOf(spec['group']), textOf(valueAt(spec, ['names', 'plural']))]
  backend.catalogue.setCustom(group, plural, type === 'DELETED' ? [] : typesOf(spec, group, plural))
  if (type === 'ADDED') backend.store.put(collection, event.key, established(backend, object))
  if (object.metadata.deletionTimestamp !== undefined)
    backend.soon(() => cleanUp(backend, event.key, `${plural}.${group}`))
}

/** Deletes the objects of the kind, and then lets the definition go. */
function cleanUp({ store }: Backend, key: string, objects: string): void {
  const definition = store.get(collection, key)
  if (definition?.metadata.finalizers?.includes(cleanup) !== true) return
  for (const { metadata } of store.list(objects)) {
    store.remove(objects, metadata.namespace === undefined ? metadata.name : `${metadata.namespace}/${metadata.name}`)
  }
  const finalizers = definition.metadata.finalizers.filter((finalizer) => finalizer !== cleanup)
  if (finalizers.length === 0) store.remove(collection, key)
  else store.put(collection, key, { ...definition, metadata: { ...definition.metadata, finalizers } })
}

function established({ now }: Backend, definition: ApiObject): ApiObject {
  const names = valueAt(definition, ['spec', 'names'])
  const lastTransitionTime = timestamp(now())
  const conditions = [
    { type: 'NamesAccepted', status: 'True', lastTransitionTime, reason: 'NoConflicts', message: 'no conflicts found' },
    {
      type: 'Established',
      status: 'True',
      lastTransitionTime,
      reason: 'InitialNamesAccepted',
      message: 'the initial names have been accepted',
    },
  ]
  const before = isObject(definition['status']) ? definition['status'] : {}
  return { ...definition, status: { ...before, conditions, acceptedNames: names } }
}

function typesOf(spec: JsonObject, group: string, plural: string): ResourceType[] {
  const names = isObject(spec['names']) ? spec['names'] : {}
  const kind = textOf(names['kind'])
  return versionsOf(spec)
    .filter(({ served }) => served === true)
    .map((version) => {
      const scale = scalePaths(valueAt(version, ['subresources', 'scale']))
      return {
        group,
        version: textOf(version['name']),
        plural,
        singular: textOf(names['singular'] ?? kind.toLowerCase()),
        kind,
        namespaced: spec['scope'] === 'Namespaced',
        verbs,
        shortNames: textsOf(names['shortNames']),
        categories: textsOf(names['categories']),
        subresources: subresourcesOf(version, kind, scale),
        custom: true,
        hasGeneration: true,
        deleteReturnsObject: false,
        orphansByDefault: false,
        scale,
      }
    })
}

function subresourcesOf(version: JsonObject, kind: string, scale: ScalePaths | undefined): Subresource[] {
  const common = ['get', 'patch', 'update']
  const hasStatus = isObject(valueAt(version, ['subresources', 'status']))
  return [
    ...(hasStatus ? [{ name: 'status', kind, verbs: common }] : []),
    ...(scale === undefined ? [] : [{ name: 'scale', kind: 'Scale', verbs: common, apiVersion: 'autoscaling/v1' }]),
  ]
}

function scalePaths(scale: unknown): ScalePaths | undefined {
  if (!isObject(scale)) return undefined
  const { specReplicasPath, statusReplicasPath, labelSelectorPath } = scale
  const selector = typeof labelSelectorPath === 'string' ? { selector: namesOf(labelSelectorPath) } : {}
  return { specReplicas: namesOf(specReplicasPath), statusReplicas: namesOf(statusReplicasPath), ...selector }
}

/** `.spec.replicas` as names. */
function namesOf(path: unknown): string[] {
  return textOf(path).split('.').slice(1)
}

function versionsOf({ versions }: JsonObject): JsonObject[] {
  return Array.isArray(versions) ? versions.filter(isObject) : []
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.map(textOf) : []
}
