import { isKubeError } from '@kubeclient/core/spec'

/** Characters; what is longer hides what it says. */
const longest = 16 * 1024

/** What keeps an error from being one that a user can do something with. */
export function errorFault(error: unknown, provider: string | undefined): string | undefined {
  if (!isKubeError(error)) return `it failed with ${nameOf(error)}; let it be a CredentialError that says what to do`
  const { code, message } = error
  if (code !== 'KUBE_CREDENTIALS' && code !== 'KUBE_CONFIG')
    return `it failed with a ${error.name}; let it be a CredentialError, or a ConfigError for what the entry says`
  if (message.trim() === '') return 'its error has no message'
  if (message.length > longest) return 'its message is longer than a screen; cut what it quotes'
  if (provider === undefined || code === 'KUBE_CONFIG' || error.provider === provider) return undefined
  return 'the `provider` of its CredentialError is not the name of the provider'
}

/** Of another's error, the class only: its words may hold anything. */
function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return 'what is no Error'
  return /^\w{1,40}$/.test(error.name) ? `a ${error.name}` : 'an Error'
}
