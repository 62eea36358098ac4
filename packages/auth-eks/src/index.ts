/**
 * Tokens for Amazon EKS, signed in process, for `@kubeclient/core`.
 *
 * @module @kubeclient/auth-eks
 */
export type { AwsCredentials, AwsCredentialSource } from './aws-credentials.ts'
export { eksAuth } from './eks-auth.ts'
export type { EksAuthOptions } from './eks-auth.ts'
export { eksCredentials } from './eks-credentials.ts'
export type { EksCredentialsOptions } from './eks-credentials.ts'
