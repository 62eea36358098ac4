import type { Impersonation } from '../spec/client-config.ts'
import { InvalidRequestError } from '../spec/errors.ts'
import type { DynamicObject, KubeObject, Status, Stored } from '../spec/object.ts'
import type { RequestHeaders } from '../spec/request.ts'
import type { CreateOnlyDescriptor, Manifest, NamedManifest, ObjectRef, ResourceRef } from '../spec/resource.ts'
import type { UpgradedConnection } from '../spec/transport.ts'
import type { KindDiscovery } from '../discovery/create-discovery.ts'
import type { Discovery } from '../discovery/discovery.ts'
import type {
  ApplyOptions,
  CallOptions,
  CreateOptions,
  DeleteOptions,
  GetOptions,
  WriteOptions,
} from '../request/options.ts'
import type { RequestDefaults } from '../request/place.ts'
import type {
  Client,
  ClientOverrides,
  ProxyUrlOptions,
  RawResponse,
  RequestOptions,
  ResourceOptions,
  UpgradeOptions,
  VersionInfo,
} from './client.ts'
import { checkIsObject, isRehearsal } from '../request/check-call-options.ts'
import { headerFields, headersOver } from '../request/header-fields.ts'
import { segment } from '../request/resource-path.ts'
import type { CheckedConfig } from './check-config.ts'
import { impersonationHeaders } from './impersonation-headers.ts'
import { proxyPath } from './proxy-path.ts'
import { rawRequest, rawResponse } from './raw-request.ts'
import type { ResourceClient } from './resource-client.ts'
import { ResourceHandle } from './resource-handle.ts'
import type { Session } from './session.ts'

export interface KubeClientOptions {
  readonly session: Session
  readonly discovery: KindDiscovery
  readonly defaults: RequestDefaults
  readonly impersonate: Impersonation | undefined
  /** @throws {@link ConfigError} */
  readonly checkUser: CheckedConfig['checkUser']
  /** Of `with({ headers })`. */
  readonly headers: RequestHeaders
}

/** The client of one user of a session. */
export class KubeClient implements Client {
  readonly namespace: string
  readonly discovery: Discovery
  readonly #options: KubeClientOptions
  readonly #defaults: RequestDefaults

  constructor(options: KubeClientOptions) {
    const { defaults, headers, impersonate } = options
    this.namespace = defaults.namespace
    this.discovery = options.discovery
    this.#options = options
    this.#defaults = { ...defaults, headers: headersOver(headers, impersonationHeaders(impersonate)) }
  }

  resource<T extends KubeObject = DynamicObject>(
    ref: ResourceRef<T> | CreateOnlyDescriptor<T>,
    options: ResourceOptions = {},
  ): ResourceClient<T> {
    checkIsObject(options)
    const untyped = ref as ResourceRef // a descriptor of a T is one of an object; its `_type` is never there
    checkRef(untyped)
    return this.#handle<T>(untyped, { namespace: options.namespace })
  }

  // ── Whole manifests ──

  async get<T extends KubeObject = DynamicObject>(ref: ObjectRef, options: GetOptions = {}): Promise<Stored<T>> {
    return this.#ofObject<T>(ref, options).get(ref.metadata.name, options)
  }

  async create<T extends Manifest>(manifest: T, options?: CreateOptions): Promise<Stored<T>> {
    return this.#handle<T>(kindOf(manifest), {}).create(manifest, options)
  }

  async replace<T extends NamedManifest>(manifest: T, options?: WriteOptions): Promise<Stored<T>> {
    return this.#handle<T>(kindOf(manifest), {}).replace(manifest, options)
  }

  async apply<T extends NamedManifest>(manifest: T, options?: ApplyOptions): Promise<Stored<T>> {
    return this.#handle<T>(kindOf(manifest), {}).apply(manifest, options)
  }

  async delete<T extends KubeObject = DynamicObject>(
    ref: ObjectRef,
    options: DeleteOptions = {},
  ): Promise<Stored<T> | Status> {
    return this.#ofObject<T>(ref, options).delete(ref.metadata.name, options)
  }

  // ── The client itself ──

  with(overrides: ClientOverrides): Client {
    checkIsObject(overrides)
    isRehearsal(overrides.dryRun)
    const added = headerFields(overrides.headers)
    this.#options.checkUser({ impersonate: overrides.impersonate, headers: added })
    if (overrides.namespace !== undefined) segment(overrides.namespace, 'namespace')
    const { defaults, headers, impersonate, ...shared } = this.#options
    return new KubeClient({
      ...shared,
      impersonate: overrides.impersonate ?? impersonate,
      headers: headersOver(headers, added),
      defaults: {
        ...defaults,
        namespace: overrides.namespace ?? defaults.namespace,
        fieldManager: overrides.fieldManager ?? defaults.fieldManager,
        fieldValidation: overrides.fieldValidation ?? defaults.fieldValidation,
        dryRun: overrides.dryRun ?? defaults.dryRun,
      },
    })
  }

  async request(options: RequestOptions): Promise<RawResponse> {
    return this.#options.session.call(() => rawRequest(options, this.#defaults), options, rawResponse)
  }

  async upgrade(options: UpgradeOptions): Promise<UpgradedConnection> {
    const { upgrade } = await import('./upgrade.ts') // most programs have none
    return upgrade(this.#options.session, options, this.#defaults)
  }

  async version(options: CallOptions = {}): Promise<VersionInfo> {
    const request = { path: '/version', query: options.query, headers: { accept: 'application/json' } }
    return this.#options.session.json(() => rawRequest(request, this.#defaults), options)
  }

  proxyUrl(resource: 'pods' | 'services' | 'nodes', name: string, options: ProxyUrlOptions = {}): URL {
    const path = proxyPath(resource, name, { ...options, namespace: options.namespace ?? this.namespace })
    return new URL(this.#defaults.pathPrefix + path, this.#options.session.server.origin)
  }

  close(): Promise<void> {
    return this.#options.session.close()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  #handle<T extends KubeObject>(
    ref: ResourceRef,
    { namespace, defaults = this.#defaults }: { namespace?: ResourceOptions['namespace']; defaults?: RequestDefaults },
  ): ResourceHandle<T> {
    const { session, discovery } = this.#options
    return new ResourceHandle<T>({ session, discovery, defaults, ref, namespace })
  }

  /** The object's namespace takes the place of the client's: it is ignored where the kind has none. */
  #ofObject<T extends KubeObject>(ref: ObjectRef, options: { namespace?: string | undefined }): ResourceHandle<T> {
    const kind = kindOf(ref)
    if (!ref.metadata?.name) throw new InvalidRequestError(`a ${kind.kind} needs a metadata.name to be addressed by`)
    const own = ref.metadata.namespace || undefined
    if (own !== undefined) segment(own, 'namespace')
    if (own !== undefined && options.namespace !== undefined && own !== options.namespace) {
      throw new InvalidRequestError(
        `${ref.kind} ${JSON.stringify(ref.metadata.name)} has the namespace ${JSON.stringify(own)}, ` +
          `and the call names ${JSON.stringify(options.namespace)}`,
      )
    }
    const defaults = own === undefined ? this.#defaults : { ...this.#defaults, namespace: own }
    return this.#handle<T>(kind, { defaults })
  }
}

/** What a program without types can pass. Nothing is asked of the server for it. */
function checkRef(ref: ResourceRef): void {
  if (typeof ref === 'string' && ref.includes('/')) {
    throw new InvalidRequestError(
      `${JSON.stringify(ref)} is no resource: one of a group is "deployments.apps" or { apiVersion: "apps/v1", kind: "Deployment" }, ` +
        'and a part of one is resource("pods").subresource("log")',
    )
  }
  const names = typeof ref === 'string' ? [ref] : [ref?.apiVersion, ref?.resource ?? ref?.kind]
  if (names.every((name) => typeof name === 'string' && name !== '')) return checkScope(ref)
  throw new InvalidRequestError(
    'a resource is named as text ("pods", "deployments.apps"), or by { apiVersion } with a { kind } or { resource }',
  )
}

/** With a kind and a plural it needs no discovery, and so has to say all that discovery would. */
function checkScope(ref: ResourceRef): void {
  if (typeof ref === 'string' || ref.kind === undefined || ref.resource === undefined) return
  if (typeof ref.kind === 'string' && typeof ref.namespaced === 'boolean') return
  throw new InvalidRequestError(
    `the descriptor of ${ref.resource} needs \`namespaced\`: true or false (or leave out its kind, for discovery to say)`,
  )
}

function kindOf(manifest: Pick<ObjectRef, 'apiVersion' | 'kind'>): { apiVersion: string; kind: string } {
  const { apiVersion, kind } = manifest ?? {}
  if (typeof apiVersion === 'string' && typeof kind === 'string' && apiVersion !== '' && kind !== '') {
    return { apiVersion, kind }
  }
  throw new InvalidRequestError('a manifest needs an apiVersion and a kind')
}
