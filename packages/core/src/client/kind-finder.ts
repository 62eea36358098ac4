import { isKubeError } from '../spec/errors.ts'
import type { KubeObject } from '../spec/object.ts'
import type { KubeRequest } from '../spec/request.ts'
import type { ResourceInfo, ResourceRef } from '../spec/resource.ts'
import type { KindDiscovery } from '../discovery/create-discovery.ts'
import type { ResourceTarget } from '../request/place.ts'
import { abortable } from '../transport/abortable.ts'
import type { BuildRequest, Moved } from './session.ts'

/** Builds the requests of one call for a kind that a descriptor says, or that discovery has to find. */
export class KindFinder {
  readonly #discovery: KindDiscovery
  readonly #ref: ResourceRef
  /** What discovery said when the last request was built. */
  #found: ResourceInfo | undefined

  constructor(discovery: KindDiscovery, ref: ResourceRef) {
    this.#discovery = discovery
    this.#ref = ref
  }

  /** The kind of the last request that was built for sending. */
  get target(): ResourceTarget {
    if (isTarget(this.#ref)) return this.#ref
    return this.#found ?? standIn(this.#ref, false, undefined)
  }

  /**
   * What is built for a stand-in is not sent: a call that cannot be meant fails there, before discovery is asked.
   *
   * @param namespaced Whether the call names a namespace.
   * @param object What the call carries.
   */
  request(build: (target: ResourceTarget) => KubeRequest, namespaced: boolean, object?: KubeObject): BuildRequest {
    const ref = this.#ref
    if (isTarget(ref)) return () => build(ref)
    return async (signal) => {
      build(standIn(ref, namespaced, object))
      this.#found = await abortable(this.#discovery.resolve(ref), signal)
      return build(this.#found)
    }
  }

  /**
   * Whether the server no longer knows the path, and discovery says another: a CRD that was deleted and created with another
   * scope. Such a 404 comes from no object's storage, so it is no Status, and nothing was done.
   */
  readonly moved: Moved = async (error, signal) => {
    const found = this.#found
    const pathIsGone = isKubeError(error, 'KUBE_API') && error.status === 404 && error.reason === undefined
    if (!pathIsGone || found === undefined) return false
    try {
      return (await abortable(this.#discovery.recheck(this.#ref, found), signal)) !== undefined
    } catch {
      signal?.throwIfAborted()
      return false // the 404 says more than what discovery failed of
    }
  }
}

function isTarget(ref: ResourceRef): ref is ResourceTarget & Exclude<ResourceRef, string> {
  return typeof ref === 'object' && ref.kind !== undefined && ref.resource !== undefined
}

function standIn(ref: ResourceRef, namespaced: boolean, object: KubeObject | undefined): ResourceTarget {
  const known = typeof ref === 'string' ? { apiVersion: undefined, kind: undefined, resource: ref } : ref
  const { apiVersion = object?.apiVersion ?? 'v1', kind = object?.kind, resource = 'objects' } = known
  return { apiVersion, kind: kind ?? resource, resource, namespaced }
}
