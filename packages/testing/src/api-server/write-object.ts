import { randomUUID } from 'node:crypto'
import { timestamp, type Backend } from './backend.ts'
import { copyOf, deepEqual, emptyObject, isObject } from './json.ts'
import type { ApiObject, JsonObject, ManagedFields, Metadata } from './json.ts'
import { labelKeyProblem, labelValueProblem } from './label-syntax.ts'
import { ownershipAfterUpdate, type Writer } from './managed-fields.ts'
import { generateName, nameCauses } from './object-names.ts'
import type { Target } from './resolve-target.ts'
import { apiVersionOf, hasStatus, qualifiedPlural, type ResourceType } from './resource-type.ts'
import { alreadyExists, forbidden, forbiddenValue, internalError, invalid, invalidValue } from './status-failure.ts'
import { notFound, requiredValue, type FieldCause } from './status-failure.ts'
import { storeKey } from './store.ts'

export interface WriteOptions {
  readonly writer: Writer
  /** Do everything but keep the result. */
  readonly dryRun: boolean
  /** Of an apply, which works them out itself. */
  readonly managedFields?: readonly ManagedFields[] | undefined
}

/** The stored object that a target names, in the version of the target. */
export function findObject({ store }: Backend, { type, namespace, name = '' }: Target): ApiObject | undefined {
  const found = store.get(qualifiedPlural(type), storeKey(namespace, name))
  return found === undefined ? undefined : inVersion(found, type)
}

/** @throws {@link StatusFailure} 404 */
export function existingObject(backend: Backend, target: Target): ApiObject {
  const found = findObject(backend, target)
  if (found === undefined) throw notFound(target.type, target.name ?? '')
  return found
}

/** Versions of a kind differ in name only: there is no conversion. */
export function inVersion(object: ApiObject, type: ResourceType): ApiObject {
  const apiVersion = apiVersionOf(type)
  return object.apiVersion === apiVersion ? object : { ...object, apiVersion }
}

/**
 * Stores a new object.
 *
 * @throws {@link StatusFailure} 404 or 403 for its namespace, 409 when it exists, 422 for its name
 */
export function createObject(backend: Backend, target: Target, manifest: JsonObject, options: WriteOptions): ApiObject {
  const { type, namespace } = target
  const given = metadataOf(manifest)
  checkNamespace(backend, target, given)
  if (given.resourceVersion !== undefined && given.resourceVersion !== '') {
    throw internalError('resourceVersion should not be set on objects to be created')
  }
  const name = nameOf(type, given)
  const metadata = newMetadata(backend, type, { ...given, name })
  const initial = withInitialFields(type, Object.assign(copyOf(manifest), { metadata }))
  const { apiVersion, kind, ...fields } = initial
  const object = { kind, apiVersion, ...fields, metadata: initial.metadata }
  const owned = withoutServerFields(type, object)
  const managedFields =
    options.managedFields ?? ownershipAfterUpdate([], {}, owned, options.writer, { custom: type.custom })

  const [collection, key] = [qualifiedPlural(type), storeKey(namespace, name)]
  if (backend.store.get(collection, key) !== undefined) throw alreadyExists(type, name)
  const complete = withManagedFields(object, managedFields)
  return options.dryRun ? complete : backend.store.put(collection, key, complete)
}

/**
 * Stores what an object becomes, through the rules of the endpoint: the main one leaves `status` alone, `/status` everything else.
 * Nothing is written when nothing changes; an object in deletion goes when its last finalizer does.
 *
 * @throws {@link StatusFailure} 422 for fields that may not change
 */
export function updateObject(
  backend: Backend,
  target: Target,
  live: ApiObject,
  manifest: JsonObject,
  { writer, dryRun, managedFields: applied }: WriteOptions,
): ApiObject {
  const { type, namespace } = target
  const given = metadataOf(manifest)
  checkUpdate(type, live.metadata, given)
  const next = nextState(target, live, manifest, given)
  const managedFields = applied ?? updatedOwnership(live, next, given, writer, type)
  const complete = withManagedFields(next, managedFields)
  if (deepEqual(complete, live)) return live

  const [collection, key] = [qualifiedPlural(type), storeKey(namespace, live.metadata.name)]
  if (dryRun) return complete
  if (isReadyToGo(type, complete)) {
    backend.store.remove(collection, key)
    return complete
  }
  return backend.store.put(collection, key, complete)
}

/** Deletion was asked for, and nothing holds the object any more. */
export function isReadyToGo(type: ResourceType, object: ApiObject): boolean {
  const { deletionTimestamp, deletionGracePeriodSeconds = 0, finalizers = [] } = object.metadata
  if (deletionTimestamp === undefined || deletionGracePeriodSeconds > 0 || finalizers.length > 0) return false
  const spec = object['spec']
  const held = isNamespace(type) && isObject(spec) && Array.isArray(spec['finalizers']) && spec['finalizers'].length > 0
  return !held
}

export function isNamespace(type: ResourceType): boolean {
  return type.group === '' && type.plural === 'namespaces'
}

function metadataOf(manifest: JsonObject): Metadata {
  // A cast: readManifest() checked the shape, except for the name, which is looked at before it is used.
  return (manifest['metadata'] ?? {}) as Metadata
}

function nameOf(type: ResourceType, given: Metadata): string {
  const prefix = given['generateName']
  const name = given.name ?? ''
  if (name === '' && typeof prefix === 'string' && prefix !== '')
    return nameOf(type, { ...given, name: generateName(prefix) })
  const required = requiredValue('metadata.name', 'name or generateName is required')
  const causes = [...(name === '' ? [required] : nameCauses(type, name)), ...metadataCauses(given)]
  if (causes.length > 0) throw invalid(type, name, causes)
  return name
}

/** What is wrong with labels and finalizers. */
function metadataCauses({ labels = {}, finalizers = [] }: Metadata): FieldCause[] {
  const ofLabels = Object.entries(labels).flatMap(([key, value]) => {
    const problems = [[key, labelKeyProblem(key)] as const, [value, labelValueProblem(value)] as const]
    return problems.flatMap(([text, why]) => (why === undefined ? [] : [invalidValue('metadata.labels', text, why)]))
  })
  const ofFinalizers = finalizers.flatMap((name, index) => {
    const isFine = name.includes('/') || standardFinalizers.has(name)
    const why = 'name is neither a standard finalizer name nor is it fully qualified'
    return isFine ? [] : [invalidValue(`metadata.finalizers[${index}]`, name, why)]
  })
  return [...ofLabels, ...ofFinalizers]
}

const standardFinalizers = new Set(['kubernetes', 'orphan', 'foregroundDeletion'])

function newMetadata({ now }: Backend, type: ResourceType, given: Metadata): Metadata {
  const { name, namespace, ...rest } = given
  const kept = copyOf(rest)
  for (const field of ['selfLink', 'deletionTimestamp', 'deletionGracePeriodSeconds', 'managedFields', 'generation']) {
    delete kept[field]
  }
  return {
    name,
    ...(namespace !== undefined && { namespace }),
    ...kept,
    uid: randomUUID(),
    ...((type.custom || type.hasGeneration) && { generation: 1 }),
    creationTimestamp: timestamp(now()),
  }
}

function withInitialFields(type: ResourceType, object: JsonObject): ApiObject {
  const result = copyOf(object)
  if (type.custom && hasStatus(type)) delete result['status']
  if (type.initialStatus !== undefined) result['status'] = type.initialStatus
  if (isNamespace(type)) {
    const metadata = metadataOf(result)
    const labels = { ...metadata.labels, 'kubernetes.io/metadata.name': metadata.name }
    const spec = Object.assign(emptyObject(), result['spec'], { finalizers: ['kubernetes'] })
    Object.assign(result, { metadata: { ...metadata, labels }, spec, status: { phase: 'Active' } })
  }
  // A cast: the kind, the version and the metadata were filled in before.
  return result as ApiObject
}

/** What a writer of a new object does not own. */
function withoutServerFields(type: ResourceType, object: ApiObject): JsonObject {
  const result = copyOf(object)
  if (type.initialStatus !== undefined) delete result['status']
  if (isNamespace(type)) delete result['spec']
  return result
}

function withManagedFields(object: ApiObject, managedFields: readonly ManagedFields[]): ApiObject {
  const { managedFields: _, ...metadata } = object.metadata
  return { ...object, metadata: managedFields.length === 0 ? metadata : { ...metadata, managedFields } }
}

function checkNamespace({ store }: Backend, { type, namespace }: Target, given: Metadata): void {
  if (namespace === undefined) return
  const found = store.get('namespaces', namespace)
  if (found === undefined) throw missingNamespace(namespace)
  if (found.metadata.deletionTimestamp === undefined) return
  const why = `unable to create new content in namespace ${namespace} because it is being terminated`
  const message = `namespace ${namespace} is being terminated`
  const cause = { reason: 'NamespaceTerminating', message, field: 'metadata.namespace' }
  throw forbidden(type, given.name ?? '', why, [cause])
}

function missingNamespace(name: string): Error {
  return notFound({ group: '', plural: 'namespaces' }, name)
}

function checkUpdate(type: ResourceType, live: Metadata, given: Metadata): void {
  const causes: FieldCause[] = metadataCauses(given)
  for (const field of ['uid', 'deletionTimestamp']) {
    const value = given[field]
    if (value !== undefined && value !== '' && value !== live[field]) {
      causes.push(invalidValue(`metadata.${field}`, value, 'field is immutable'))
    }
  }
  const added = (given.finalizers ?? []).filter((finalizer) => live.finalizers?.includes(finalizer) !== true)
  if (live.deletionTimestamp !== undefined && added.length > 0) {
    const list = added.map((finalizer) => JSON.stringify(finalizer)).join(', ')
    const why = `no new finalizers can be added if the object is being deleted, found new finalizers []string{${list}}`
    causes.push(forbiddenValue('metadata.finalizers', why))
  }
  if (causes.length > 0) throw invalid(type, live.name, causes)
}

function nextState({ type, subresource }: Target, live: ApiObject, manifest: JsonObject, given: Metadata): ApiObject {
  const endpoint = subresource?.name
  if (endpoint === 'status') return replaced(live, 'status', manifest['status'])
  if (endpoint === 'finalize') return replaced(live, 'spec', manifest['spec'])
  const next = copyOf(manifest)
  if (hasStatus(type)) {
    delete next['status']
    if (live['status'] !== undefined) next['status'] = live['status']
  }
  const metadata = nextMetadata(live.metadata, given)
  const { kind, apiVersion } = live
  const object = { ...next, kind, apiVersion, metadata }
  const counts = type.custom || type.hasGeneration
  if (!counts || !isContentChanged(type, live, object)) return object
  return { ...object, metadata: { ...metadata, generation: (live.metadata.generation ?? 0) + 1 } }
}

function replaced(live: ApiObject, field: string, value: unknown): ApiObject {
  const { [field]: _, ...rest } = live
  // A cast: the rest still has what makes an ApiObject.
  return (value === undefined ? rest : { ...rest, [field]: value }) as ApiObject
}

/** Identity and the marks of deletion are the server's; everything else is the client's. */
function nextMetadata(live: Metadata, given: Metadata): Metadata {
  const result = copyOf(given)
  const fields = ['uid', 'resourceVersion', 'generation', 'creationTimestamp', 'deletionTimestamp']
  for (const field of [...fields, 'deletionGracePeriodSeconds', 'selfLink', 'managedFields', 'name', 'namespace']) {
    delete result[field]
    if (live[field] !== undefined) result[field] = live[field]
  }
  for (const field of ['labels', 'annotations', 'finalizers', 'ownerReferences']) {
    const value = result[field]
    if (value !== undefined && Object.keys(value ?? {}).length === 0) delete result[field]
  }
  // A cast: the name was just copied from the live object.
  return result as Metadata
}

function isContentChanged(type: ResourceType, live: ApiObject, next: ApiObject): boolean {
  const content = ({ metadata: _metadata, ...fields }: ApiObject): JsonObject => {
    if (hasStatus(type)) delete fields['status']
    return fields
  }
  return !deepEqual(content(live), content(next))
}

/** A client that sends an empty list forgets who owns what. */
function updatedOwnership(
  live: ApiObject,
  next: ApiObject,
  given: Metadata,
  writer: Writer,
  type: ResourceType,
): readonly ManagedFields[] {
  const isReset =
    given.managedFields !== undefined && given.managedFields.every((entry) => Object.keys(entry).length === 0)
  const before = isReset ? [] : (live.metadata.managedFields ?? [])
  return ownershipAfterUpdate(before, live, next, writer, { custom: type.custom })
}
