import type { Discovery } from '../discovery/discovery.ts'
import type { AllNamespaces } from '../request/all-namespaces.ts'
import type {
  ApplyOptions,
  CallOptions,
  CreateOptions,
  DeleteOptions,
  FieldValidation,
  GetOptions,
  WriteOptions,
} from '../request/options.ts'
import type { Impersonation } from '../spec/client-config.ts'
import type { DynamicObject, KubeObject, Status, Stored } from '../spec/object.ts'
import type { KubeResponse } from '../spec/request.ts'
import type { CreateOnlyDescriptor, Manifest, NamedManifest, ObjectRef, ResourceRef } from '../spec/resource.ts'
import type { UpgradedConnection } from '../spec/transport.ts'
import type { CreateOnlyClient, ResourceClient } from './resource-client.ts'

/** One API server, reached as one user. Made by {@link createClient}. */
export interface Client extends AsyncDisposable {
  /** Used when a namespaced call names none. */
  readonly namespace: string
  readonly discovery: Discovery

  /**
   * The verbs of one kind. A descriptor needs no discovery; any other reference is resolved at the first call.
   * `T` comes from the descriptor; give it yourself for other references, or get {@link DynamicObject}s.
   */
  resource<T extends KubeObject = DynamicObject>(ref: ResourceRef<T>, options?: ResourceOptions): ResourceClient<T>
  /** A kind that is never stored, such as a SelfSubjectAccessReview. */
  resource<T extends KubeObject>(ref: CreateOnlyDescriptor<T>, options?: ResourceOptions): CreateOnlyClient<T>

  /** @throws {@link ApiError} 404 when absent. */
  get<T extends KubeObject = DynamicObject>(ref: ObjectRef, options?: GetOptions): Promise<Stored<T>>
  create<T extends Manifest>(manifest: T, options?: CreateOptions): Promise<Stored<T>>
  replace<T extends NamedManifest>(manifest: T, options?: WriteOptions): Promise<Stored<T>>
  apply<T extends NamedManifest>(manifest: T, options?: ApplyOptions): Promise<Stored<T>>
  delete<T extends KubeObject = DynamicObject>(ref: ObjectRef, options?: DeleteOptions): Promise<Stored<T> | Status>

  /** A client with other defaults. Shares connections and discovery; closing either closes both. */
  with(overrides: ClientOverrides): Client
  /** Any path, through the same pipeline. @throws {@link ApiError} for a status of 400 and above. */
  request(request: RequestOptions): Promise<RawResponse>
  /** A WebSocket handshake through the same pipeline. @throws {@link ApiError} for a refusal. */
  upgrade(request: UpgradeOptions): Promise<UpgradedConnection>
  version(options?: CallOptions): Promise<VersionInfo>
  /** For links and browsers: holds no credentials. */
  proxyUrl(resource: 'pods' | 'services' | 'nodes', name: string, options?: ProxyUrlOptions): URL
  /** Ends watches, rejects pending calls, drains connections. Idempotent. */
  close(): Promise<void>
}

export interface ResourceOptions {
  /** @defaultValue the client's namespace */
  namespace?: string | AllNamespaces | undefined
}

export interface ClientOverrides {
  namespace?: string | undefined
  impersonate?: Impersonation | undefined
  fieldManager?: string | undefined
  fieldValidation?: FieldValidation | undefined
  /** Every write of this client is a rehearsal. */
  dryRun?: boolean | undefined
  /** Added to each request within the server's origin. */
  headers?: Readonly<Record<string, string>> | undefined
}

export interface ProxyUrlOptions {
  /** Number or name. */
  port?: number | string | undefined
  namespace?: string | undefined
  scheme?: 'http' | 'https' | undefined
  path?: string | undefined
}

export interface VersionInfo {
  major: string
  minor: string
  gitVersion: string
  gitCommit: string
  gitTreeState: string
  buildDate: string
  goVersion: string
  compiler: string
  platform: string
}

/** Options of {@link Client.request}. */
export interface RequestOptions extends CallOptions {
  /** Without the server's prefix: `/api/v1/nodes`. */
  path: string
  /** @defaultValue 'GET' */
  method?: string | undefined
  headers?: Readonly<Record<string, string>> | undefined
  /** An object is sent as JSON. */
  body?: string | Uint8Array | object | undefined
  /** @defaultValue 'application/json' with a body */
  contentType?: string | undefined
  /**
   * Lifts the response timeout, for bodies that take their time. The head may take its time too, as that of a log does which
   * is followed before a word has been said; only that of a watch comes at once. `timeoutMs` is for both. @defaultValue false
   */
  stream?: boolean | undefined
}

/** Options of {@link Client.upgrade}. `signal` and `timeoutMs` are those of the handshake. */
export interface UpgradeOptions extends CallOptions {
  /** Without the server's prefix: `/api/v1/namespaces/default/pods/web-0/exec`. */
  path: string
  /** Subprotocols, best first. */
  protocols: readonly string[]
  headers?: RequestOptions['headers']
}

/** A response with the usual ways to read it. Each reads the body, so call one, once. */
export interface RawResponse extends KubeResponse, AsyncDisposable {
  text(): Promise<string>
  /** The type is your claim: nothing checks it. */
  json<T = unknown>(): Promise<T>
  bytes(): Promise<Uint8Array>
}
