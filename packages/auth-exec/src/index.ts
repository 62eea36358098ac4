/**
 * Sign-in commands of kubeconfigs (`user.exec`) for `@kubeclient/core`.
 *
 * @module @kubeclient/auth-exec
 */
export { execAuth } from './exec-auth.ts'
export type { ExecAuthOptions } from './exec-auth.ts'
