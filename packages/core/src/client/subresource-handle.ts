import type { KubeObject, Stored } from '../spec/object.ts'
import type { KubeRequest } from '../spec/request.ts'
import type { ApplyOptions, CreateOptions, GetOptions, WriteOptions } from '../request/options.ts'
import { patchRequest } from '../request/patch-request.ts'
import type { DeepPartial, Patch } from '../request/patch.ts'
import type { Place } from '../request/place.ts'
import { getRequest } from '../request/read.ts'
import { applyRequest, createRequest, replaceRequest } from '../request/write.ts'
import type { SubresourceAction, SubresourceClient } from './resource-client.ts'
import type { BuildRequest, Session } from './session.ts'
import { bodyKind } from './subresource-kinds.ts'

/** Binds a request to the place of a named object. */
type AtObject = (
  name: string,
  options: { namespace?: string | undefined },
  build: (place: Place) => KubeRequest,
) => BuildRequest

/** One subresource of the objects of one kind. */
export class SubresourceHandle<B extends KubeObject> implements SubresourceClient<B>, SubresourceAction<B, B> {
  readonly #session: Session
  readonly #subresource: string
  readonly #at: AtObject

  constructor(session: Session, subresource: string, at: AtObject) {
    this.#session = session
    this.#subresource = subresource
    this.#at = at
  }

  async get(name: string, options: GetOptions = {}): Promise<Stored<B>> {
    const build = this.#at(name, options, (place) => getRequest(place, name, options, this.#subresource))
    return this.#session.json(build, options)
  }

  async create(name: string, body: B, options: CreateOptions = {}): Promise<B> {
    const build = this.#at(name, options, (place) =>
      createRequest(place, this.#complete(place, name, body), options, this.#path(name)),
    )
    return this.#session.json(build, options)
  }

  async replace(name: string, body: B, options: WriteOptions = {}): Promise<Stored<B>> {
    const build = this.#at(name, options, (place) =>
      replaceRequest(place, this.#complete(place, name, body), options, this.#path(name)),
    )
    return this.#session.json(build, options)
  }

  async patch(name: string, patch: Patch<B>, options: WriteOptions = {}): Promise<Stored<B>> {
    const build = this.#at(name, options, (place) => patchRequest(place, name, patch, options, this.#subresource))
    return this.#session.json(build, options)
  }

  async apply(name: string, body: DeepPartial<B>, options: ApplyOptions = {}): Promise<Stored<B>> {
    const part = body as KubeObject // a deep partial of a B has its shape where the field is there
    const build = this.#at(name, options, (place) =>
      applyRequest(place, this.#complete(place, name, part), options, this.#path(name)),
    )
    return this.#session.json(build, options)
  }

  #path(name: string): { name: string; subresource: string } {
    return { name, subresource: this.#subresource }
  }

  /** What the server demands of a body and the call says anyway. */
  #complete({ target, namespace }: Place, name: string, body: KubeObject): KubeObject {
    const { apiVersion, kind } = bodyKind(this.#subresource) ?? target
    const metadata = { name, ...(namespace !== undefined && { namespace }), ...body.metadata }
    return { apiVersion, kind, ...body, metadata }
  }
}
