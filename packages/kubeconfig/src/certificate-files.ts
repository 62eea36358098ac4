import type { ClientCertificate, CredentialContext, CredentialProvider, Credentials } from '@kubeclient/core/spec'

/** kubectl reads the files again after 5 minutes, and so do we. Milliseconds; clients renew a tenth of it early. */
const lifetimeMs = 330_000
/** Between the replacement of a certificate and that of its key the two do not fit: look again soon. Milliseconds. */
const retryMs = 10_000

/**
 * Reads certificate and key again about every 5 minutes, and at once after a 401. When they cannot be used the last pair goes
 * on, except after a 401, which is the proof that it will not do.
 *
 * @param read - throws what says why there is no pair
 * @param others - what else identifies the user: a certificate may come with a token or basic authentication
 */
export function certificateFileCredentials(
  read: () => Promise<ClientCertificate | undefined>,
  others: Credentials | CredentialProvider | undefined,
): CredentialProvider {
  return {
    name: 'client-certificate',
    async getCredentials(context) {
      const [other, pair] = await Promise.all([credentialsOf(others, context), readOrKeep(read, context)])
      const ends = [pair.expiresAt, other.expiresAt].filter((end) => end !== undefined)
      return { ...other, ...pair, expiresAt: new Date(Math.min(...ends.map(Number))) }
    },
  }
}

async function credentialsOf(
  others: Credentials | CredentialProvider | undefined,
  context: CredentialContext,
): Promise<Credentials> {
  if (others === undefined) return {}
  return 'getCredentials' in others ? others.getCredentials(context) : others
}

async function readOrKeep(
  read: () => Promise<ClientCertificate | undefined>,
  { reason, previous, now }: CredentialContext,
): Promise<Pick<Credentials, 'clientCertificate' | 'expiresAt'>> {
  try {
    const clientCertificate = await read()
    return { clientCertificate, expiresAt: new Date(now() + lifetimeMs) }
  } catch (error) {
    const clientCertificate = previous?.clientCertificate
    if (reason === 'refused' || clientCertificate === undefined) throw error
    return { clientCertificate, expiresAt: new Date(now() + retryMs) }
  }
}
