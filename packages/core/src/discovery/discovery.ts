import type { GroupInfo, ResourceInfo, ResourceRef } from '../spec/resource.ts'

/** What the server serves. One set of requests for all callers. */
export interface Discovery {
  /** Every served version. @throws {@link DiscoveryError} when a group that could match did not answer. */
  resources(filter?: ResourceFilter): Promise<readonly ResourceInfo[]>
  /** @throws {@link NoMatchError} not served · {@link DiscoveryError} not known */
  resolve(ref: ResourceRef): Promise<ResourceInfo>
  /** @throws {@link DiscoveryError} not known */
  has(ref: ResourceRef): Promise<boolean>
  groups(): Promise<readonly GroupInfo[]>
  /** OpenAPI v3 of `v1`, `apps/v1` …; cached by the server's hash. */
  openApi(groupVersion: string): Promise<OpenApiDocument>
  refresh(): Promise<void>
  readonly loaded: boolean
}

export interface ResourceFilter {
  /** `''` for the core group. */
  group?: string | undefined
  verb?: string | undefined
  category?: string | undefined
  namespaced?: boolean | undefined
}

export interface OpenApiDocument {
  openapi: string
  info: { title: string; version: string }
  paths: Record<string, unknown>
  components?: { schemas?: Record<string, unknown> }
}
