import { timestamp, type Backend } from './backend.ts'
import { collectDependents } from './collect-dependents.ts'
import { cleanup, isDefinition } from './custom-resource-definitions.ts'
import type { DeleteOptions } from './delete-options.ts'
import { valueAt, type ApiObject, type Metadata } from './json.ts'
import type { Target } from './resolve-target.ts'
import { qualifiedPlural, type ResourceType } from './resource-type.ts'
import { failedPrecondition, forbidden } from './status-failure.ts'
import { storeKey } from './store.ts'
import { emptyNamespace } from './empty-namespace.ts'
import { isNamespace, isReadyToGo } from './write-object.ts'

export interface Deletion {
  readonly object: ApiObject
  /** False: it stays, marked, until its finalizers or its grace period are done. */
  readonly isGone: boolean
}

/** @throws {@link StatusFailure} 403 for the namespaces that every cluster has, 409 for preconditions */
export function deleteObject(backend: Backend, target: Target, live: ApiObject, options: DeleteOptions): Deletion {
  const { type, namespace } = target
  checkAllowed(type, live)
  checkPreconditions(type, live, options)
  const marked = markDeleted(backend, type, live, options)
  const isGone = isReadyToGo(type, marked)
  const answered = isGone && !isPod(type) ? live : marked
  if (options.dryRun) return { object: answered, isGone }

  const [collection, key] = [qualifiedPlural(type), storeKey(namespace, live.metadata.name)]
  backend.soon(() => collectDependents(backend, live))
  if (isGone) {
    backend.store.remove(collection, key)
    return { object: answered, isGone }
  }
  if (isNamespace(type)) backend.soon(() => emptyNamespace(backend, live.metadata.name))
  // A second DELETE changes nothing, unless it shortens the grace period.
  const stored = marked === live ? live : backend.store.put(collection, key, marked)
  return { object: stored, isGone }
}

const permanent = new Set(['default', 'kube-system', 'kube-public'])

function checkAllowed(type: ResourceType, { metadata }: ApiObject): void {
  if (isNamespace(type) && permanent.has(metadata.name)) {
    throw forbidden(type, metadata.name, 'this namespace may not be deleted')
  }
}

function checkPreconditions(type: ResourceType, { metadata }: ApiObject, { preconditions }: DeleteOptions): void {
  const { uid, resourceVersion } = preconditions
  if (uid !== undefined && uid !== metadata.uid) {
    const why = `the UID in the precondition (${uid}) does not match the UID in record (${metadata.uid}). The object might have been deleted and then recreated`
    throw failedPrecondition(type, metadata.name, why)
  }
  if (resourceVersion !== undefined && resourceVersion !== metadata.resourceVersion) {
    const why = `the ResourceVersion in the precondition (${resourceVersion}) does not match the ResourceVersion in record (${metadata.resourceVersion}). The object might have been modified`
    throw failedPrecondition(type, metadata.name, why)
  }
}

function markDeleted({ now }: Backend, type: ResourceType, live: ApiObject, options: DeleteOptions): ApiObject {
  const { metadata } = live
  const grace = isPod(type) ? podGrace(live, options) : 0
  const isMarked = metadata.deletionTimestamp !== undefined
  // These two are not deleted as others are: they have no grace period, and what they hold goes first.
  const isSpecial = isNamespace(type) || isDefinition(type)
  const isShorter = grace < (metadata.deletionGracePeriodSeconds ?? 0)
  if (isMarked && !isShorter) return live

  const marks: Partial<Metadata> = {
    deletionTimestamp: timestamp(new Date(now().getTime() + grace * 1000)),
    ...(!isSpecial && { deletionGracePeriodSeconds: grace }),
    ...(metadata.generation !== undefined && !isMarked && !isSpecial && { generation: metadata.generation + 1 }),
  }
  const before = isDefinition(type) ? [...(metadata.finalizers ?? []), cleanup] : metadata.finalizers
  const finalizers = isMarked ? (metadata.finalizers ?? []) : finalizersOf(type, before, options)
  const next: Metadata = { ...metadata, ...marks, ...(finalizers.length > 0 && { finalizers }) }
  const phase = isNamespace(type) ? { status: { ...asFields(live['status']), phase: 'Terminating' } } : {}
  return { ...live, ...phase, metadata: next }
}

function asFields(value: unknown): object {
  return typeof value === 'object' && value !== null ? value : {}
}

/** What the garbage collector has to do first is held by a finalizer of its own. */
function finalizersOf(
  type: ResourceType,
  finalizers: readonly string[] = [],
  { propagation }: DeleteOptions,
): string[] {
  const others = finalizers.filter((finalizer) => finalizer !== 'orphan' && finalizer !== 'foregroundDeletion')
  if (propagation === 'Foreground') return [...others, 'foregroundDeletion']
  if (propagation === 'Orphan' || (propagation === undefined && type.orphansByDefault)) return [...others, 'orphan']
  return propagation === 'Background' ? others : [...finalizers]
}

/** A pod that no node has yet, or that is done, has nothing to end. */
function podGrace(pod: ApiObject, { gracePeriodSeconds }: DeleteOptions): number {
  const [node, phase] = [valueAt(pod, ['spec', 'nodeName']), valueAt(pod, ['status', 'phase'])]
  if (node === undefined || node === '' || phase === 'Succeeded' || phase === 'Failed') return 0
  const own = valueAt(pod, ['spec', 'terminationGracePeriodSeconds'])
  return gracePeriodSeconds ?? (typeof own === 'number' ? own : 30)
}

function isPod({ group, plural }: ResourceType): boolean {
  return group === '' && plural === 'pods'
}
