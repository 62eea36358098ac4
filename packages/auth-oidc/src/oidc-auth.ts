import type { AuthInfoContext, CredentialPlugin } from '@kubeclient/core/spec'
import { checkOptions } from './check-options.ts'
import { emitWarning } from './emit-warning.ts'
import { readProviderConfig } from './provider-config.ts'
import { signIn } from './sign-in.ts'
import { type OidcTokenStore, kubeconfigStore } from './token-store.ts'

export interface OidcAuthOptions {
  /**
   * Write new tokens back to the file that the entry came from, as kubectl does. Where the provider takes a refresh token only
   * once, a file without its successor is of no use any more. @defaultValue true
   */
  persist?: boolean | undefined
  /** Keeps the tokens instead of the file. What it holds wins over the kubeconfig. */
  store?: OidcTokenStore | undefined
  /** Told when new tokens could not be kept, and when clocks differ. No secrets. @defaultValue `process.emitWarning` */
  onWarning?: ((text: string) => void) | undefined
}

/**
 * Serves `auth-provider: oidc` entries: uses their `id-token` while it lasts, and gets another for their `refresh-token`.
 *
 * @throws {@link ConfigError} for options that cannot work
 * @see https://kubernetes.io/docs/reference/access-authn-authz/authentication/#openid-connect-tokens
 */
export function oidcAuth(options: OidcAuthOptions = {}): CredentialPlugin {
  checkOptions('oidcAuth', options)
  const { persist = true, store, onWarning = emitWarning } = options
  return {
    specVersion: 'v1',
    name: 'oidc',
    fromAuthInfo({ 'auth-provider': provider }, context) {
      if (provider?.name !== 'oidc') return undefined
      const own = readProviderConfig(provider.config ?? {}, context)
      return signIn({ ...own, store: store ?? (persist ? fileOf(context) : undefined), onWarning })
    },
  }
}

function fileOf({ persist }: AuthInfoContext): OidcTokenStore | undefined {
  return persist === undefined ? undefined : kubeconfigStore(persist)
}
