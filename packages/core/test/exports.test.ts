import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { exportedNames } from './exported-names.ts'
import * as fetch from '../src/fetch.ts'
import * as main from '../src/index.ts'
import * as lite from '../src/lite.ts'
import * as spec from '../src/spec/index.ts'

const sourceOf = (path: string): Promise<string> => readFile(new URL(`../src/${path}.ts`, import.meta.url), 'utf8')

describe('@kubeclient/core', () => {
  it('exports these values', () => {
    expect(Object.keys(main).toSorted()).toEqual([
      'ApiError',
      'ConfigError',
      'CredentialError',
      'DiscoveryError',
      'InvalidRequestError',
      'KubeError',
      'NoMatchError',
      'ProtocolError',
      'TransportError',
      'WatchExpiredError',
      'allNamespaces',
      'createClient',
      'isAlreadyExists',
      'isConflict',
      'isExpired',
      'isForbidden',
      'isKubeError',
      'isNotFound',
      'isStatus',
      'isTooManyRequests',
      'isUnauthorized',
      'retryOnConflict',
    ])
  })

  it('exports these types', async () => {
    expect(exportedNames(await sourceOf('index')).types).toEqual([
      'AllNamespaces',
      'AnyKubeError',
      'ApiErrorDetails',
      'ApiWarning',
      'ApplyObject',
      'ApplyOptions',
      'AuthInfo',
      'AuthInfoContext',
      'AuthProviderConfig',
      'Binding',
      'Bookmark',
      'BookmarkEvent',
      'BookmarkWatchOptions',
      'ByteDuplex',
      'CallOptions',
      'Client',
      'ClientCertificate',
      'ClientConfig',
      'ClientOverrides',
      'CollectionChoice',
      'CollectionDeleteOptions',
      'CollectionOptions',
      'ConfigErrorDetails',
      'ConnectionOptions',
      'CreateOnlyClient',
      'CreateOnlyDescriptor',
      'CreateOptions',
      'CredentialContext',
      'CredentialFetch',
      'CredentialFetchInit',
      'CredentialPlugin',
      'CredentialProvider',
      'Credentials',
      'DeepPartial',
      'DeleteCollectionOptions',
      'DeleteOptions',
      'Discovery',
      'DiscoveryCache',
      'DynamicObject',
      'Eviction',
      'ExecConfig',
      'FieldValidation',
      'GetOptions',
      'GroupInfo',
      'Handler',
      'Impersonation',
      'IssuedToken',
      'JsonPatchOperation',
      'KindRef',
      'KubeErrorCode',
      'KubeList',
      'KubeObject',
      'KubeRequest',
      'KubeResponse',
      'LabelSelector',
      'LabelSelectorRequirement',
      'ListMeta',
      'ListOptions',
      'ManagedFieldsEntry',
      'Manifest',
      'MergePatch',
      'MergeValue',
      'MetadataClient',
      'Middleware',
      'NamedExtension',
      'NamedManifest',
      'NamedObject',
      'ObjectMeta',
      'ObjectOptions',
      'ObjectRef',
      'OpenApiDocument',
      'Operation',
      'OwnerReference',
      'PageOptions',
      'PartialObjectMetadata',
      'PartialValue',
      'Patch',
      'PluralRef',
      'ProxyUrlOptions',
      'QueryOptions',
      'RawResponse',
      'RequestHeaders',
      'RequestOptions',
      'RequestSummary',
      'ResourceClient',
      'ResourceDescriptor',
      'ResourceFilter',
      'ResourceInfo',
      'ResourceOptions',
      'ResourceReader',
      'ResourceRef',
      'ResponseHeaders',
      'RetryOnConflictOptions',
      'RetryOptions',
      'Scale',
      'Status',
      'StatusCause',
      'StatusDetails',
      'StatusReason',
      'Stored',
      'StoredMeta',
      'StoredObject',
      'StrategicDirectives',
      'StrategicPatch',
      'StrategicValue',
      'SubresourceAction',
      'SubresourceClient',
      'SubresourceInfo',
      'Table',
      'Timeouts',
      'TlsOptions',
      'TokenRequest',
      'Transport',
      'TransportErrorDetails',
      'TransportFactory',
      'UpgradeOptions',
      'UpgradedConnection',
      'VersionInfo',
      'WatchEvent',
      'WatchExpiredErrorDetails',
      'WatchOptions',
      'WriteOptions',
    ])
  })

  it('is a list of named exports, without code', async () => {
    const { values, rest } = exportedNames(await sourceOf('index'))
    expect(values).toEqual(Object.keys(main).toSorted())
    expect(rest).toBe('')
  })
})

describe('@kubeclient/core/spec', () => {
  it('exports these values', () => {
    expect(Object.keys(spec).toSorted()).toEqual([
      'ApiError',
      'ConfigError',
      'CredentialError',
      'DiscoveryError',
      'InvalidRequestError',
      'KubeError',
      'NoMatchError',
      'ProtocolError',
      'TransportError',
      'WatchExpiredError',
      'isAlreadyExists',
      'isConflict',
      'isExpired',
      'isForbidden',
      'isKubeError',
      'isNotFound',
      'isStatus',
      'isTooManyRequests',
      'isUnauthorized',
    ])
  })

  it('exports these types', async () => {
    expect(exportedNames(await sourceOf('spec/index')).types).toEqual([
      'AnyKubeError',
      'ApiErrorDetails',
      'ApiWarning',
      'AuthInfo',
      'AuthInfoContext',
      'AuthProviderConfig',
      'ByteDuplex',
      'ClientCertificate',
      'ClientConfig',
      'ConfigErrorDetails',
      'ConnectionOptions',
      'CreateOnlyDescriptor',
      'CredentialContext',
      'CredentialFetch',
      'CredentialFetchInit',
      'CredentialPlugin',
      'CredentialProvider',
      'Credentials',
      'DiscoveryCache',
      'DynamicObject',
      'ExecConfig',
      'GroupInfo',
      'Handler',
      'Impersonation',
      'KindRef',
      'KubeErrorCode',
      'KubeList',
      'KubeObject',
      'KubeRequest',
      'KubeResponse',
      'ListMeta',
      'ManagedFieldsEntry',
      'Manifest',
      'Middleware',
      'NamedExtension',
      'NamedManifest',
      'NamedObject',
      'ObjectMeta',
      'ObjectRef',
      'Operation',
      'OwnerReference',
      'PartialObjectMetadata',
      'PluralRef',
      'RequestHeaders',
      'RequestSummary',
      'ResourceDescriptor',
      'ResourceInfo',
      'ResourceRef',
      'ResponseHeaders',
      'RetryOptions',
      'Status',
      'StatusCause',
      'StatusDetails',
      'StatusReason',
      'Stored',
      'StoredMeta',
      'StoredObject',
      'SubresourceInfo',
      'Table',
      'Timeouts',
      'TlsOptions',
      'Transport',
      'TransportErrorDetails',
      'TransportFactory',
      'UpgradedConnection',
      'WatchExpiredErrorDetails',
    ])
  })

  it('is a list of named exports, without code', async () => {
    const { values, rest } = exportedNames(await sourceOf('spec/index'))
    expect(values).toEqual(Object.keys(spec).toSorted())
    expect(rest).toBe('')
  })
})

describe('@kubeclient/core/lite', () => {
  it('exports the names of the main entry', async () => {
    const { values, types, rest } = exportedNames(await sourceOf('lite'))
    expect({ values, types, rest }).toEqual(exportedNames(await sourceOf('index')))
    expect(Object.keys(lite).toSorted()).toEqual(values)
  })
})

describe('@kubeclient/core/fetch', () => {
  it('exports the names of the main entry, and the type of its own configuration', async () => {
    const { values, types, rest } = exportedNames(await sourceOf('fetch'))
    const all = exportedNames(await sourceOf('index'))
    expect({ values, types, rest }).toEqual({ ...all, types: [...all.types, 'FetchClientConfig'].toSorted() })
    expect(Object.keys(fetch).toSorted()).toEqual(values)
  })
})

describe('the entries', () => {
  it('overlap: whatever ./spec exports, the main entry does too', async () => {
    const inner = exportedNames(await sourceOf('spec/index'))
    const outer = exportedNames(await sourceOf('index'))
    expect(outer.values).toEqual(expect.arrayContaining(inner.values))
    expect(outer.types).toEqual(expect.arrayContaining(inner.types))
  })
})
