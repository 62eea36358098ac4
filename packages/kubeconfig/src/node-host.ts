import { X509Certificate } from 'node:crypto'
import path from 'node:path'
import { createSecureContext } from 'node:tls'
import type { Host } from './host.ts'
import { readReferencedFile } from './read-files.ts'

/** The capability to read what a kubeconfig names, and OpenSSL's opinion of it. */
export function nodeHost(): Host {
  return {
    resolve: (directory, file) => path.resolve(directory, file),
    readFile: readReferencedFile,
    caFault: (ca) => faultOf(() => new X509Certificate(ca)),
    keyPairFault: (cert, key) => faultOf(() => createSecureContext({ cert, key })),
  }
}

function faultOf(attempt: () => unknown): string | undefined {
  try {
    attempt()
    return undefined
  } catch (error) {
    return wordsFor(error instanceof Error && 'code' in error ? error.code : undefined)
  }
}

/** OpenSSL's codes say enough; its messages are not for readers. */
function wordsFor(code: unknown): string {
  switch (code) {
    case 'ERR_OSSL_X509_KEY_VALUES_MISMATCH':
      return 'the key is not the one of the certificate'
    case 'ERR_MISSING_PASSPHRASE':
    case 'ERR_OSSL_BAD_DECRYPT':
    case 'ERR_OSSL_CRYPTO_INTERRUPTED_OR_CANCELLED':
    case 'ERR_OSSL_PEM_BAD_PASSWORD_READ':
      return 'the key is encrypted; a kubeconfig has no place for its passphrase, so decrypt it'
    default:
      return typeof code === 'string' ? `OpenSSL answers ${code}` : 'OpenSSL cannot read it'
  }
}
