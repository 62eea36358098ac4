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
  /** What the server serves; asked as the user of the configuration, whoever `with()` impersonates. */
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
  /** Where the manifest's namespace, else the client's says. @throws {@link ApiError} 409 AlreadyExists when the name is taken */
  create<T extends Manifest>(manifest: T, options?: CreateOptions): Promise<Stored<T>>
  /** With `metadata.resourceVersion`: @throws {@link ApiError} 409 if the object changed since. */
  replace<T extends NamedManifest>(manifest: T, options?: WriteOptions): Promise<Stored<T>>
  /** Server-side apply. @throws {@link ApiError} 409 for fields of other managers, unless `force` takes them over */
  apply<T extends NamedManifest>(manifest: T, options?: ApplyOptions): Promise<Stored<T>>
  /** The object while finalizers or a grace period hold it, else a Status; {@link isStatus} tells. */
  delete<T extends KubeObject = DynamicObject>(ref: ObjectRef, options?: DeleteOptions): Promise<Stored<T> | Status>

  /**
   * A client with other defaults. Shares connections and discovery; closing either closes both.
   *
   * @throws {@link InvalidRequestError} for a namespace or header, {@link ConfigError} for an impersonation that cannot be
   */
  with(overrides: ClientOverrides): Client
  /**
   * Any path, through the same pipeline.
   *
   * @throws {@link ApiError} for a status that is no success: 400 and above, and a redirect that is not followed
   */
  request(request: RequestOptions): Promise<RawResponse>
  /** A WebSocket handshake through the same pipeline. @throws {@link ApiError} for a refusal. */
  upgrade(request: UpgradeOptions): Promise<UpgradedConnection>
  /** What `GET /version` says of the server. */
  version(options?: CallOptions): Promise<VersionInfo>
  /** For links and browsers: holds no credentials. */
  proxyUrl(resource: 'pods' | 'services' | 'nodes', name: string, options?: ProxyUrlOptions): URL
  /** Ends watches, rejects pending calls, drains connections. Idempotent. */
  close(): Promise<void>
}

/** Options of {@link Client.resource}. */
export interface ResourceOptions {
  /** @defaultValue the client's namespace */
  namespace?: string | AllNamespaces | undefined
}

/** Options of {@link Client.with}: what is left out stays as it is. */
export interface ClientOverrides {
  /** Used when a namespaced call names none. */
  namespace?: string | undefined
  /** Takes the place of the whole impersonation before it. */
  impersonate?: Impersonation | undefined
  /** Default manager of writes. */
  fieldManager?: string | undefined
  /** Default of writes: what the server does with unknown and duplicate fields. */
  fieldValidation?: FieldValidation | undefined
  /**
   * Every write of this client is a rehearsal: validated, admitted and not stored. {@link Client.request} too, unless its method
   * is GET or HEAD or it says `dryRun` itself. What is no write to the API is done for real: an exec, or what a proxied
   * service makes of a request.
   */
  dryRun?: boolean | undefined
  /** Added to each request within the server's origin. */
  headers?: Readonly<Record<string, string>> | undefined
}

/** Options of {@link Client.proxyUrl}. */
export interface ProxyUrlOptions {
  /** Number or name. @defaultValue the server's choice */
  port?: number | string | undefined
  /** Of a pod or service. @defaultValue the client's namespace */
  namespace?: string | undefined
  /** What the API server speaks to the target. @defaultValue 'http' */
  scheme?: 'http' | 'https' | undefined
  /** Behind the proxy, with its query. @defaultValue '/' */
  path?: string | undefined
}

/** What the server says of its build. */
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
  /** In any case. @defaultValue 'GET' */
  method?: string | undefined
  /** Beside the client's own, and instead of those of the same name. */
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
  /** Beside the client's own, and instead of those of the same name. */
  headers?: RequestOptions['headers']
}

/** A response with the usual ways to read it. Each reads the body, so call one, once. */
export interface RawResponse extends KubeResponse, AsyncDisposable {
  /** As UTF-8. */
  text(): Promise<string>
  /** The type is your claim: nothing checks it. @throws {@link ProtocolError} for what is no JSON */
  json<T = unknown>(): Promise<T>
  /** As they came, decompressed. */
  bytes(): Promise<Uint8Array>
}
