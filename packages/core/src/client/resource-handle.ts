import { isKubeError, isStatus } from '../spec/errors.ts'
import type { KubeList, KubeObject, PartialObjectMetadata, Status, Stored, Table } from '../spec/object.ts'
import type { KubeRequest } from '../spec/request.ts'
import type { ResourceRef } from '../spec/resource.ts'
import type { KindDiscovery } from '../discovery/create-discovery.ts'
import type { AllNamespaces } from '../request/all-namespaces.ts'
import { checkCallOptions } from '../request/check-call-options.ts'
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
import { KindFinder } from './kind-finder.ts'
import { asMetadata, asTable, completeList } from './renderings.ts'
import type { MetadataClient, ResourceClient, SubresourceAction, SubresourceClient } from './resource-client.ts'
import type { BuildRequest, Session } from './session.ts'
import { type SendOnObject, SubresourceHandle } from './subresource-handle.ts'
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

type InNamespace = CallOptions & { namespace?: CollectionOptions['namespace'] }
type Build = (place: Place) => KubeRequest

/** The verbs of one kind: builds each request, sends it, and gives the answer its type. */
export class ResourceHandle<T extends KubeObject> implements ResourceClient<T> {
  readonly #options: ResourceHandleOptions

  constructor(options: ResourceHandleOptions) {
    this.#options = options
  }

  // ── Reading ──

  async get(name: string, options: GetOptions = {}): Promise<Stored<T>> {
    return this.#shaped(await this.#onName(name, options, (place) => getRequest(place, name, options)))
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
    const { answer, target } = await this.#collection(options, (place) => listRequest(place, options))
    return this.#shapedList(completeList(answer, target))
  }

  async *pages(options: PageOptions = {}): AsyncGenerator<KubeList<Stored<T>>, void, undefined> {
    checkCallOptions(options)
    const { pages } = await import('./pages.ts') // a cold start that does not page does not pay for it
    yield* pages((page) => this.list(page), options)
  }

  async *items(options: PageOptions = {}): AsyncGenerator<Stored<T>, void, undefined> {
    for await (const page of this.pages(options)) yield* page.items
  }

  watch(options: BookmarkWatchOptions): AsyncIterable<WatchEvent<Stored<T>> | BookmarkEvent>
  watch(options?: WatchOptions): AsyncIterable<WatchEvent<Stored<T>>>
  watch(
    options: WatchOptions | BookmarkWatchOptions = {},
  ): AsyncIterable<WatchEvent<Stored<T>> | BookmarkEvent> & AsyncIterable<WatchEvent<Stored<T>>> {
    const finder = this.#finder(options)
    const events = watch<Stored<T>>({
      session: this.#options.session,
      options,
      build: (from) => this.#in(finder, from.namespace, (place) => watchRequest(place, from)),
      moved: finder.moved,
      shaped: (object) => this.#shaped(object),
    })
    return events as AsyncIterable<never> // the overloads say when bookmarks are among them
  }

  async table(options: ListOptions = {}): Promise<Table> {
    const { answer, target } = await this.#collection(options, (place) =>
      listRequest({ ...place, rendering: 'Table' }, options),
    )
    return asTable(answer, target)
  }

  // ── Writing ──

  async create(object: T, options: CreateOptions = {}): Promise<Stored<T>> {
    return this.#onObject(object, options, (place) => createRequest(place, object, options))
  }

  async replace(object: T, options: WriteOptions = {}): Promise<Stored<T>> {
    return this.#onObject(object, options, (place) => replaceRequest(place, object, options))
  }

  async apply(object: ApplyObject<T>, options: ApplyOptions = {}): Promise<Stored<T>> {
    const part = object as KubeObject // a deep partial of a T has its shape where the field is there
    return this.#onObject(part, options, (place) => applyRequest(place, part, options))
  }

  async patch(name: string, patch: Patch<T>, options: WriteOptions = {}): Promise<Stored<T>> {
    return this.#shaped(await this.#onName(name, options, (place) => patchRequest(place, name, patch, options)))
  }

  async delete(name: string, options: DeleteOptions = {}): Promise<Stored<T> | Status> {
    return this.#shaped(await this.#onName(name, options, (place) => deleteRequest(place, name, options)))
  }

  async deleteCollection(options: DeleteCollectionOptions): Promise<KubeList<Stored<T>> | Status> {
    checkCollectionChoice(options)
    const { answer, target } = await this.#collection(options, (place) => deleteCollectionRequest(place, options))
    return isStatus(answer) ? answer : this.#shapedList(completeList(answer, target))
  }

  // ── Other views of the same kind ──

  subresource(name: string): SubresourceClient<never> & SubresourceAction<never, never> {
    const send: SendOnObject = (object, options, build) => this.#onName(object, options, build)
    return new SubresourceHandle<never>(segment(name, 'subresource'), send)
  }

  metadata(): MetadataClient {
    return new ResourceHandle<PartialObjectMetadata>({ ...this.#options, rendering: 'PartialObjectMetadata' })
  }

  // ── Calls at their places ──

  /** An empty name would address the collection. */
  #onName<R>(name: string, options: InNamespace, build: Build): Promise<R> {
    segment(name, 'name')
    const finder = this.#finder(options)
    return this.#json(finder, this.#in(finder, options.namespace, build), options)
  }

  async #collection(options: InNamespace, build: Build): Promise<{ answer: object; target: ResourceTarget }> {
    const finder = this.#finder(options)
    const answer = await this.#json<object>(finder, this.#in(finder, options.namespace, build), options)
    return { answer, target: finder.target }
  }

  #onObject<R>(object: KubeObject, options: InNamespace, build: Build): Promise<R> {
    const { defaults, rendering } = this.#options
    const finder = this.#finder(options)
    const wanted = options.namespace ?? this.#options.namespace
    const request = finder.request(
      (target) => build({ ...placeOfObject(target, object, wanted, defaults), rendering }),
      typeof (wanted ?? object?.metadata?.namespace) === 'string',
      object,
    )
    return this.#json(finder, request, options)
  }

  #in(finder: KindFinder, namespace: InNamespace['namespace'], build: Build): BuildRequest {
    const { defaults, rendering } = this.#options
    const wanted = namespace ?? this.#options.namespace
    return finder.request(
      (target) => build({ ...placeOf(target, wanted, defaults), rendering }),
      typeof wanted === 'string',
    )
  }

  #finder(options: CallOptions): KindFinder {
    checkCallOptions(options)
    return new KindFinder(this.#options.discovery, this.#options.ref)
  }

  #json<R>(finder: KindFinder, request: BuildRequest, options: CallOptions): Promise<R> {
    return this.#options.session.json<R>(request, options, finder.moved)
  }

  // ── Renderings ──

  /** What a metadata client returns has no spec and status, whatever the server made of the request. */
  #shaped<O extends KubeObject>(object: O): O {
    if (this.#options.rendering === undefined || isStatus(object)) return object
    const whole = object as KubeObject as Stored<KubeObject> // the server's answer
    return asMetadata(whole) as KubeObject as O // a metadata client's O is PartialObjectMetadata
  }

  #shapedList(list: KubeList<Stored<T>>): KubeList<Stored<T>> {
    if (this.#options.rendering === undefined) return list
    return { ...list, items: list.items.map((item) => this.#shaped(item)) }
  }
}
