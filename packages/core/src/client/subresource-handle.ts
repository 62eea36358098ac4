import type { KubeObject, Stored } from '../spec/object.ts'
import type { KubeRequest } from '../spec/request.ts'
import type { ApplyOptions, CreateOptions, GetOptions, ObjectOptions, WriteOptions } from '../request/options.ts'
import { patchRequest } from '../request/patch-request.ts'
import type { DeepPartial, Patch } from '../request/patch.ts'
import { checkObject, type Place } from '../request/place.ts'
import { getRequest } from '../request/read.ts'
import { applyRequest, createRequest, replaceRequest } from '../request/write.ts'
import type { SubresourceAction, SubresourceClient } from './resource-client.ts'

/** Sends a request that is built for the place of a named object. */
export type SendOnObject = <R>(name: string, options: ObjectOptions, build: (place: Place) => KubeRequest) => Promise<R>

/** One subresource of the objects of one kind. */
export class SubresourceHandle<B extends KubeObject> implements SubresourceClient<B>, SubresourceAction<B, B> {
  readonly #subresource: string
  readonly #send: SendOnObject

  constructor(subresource: string, send: SendOnObject) {
    this.#subresource = subresource
    this.#send = send
  }

  async get(name: string, options: GetOptions = {}): Promise<Stored<B>> {
    return this.#send(name, options, (place) => getRequest(place, name, options, this.#subresource))
  }

  async create(name: string, body: B, options: CreateOptions = {}): Promise<B> {
    return this.#send(name, options, (place) =>
      createRequest(place, this.#complete(place, name, body), options, this.#path(name)),
    )
  }

  async replace(name: string, body: B, options: WriteOptions = {}): Promise<Stored<B>> {
    return this.#send(name, options, (place) =>
      replaceRequest(place, this.#complete(place, name, body), options, this.#path(name)),
    )
  }

  async patch(name: string, patch: Patch<B>, options: WriteOptions = {}): Promise<Stored<B>> {
    return this.#send(name, options, (place) => patchRequest(place, name, patch, options, this.#subresource))
  }

  async apply(name: string, body: DeepPartial<B>, options: ApplyOptions = {}): Promise<Stored<B>> {
    const part = body as KubeObject // a deep partial of a B has its shape where the field is there
    return this.#send(name, options, (place) =>
      applyRequest(place, this.#complete(place, name, part), options, this.#path(name)),
    )
  }

  #path(name: string): { name: string; subresource: string } {
    return { name, subresource: this.#subresource }
  }

  /** What the server demands of a body and the call says anyway. */
  #complete({ target, namespace }: Place, name: string, body: KubeObject): KubeObject {
    const { apiVersion, kind } = bodyKind(this.#subresource) ?? target
    checkObject(body, kind)
    const metadata = { name, ...(namespace !== undefined && { namespace }), ...body.metadata }
    return { apiVersion, kind, ...body, metadata }
  }
}

const bodyKinds = new Map([
  ['scale', { apiVersion: 'autoscaling/v1', kind: 'Scale' }],
  ['eviction', { apiVersion: 'policy/v1', kind: 'Eviction' }],
  ['binding', { apiVersion: 'v1', kind: 'Binding' }],
  ['token', { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest' }],
])

/** The kind of a subresource's body, where that is another than the object's. */
function bodyKind(subresource: string): { readonly apiVersion: string; readonly kind: string } | undefined {
  return bodyKinds.get(subresource)
}
