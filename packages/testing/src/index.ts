/**
 * Servers to test Kubernetes clients against.
 *
 * @module @kubeclient/testing
 */
export type { RecordedRequest } from './api-server/recorded-request.ts'
export type { CustomResource } from './api-server/seed-objects.ts'
export { startApiServer } from './api-server/start-api-server.ts'
export type { ApiServer, ApiServerOptions } from './api-server/start-api-server.ts'
export type { ControlPlane, ControlPlaneOptions, CreateUserOptions } from './control-plane/control-plane.ts'
export { startControlPlane } from './control-plane/start-control-plane.ts'
