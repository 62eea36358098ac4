/**
 * Servers to test Kubernetes clients against, and what a credential plugin has to keep.
 *
 * @module @kubeclient/testing
 */
export type { RecordedRequest } from './api-server/recorded-request.ts'
export type { CustomResource } from './api-server/seed-objects.ts'
export { startApiServer } from './api-server/start-api-server.ts'
export type { ApiServer, ApiServerOptions } from './api-server/start-api-server.ts'
export type { ControlPlane, ControlPlaneOptions, CreateUserOptions } from './control-plane/control-plane.ts'
export { startControlPlane } from './control-plane/start-control-plane.ts'
export { checkCredentialPlugin } from './credential-plugin/check-credential-plugin.ts'
export type { AcceptedEntry, FailingEntry, PluginCases, PluginEntry } from './credential-plugin/plugin-cases.ts'
