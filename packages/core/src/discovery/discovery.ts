import type { GroupInfo, ResourceInfo, ResourceRef } from '../spec/resource.ts'

/** What the server serves. One set of requests for all callers. */
export interface Discovery {
  /** Every served version. @throws {@link DiscoveryError} when a group that could match did not answer. */
  resources(filter?: ResourceFilter): Promise<readonly ResourceInfo[]>
  /** @throws {@link NoMatchError} not served · {@link DiscoveryError} not known */
  resolve(ref: ResourceRef): Promise<ResourceInfo>
  /** @throws {@link DiscoveryError} not known */
  has(ref: ResourceRef): Promise<boolean>
  /** Those that answer, the core group first. */
  groups(): Promise<readonly GroupInfo[]>
  /** OpenAPI v3 of `v1`, `apps/v1` …; cached by the server's hash. @throws {@link NoMatchError} where the server has none */
  openApi(groupVersion: string): Promise<OpenApiDocument>
  /** Asks the server again now, rather than when what is known is ten minutes old or lacks something. */
  refresh(): Promise<void>
  /** Whether anything is known: then no call has to wait for discovery. */
  readonly loaded: boolean
}

/** What to list; all of it must hold. */
export interface ResourceFilter {
  /** `''` for the core group. */
  group?: string | undefined
  /** One that the resource has: `list`, `watch` … */
  verb?: string | undefined
  /** One that the resource is in: `all`, or those of a CRD. */
  category?: string | undefined
  /** `false`: cluster-scoped ones. @defaultValue both */
  namespaced?: boolean | undefined
}

/** As the server wrote it; only that it is such a document has been checked. @see https://spec.openapis.org/oas/v3.0.0 */
export interface OpenApiDocument {
  openapi: string
  info: { title: string; version: string }
  paths: Record<string, unknown>
  components?: { schemas?: Record<string, unknown> }
}
