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
    async rewriteUser(file, userName, update) {
      // Only for the few plugins that write back: everybody else starts without it.
      const { rewriteUser } = await import('./rewrite-user.ts')
      await rewriteUser(file, userName, update)
    },
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
  if (code === 'ERR_OSSL_X509_KEY_VALUES_MISMATCH') return 'the key is not the one of the certificate'
  return typeof code === 'string' ? `OpenSSL answers ${code}` : 'OpenSSL cannot read it'
}
