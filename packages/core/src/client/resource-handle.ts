import { isKubeError, isStatus } from '../spec/errors.ts'
import type { KubeList, KubeObject, PartialObjectMetadata, Status, Stored, Table } from '../spec/object.ts'
import type { KubeRequest } from '../spec/request.ts'
import type { ResourceInfo, ResourceRef } from '../spec/resource.ts'
import type { KindDiscovery } from '../discovery/create-discovery.ts'
import type { AllNamespaces } from '../request/all-namespaces.ts'
import { checkCollectionChoice, deleteCollectionRequest, deleteRequest } from '../request/delete.ts'
import type {
  ApplyOptions,
  BookmarkWatchOptions,
  CallOptions,
  CollectionOptions,
  CreateOptions,
  DeleteCollectionOptions,
  DeleteOptions,
  GetOptions,
  ListOptions,
  PageOptions,
  WatchOptions,
  WriteOptions,
} from '../request/options.ts'
import { patchRequest } from '../request/patch-request.ts'
import type { ApplyObject, Patch } from '../request/patch.ts'
import {
  type Place,
  placeOf,
  placeOfObject,
  type Rendering,
  type RequestDefaults,
  type ResourceTarget,
} from '../request/place.ts'
import { getRequest, listRequest, watchRequest } from '../request/read.ts'
import { segment } from '../request/resource-path.ts'
import { applyRequest, createRequest, replaceRequest } from '../request/write.ts'
import { abortable } from '../transport/abortable.ts'
import { pages } from './pages.ts'
import { asMetadata, asTable, completeList } from './renderings.ts'
import type { MetadataClient, ResourceClient, SubresourceAction, SubresourceClient } from './resource-client.ts'
import type { BuildRequest, Session } from './session.ts'
import { SubresourceHandle } from './subresource-handle.ts'
import type { BookmarkEvent, WatchEvent } from './watch-event.ts'
import { watch } from './watch.ts'

export interface ResourceHandleOptions {
  readonly session: Session
  readonly discovery: KindDiscovery
  readonly defaults: RequestDefaults
  readonly ref: ResourceRef
  readonly namespace?: string | AllNamespaces | undefined
  readonly rendering?: Rendering | undefined
}

/** The verbs of one kind: builds each request, sends it, and gives the answer its type. */
export class ResourceHandle<T extends KubeObject> implements ResourceClient<T> {
  readonly #options: ResourceHandleOptions
  /** What discovery last said about the reference. */
  #resolved: ResourceInfo | undefined

  constructor(options: ResourceHandleOptions) {
    this.#options = options
  }

  // ── Reading ──

  async get(name: string, options: GetOptions = {}): Promise<Stored<T>> {
    return this.#object(
      this.#onName(name, options, (place) => getRequest(place, name, options)),
      options,
    )
  }

  async find(name: string, options: GetOptions = {}): Promise<Stored<T> | undefined> {
    try {
      return await this.get(name, options)
    } catch (error) {
      // A 404 that is no Status may mean that the kind is not served.
      if (isKubeError(error, 'KUBE_API') && error.status === 404 && error.reason === 'NotFound') return undefined
      throw error
    }
  }

  async list(options: ListOptions = {}): Promise<KubeList<Stored<T>>> {
    let target: ResourceTarget | undefined
    const build = this.#in(options.namespace, (place) => {
      target = place.target
      return listRequest(place, options)
    })
    const list = await this.#json<KubeList<Stored<T>>>(build, options)
    if (target !== undefined) completeList(list, target)
    return this.#options.rendering === undefined
      ? list
      : { ...list, items: list.items.map((item) => this.#shaped(item)) }
  }

  pages(options: PageOptions = {}): AsyncIterable<KubeList<Stored<T>>> {
    return pages((page) => this.list(page), options)
  }

  async *items(options: PageOptions = {}): AsyncGenerator<Stored<T>, void, undefined> {
    for await (const page of this.pages(options)) yield* page.items
  }

  watch(options: BookmarkWatchOptions): AsyncIterable<WatchEvent<Stored<T>> | BookmarkEvent>
  watch(options?: WatchOptions): AsyncIterable<WatchEvent<Stored<T>>>
  watch(
    options: WatchOptions | BookmarkWatchOptions = {},
  ): AsyncIterable<WatchEvent<Stored<T>> | BookmarkEvent> & AsyncIterable<WatchEvent<Stored<T>>> {
    const build = this.#in(options.namespace, (place) => watchRequest(place, options))
    const open = <R>(run: () => Promise<R>): Promise<R> => this.#unlessMoved(run)
    const events = watch<Stored<T>>(this.#options.session, build, options, open)
    const shaped = this.#options.rendering === undefined ? events : this.#shapedEvents(events)
    return shaped as AsyncIterable<never> // the overloads say when bookmarks are among them
  }

  async table(options: ListOptions = {}): Promise<Table> {
    const build = this.#in(options.namespace, (place) => listRequest({ ...place, rendering: 'Table' }, options))
    return asTable(await this.#json<Table | KubeList<Stored<KubeObject>>>(build, options))
  }

  // ── Writing ──

  async create(object: T, options: CreateOptions = {}): Promise<Stored<T>> {
    return this.#json(
      this.#onObject(object, options, (place) => createRequest(place, object, options)),
      options,
    )
  }

  async replace(object: T, options: WriteOptions = {}): Promise<Stored<T>> {
    return this.#json(
      this.#onObject(object, options, (place) => replaceRequest(place, object, options)),
      options,
    )
  }

  async apply(object: ApplyObject<T>, options: ApplyOptions = {}): Promise<Stored<T>> {
    const part = object as KubeObject // a deep partial of a T has its shape where the field is there
    return this.#json(
      this.#onObject(part, options, (place) => applyRequest(place, part, options)),
      options,
    )
  }

  async patch(name: string, patch: Patch<T>, options: WriteOptions = {}): Promise<Stored<T>> {
    return this.#object(
      this.#onName(name, options, (place) => patchRequest(place, name, patch, options)),
      options,
    )
  }

  async delete(name: string, options: DeleteOptions = {}): Promise<Stored<T> | Status> {
    return this.#object(
      this.#onName(name, options, (place) => deleteRequest(place, name, options)),
      options,
    )
  }

  async deleteCollection(options: DeleteCollectionOptions): Promise<KubeList<Stored<T>> | Status> {
    checkCollectionChoice(options)
    return this.#json(
      this.#in(options.namespace, (place) => deleteCollectionRequest(place, options)),
      options,
    )
  }

  // ── Other views of the same kind ──

  subresource(name: string): SubresourceClient<never> & SubresourceAction<never, never> {
    const { session } = this.#options
    const place = (object: string, options: { namespace?: string | undefined }, build: (at: Place) => KubeRequest) =>
      this.#onName(object, options, build)
    return new SubresourceHandle<never>(session, segment(name, 'subresource'), place)
  }

  metadata(): MetadataClient {
    return new ResourceHandle<PartialObjectMetadata>({ ...this.#options, rendering: 'PartialObjectMetadata' })
  }

  // ── Places ──

  /** Names are checked before discovery is asked: nothing is sent for a call that cannot be meant. */
  #onName(
    name: string,
    options: { namespace?: string | undefined },
    build: (place: Place) => KubeRequest,
  ): BuildRequest {
    segment(name, 'name')
    return this.#in(options.namespace, build)
  }

  #in(namespace: CollectionOptions['namespace'], build: (place: Place) => KubeRequest): BuildRequest {
    const { defaults, rendering } = this.#options
    const wanted = namespace ?? this.#options.namespace
    if (typeof wanted === 'string') segment(wanted, 'namespace')
    return this.#build((target) => build({ ...placeOf(target, wanted, defaults), rendering }))
  }

  #onObject(
    object: KubeObject,
    options: { namespace?: string | undefined },
    build: (place: Place) => KubeRequest,
  ): BuildRequest {
    const { defaults, rendering } = this.#options
    const wanted = options.namespace ?? this.#options.namespace
    return this.#build((target) => build({ ...placeOfObject(target, object, wanted, defaults), rendering }))
  }

  #build(build: (target: ResourceTarget) => KubeRequest): BuildRequest {
    const { ref, discovery } = this.#options
    if (isTarget(ref)) return () => build(ref)
    return async (signal) => {
      this.#resolved = await abortable(discovery.resolve(ref), signal)
      return build(this.#resolved)
    }
  }

  #json<R>(build: BuildRequest, options: CallOptions): Promise<R> {
    return this.#unlessMoved(() => this.#options.session.json<R>(build, options))
  }

  async #object<O extends KubeObject>(build: BuildRequest, options: CallOptions): Promise<O> {
    return this.#shaped(await this.#json<O>(build, options))
  }

  /** What a metadata client returns has no spec and status, whatever the server made of the request. */
  #shaped<O extends KubeObject>(object: O): O {
    if (this.#options.rendering === undefined || isStatus(object)) return object
    const whole = object as KubeObject as Stored<KubeObject> // the server's answer
    return asMetadata(whole) as KubeObject as O // a metadata client's O is PartialObjectMetadata
  }

  async *#shapedEvents<O extends KubeObject>(
    events: AsyncIterable<WatchEvent<O> | BookmarkEvent>,
  ): AsyncGenerator<WatchEvent<O> | BookmarkEvent, void, undefined> {
    for await (const event of events) {
      yield event.type === 'BOOKMARK' ? event : { type: event.type, object: this.#shaped(event.object) }
    }
  }

  /**
   * Runs again, once, if the server no longer knows the path and discovery then says another: a CRD that was deleted and
   * created with another scope. Such a 404 comes from no object's storage, so it is no Status, and nothing was done.
   */
  async #unlessMoved<R>(run: () => Promise<R>): Promise<R> {
    try {
      return await run()
    } catch (error) {
      const known = this.#resolved
      const pathIsGone = isKubeError(error, 'KUBE_API') && error.status === 404 && error.reason === undefined
      if (!pathIsGone || known === undefined) throw error
      if ((await this.#options.discovery.recheck(this.#options.ref, known)) === undefined) throw error
      return run()
    }
  }
}

function isTarget(ref: ResourceRef): ref is ResourceTarget & Exclude<ResourceRef, string> {
  return typeof ref === 'object' && ref.kind !== undefined && ref.resource !== undefined
}
