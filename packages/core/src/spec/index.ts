/**
 * What plugins, transports and generated kinds are made of. Imports nothing, names no Node type.
 *
 * Two rules of spelling. A field the *user* gives is `name?: X | undefined` (a value that may be undefined can be passed on
 * as it is, whatever flags the user compiles with). A field the user *reads* is `name?: X`.
 *
 * @module @kubeclient/core/spec
 */
export type { AuthInfo, AuthProviderConfig, ExecConfig, NamedExtension } from './auth-info.ts'
export type {
  ApiWarning,
  ClientConfig,
  DiscoveryCache,
  Impersonation,
  RetryOptions,
  Timeouts,
  TlsOptions,
} from './client-config.ts'
export type { AuthInfoContext, CredentialPlugin } from './credential-plugin.ts'
export type {
  ClientCertificate,
  CredentialContext,
  CredentialFetch,
  CredentialFetchInit,
  CredentialProvider,
  Credentials,
} from './credentials.ts'
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
} from './errors.ts'
export type {
  AnyKubeError,
  ApiErrorDetails,
  ConfigErrorDetails,
  KubeErrorCode,
  TransportErrorDetails,
  WatchExpiredErrorDetails,
} from './errors.ts'
export type { Handler, Middleware } from './middleware.ts'
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
} from './object.ts'
export type {
  ByteDuplex,
  KubeRequest,
  KubeResponse,
  Operation,
  RequestHeaders,
  RequestSummary,
  ResponseHeaders,
} from './request.ts'
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
} from './resource.ts'
export type { ConnectionOptions, Transport, TransportFactory, UpgradedConnection } from './transport.ts'
