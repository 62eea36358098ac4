import { isKubeError } from '../spec/errors.ts'

/** What OpenSSL calls a certificate of a CA that is not among those given. */
const codes = new Set<unknown>([
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'CERT_SIGNATURE_FAILURE',
])

/** Whether a handshake failed because the server's CA is not trusted here: nothing was sent then. */
export function isUntrustedIssuer(error: unknown): boolean {
  if (!isKubeError(error, 'KUBE_TRANSPORT')) return false
  const { cause } = error
  return cause instanceof Error && 'code' in cause && codes.has(cause.code)
}
