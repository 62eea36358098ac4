/**
 * The names of `@kubeclient/core` over `node:https` instead of undici: for small bundles, short cold starts, Bun and Deno.
 *
 * @module @kubeclient/core/lite
 */
export type {
  Client,
  ClientOverrides,
  ProxyUrlOptions,
  RawResponse,
  RequestOptions,
  ResourceOptions,
  UpgradeOptions,
  VersionInfo,
} from './client/client.ts'
export { createClient } from './client/create-lite-client.ts'
export type {
  CreateOnlyClient,
  MetadataClient,
  ResourceClient,
  ResourceReader,
  SubresourceAction,
  SubresourceClient,
} from './client/resource-client.ts'
export { retryOnConflict, type RetryOnConflictOptions } from './client/retry-on-conflict.ts'
export type { Binding, Eviction, IssuedToken, Scale, TokenRequest } from './client/subresource-kinds.ts'
export type { Bookmark, BookmarkEvent, WatchEvent } from './client/watch-event.ts'
export type { Discovery, OpenApiDocument, ResourceFilter } from './discovery/discovery.ts'
export { allNamespaces, type AllNamespaces } from './request/all-namespaces.ts'
export type { LabelSelector, LabelSelectorRequirement } from './request/label-selector.ts'
export type {
  ApplyOptions,
  BookmarkWatchOptions,
  CallOptions,
  CollectionChoice,
  CollectionDeleteOptions,
  CollectionOptions,
  CreateOptions,
  DeleteCollectionOptions,
  DeleteOptions,
  FieldValidation,
  GetOptions,
  ListOptions,
  ObjectOptions,
  PageOptions,
  QueryOptions,
  WatchOptions,
  WriteOptions,
} from './request/options.ts'
export type {
  ApplyObject,
  DeepPartial,
  JsonPatchOperation,
  MergePatch,
  MergeValue,
  PartialValue,
  Patch,
  StrategicDirectives,
  StrategicPatch,
  StrategicValue,
} from './request/patch.ts'
export type { AuthInfo, AuthProviderConfig, ExecConfig, NamedExtension } from './spec/auth-info.ts'
export type {
  ApiWarning,
  ClientConfig,
  DiscoveryCache,
  Impersonation,
  RetryOptions,
  Timeouts,
  TlsOptions,
} from './spec/client-config.ts'
export type { AuthInfoContext, CredentialPlugin } from './spec/credential-plugin.ts'
export type {
  ClientCertificate,
  CredentialContext,
  CredentialFetch,
  CredentialFetchInit,
  CredentialProvider,
  Credentials,
} from './spec/credentials.ts'
export {
  ApiError,
  ConfigError,
  CredentialError,
  DiscoveryError,
  InvalidRequestError,
  KubeError,
  NoMatchError,
  ProtocolError,
  TransportError,
  WatchExpiredError,
  isAlreadyExists,
  isConflict,
  isExpired,
  isForbidden,
  isKubeError,
  isNotFound,
  isStatus,
  isTooManyRequests,
  isUnauthorized,
} from './spec/errors.ts'
export type {
  AnyKubeError,
  ApiErrorDetails,
  ConfigErrorDetails,
  KubeErrorCode,
  TransportErrorDetails,
  WatchExpiredErrorDetails,
} from './spec/errors.ts'
export type { Handler, Middleware } from './spec/middleware.ts'
export type {
  DynamicObject,
  KubeList,
  KubeObject,
  ListMeta,
  ManagedFieldsEntry,
  NamedObject,
  ObjectMeta,
  OwnerReference,
  PartialObjectMetadata,
  Status,
  StatusCause,
  StatusDetails,
  StatusReason,
  Stored,
  StoredMeta,
  StoredObject,
  Table,
} from './spec/object.ts'
export type {
  ByteDuplex,
  KubeRequest,
  KubeResponse,
  Operation,
  RequestHeaders,
  RequestSummary,
  ResponseHeaders,
} from './spec/request.ts'
export type {
  CreateOnlyDescriptor,
  GroupInfo,
  KindRef,
  Manifest,
  NamedManifest,
  ObjectRef,
  PluralRef,
  ResourceDescriptor,
  ResourceInfo,
  ResourceRef,
  SubresourceInfo,
} from './spec/resource.ts'
export type { ConnectionOptions, Transport, TransportFactory, UpgradedConnection } from './spec/transport.ts'
