import {
  type AuthInfoContext,
  type AuthProviderConfig,
  ConfigError,
  CredentialError,
  type CredentialContext,
  type CredentialPlugin,
  type CredentialProvider,
  type Credentials,
  type ExecConfig,
} from '@kubeclient/core/spec'
import { type AllowList, checkAllow } from './allow-list.ts'
import { checkOptions } from './check-options.ts'
import { defaultTimeoutMs, type GcpCredentialsOptions } from './gcp-credentials.ts'
import { googleScopes } from './google-scopes.ts'
import { parseGkeEntry } from './parse-gke-entry.ts'
import { parseLegacyEntry } from './parse-legacy-entry.ts'
import { quote } from './quote.ts'
import { runLegacyCommand } from './run-legacy-command.ts'
import { type Fail, signIn } from './sign-in.ts'
import { tokenFault } from './token-fault.ts'

export interface GcpAuthOptions extends GcpCredentialsOptions {
  /**
   * Commands that an `auth-provider: gcp` entry may run, as names or absolute paths. `any`: whatever the author of the
   * kubeconfig chose. Arguments are the author's anyway. @defaultValue none
   */
  allow?: 'any' | readonly string[] | undefined
}

/**
 * Serves `gke-gcloud-auth-plugin` entries without running it, and those of the `auth-provider: gcp` that came before it: both
 * with application-default credentials, and a command only where a legacy entry names one that is allowed. Put it before `execAuth`,
 * which then gets the entries with options that are not known here.
 *
 * @throws {@link ConfigError} for options that cannot work
 * @see https://cloud.google.com/kubernetes-engine/docs/how-to/cluster-access-for-kubectl
 */
export function gcpAuth(options: GcpAuthOptions = {}): CredentialPlugin {
  checkOptions('gcpAuth', options)
  const settings = { ...options, timeoutMs: options.timeoutMs ?? defaultTimeoutMs, allow: checkAllow(options.allow) }
  return {
    specVersion: 'v1',
    name: 'gcp',
    fromAuthInfo({ exec, 'auth-provider': provider }, context) {
      if (exec !== undefined) return gkeProvider(exec, context, settings)
      return provider?.name === 'gcp' ? legacyProvider(provider, context, settings) : undefined
    },
  }
}

interface Settings extends GcpCredentialsOptions {
  readonly timeoutMs: number
  readonly allow: AllowList
}

function gkeProvider(exec: ExecConfig, context: AuthInfoContext, settings: Settings): CredentialProvider | undefined {
  const entry = parseGkeEntry(exec)
  if (entry === undefined) return undefined
  if (entry.ownToken === undefined) checkIdentity(context, settings)
  const { scopes = googleScopes, authClient, timeoutMs } = settings
  return providerOf(context, async (request, fail) => {
    const token = authClient === undefined ? entry.tokenInEnv() : undefined
    if (token === undefined) return signIn({ scopes, authClient, timeoutMs }, request, fail)
    const fault = tokenFault(token)
    if (fault !== undefined) throw fail(`CLOUDSDK_AUTH_ACCESS_TOKEN holds ${fault}`)
    return { token }
  })
}

function legacyProvider(
  { config }: AuthProviderConfig,
  context: AuthInfoContext,
  settings: Settings,
): CredentialProvider {
  const { scopes, command } = parseLegacyEntry(config)
  const { authClient, timeoutMs, allow } = settings
  if (command === undefined) {
    checkIdentity(context, settings)
    const own = { scopes: settings.scopes ?? scopes ?? googleScopes, authClient, timeoutMs }
    return providerOf(context, (request, fail) => signIn(own, request, fail))
  }
  const { directory } = context
  if (directory === undefined)
    throw new ConfigError('it runs commands for kubeconfigs that are files; use loadKubeconfig() or readKubeconfig()')
  return providerOf(context, (request, fail) =>
    runLegacyCommand(command, { allow, timeoutMs, directory }, request, fail),
  )
}

/**
 * A kubeconfig that is no file may be anybody's, and names the server that gets the token, which is good for far more than a cluster.
 *
 * @throws {@link ConfigError}
 */
function checkIdentity({ directory }: AuthInfoContext, { authClient }: Settings): void {
  if (directory !== undefined || authClient !== undefined) return
  throw new ConfigError(
    'it uses application-default credentials for kubeconfigs that are files; use loadKubeconfig() or readKubeconfig(), ' +
      'or say who signs in: gcpAuth({ authClient })',
  )
}

function providerOf(
  { userName }: AuthInfoContext,
  ask: (context: CredentialContext, fail: Fail) => Promise<Credentials>,
): CredentialProvider {
  const fail: Fail = (text) => new CredentialError(`user ${quote(userName)}: ${text}`, { provider: 'gcp' })
  return { name: 'gcp', getCredentials: async (context) => ask(context, fail) }
}
