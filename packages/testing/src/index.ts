/**
 * Servers to test Kubernetes clients against.
 *
 * @module @kubeclient/testing
 */
export type { ControlPlane, ControlPlaneOptions, CreateUserOptions } from './control-plane/control-plane.ts'
export { startControlPlane } from './control-plane/start-control-plane.ts'
