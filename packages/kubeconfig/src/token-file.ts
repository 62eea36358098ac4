import { CredentialError, type CredentialProvider } from '@kubeclient/core/spec'

/** Kubernetes replaces mounted tokens long before they expire; kubectl looks again after 50 s, and so do we. Milliseconds. */
const lifetimeMs = 55_000 // clients renew a tenth of the lifetime early

/**
 * Reads the token again about every 50 s, and at once after a 401. When that fails the last token goes on, except after a
 * 401, which is the proof that it will not do.
 */
export function tokenFileCredentials(
  path: string,
  readFile: (path: string) => Promise<Uint8Array>,
): CredentialProvider {
  return {
    name: 'token-file',
    async getCredentials(context) {
      const { reason, previous } = context
      const token = await read(path, readFile).catch((error: unknown) => {
        if (reason === 'refused' || previous?.token === undefined) throw error
        return previous.token
      })
      return { token, expiresAt: new Date(context.now() + lifetimeMs) }
    },
  }
}

/** What is wrong with a bearer token, or `undefined`. Never quotes it. */
export function tokenFault(token: string): string | undefined {
  if (token === '') return 'is empty'
  // Visible ASCII: anything else cannot be sent in a header, or would begin another one.
  return /^[\u0021-\u007e]+$/.test(token)
    ? undefined
    : 'holds spaces, line breaks or other characters that no token has'
}

async function read(path: string, readFile: (path: string) => Promise<Uint8Array>): Promise<string> {
  const bytes = await readFile(path).catch((error: unknown) => {
    const why = error instanceof Error ? error.message : 'unknown error'
    throw new CredentialError(`cannot read the token file ${path}: ${why}`, { provider: 'token-file' })
  })
  const token = new TextDecoder().decode(bytes).trim()
  const wrong = tokenFault(token)
  if (wrong === undefined) return token
  throw new CredentialError(`the token file ${path} ${wrong}`, { provider: 'token-file' })
}
