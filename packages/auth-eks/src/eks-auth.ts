import {
  type AuthInfoContext,
  ConfigError,
  CredentialError,
  type CredentialPlugin,
  type CredentialProvider,
  type ExecConfig,
} from '@kubeclient/core/spec'
import type { AwsCredentialSource } from './aws-credentials.ts'
import { checkSource } from './check-source.ts'
import { type Env, envWith } from './env.ts'
import { type EksEntry, parseEntry } from './parse-entry.ts'
import { planEntry } from './plan-entry.ts'
import { quote } from './quote.ts'
import { signIn } from './sign-in.ts'

export interface EksAuthOptions {
  /**
   * Clusters that a kubeconfig may sign for, by name. A token goes to the server that the kubeconfig names, and whoever has
   * it can use it for that cluster until it ends: name yours where kubeconfigs come from others.
   *
   * @defaultValue any
   */
  clusters?: readonly string[] | undefined
  /**
   * Keys, or a function that is asked for each token, instead of the variables and the profile that an entry names. A role that it
   * names is assumed with them.
   *
   * @defaultValue as `aws` has it: the entry's profile, variables with keys, AWS's credential chain; for kubeconfigs that are no
   * files, keys in the entry's own `env` only
   */
  credentials?: AwsCredentialSource | undefined
}

/**
 * Serves `user.exec` entries whose command is `aws eks get-token` or `aws-iam-authenticator token`: signs the token that the
 * command would print, and runs nothing. Put it before `execAuth`, which then gets the entries with options that are not
 * known here.
 *
 * @throws {@link ConfigError} for options that cannot work
 * @see https://docs.aws.amazon.com/eks/latest/userguide/create-kubeconfig.html
 */
export function eksAuth(options: EksAuthOptions = {}): CredentialPlugin {
  if (typeof options !== 'object' || options === null) throw new ConfigError('eksAuth: the options are an object')
  const { clusters, credentials } = options
  if (clusters !== undefined && !(Array.isArray(clusters) && clusters.every((name) => typeof name === 'string')))
    throw new ConfigError('eksAuth: "clusters" is a list of names of clusters')
  checkSource('eksAuth', credentials)
  return {
    specVersion: 'v1',
    name: 'eks',
    fromAuthInfo({ exec }, context) {
      return exec === undefined ? undefined : entryProvider(exec, context, { clusters, credentials })
    },
  }
}

function entryProvider(
  exec: ExecConfig,
  { userName, directory }: AuthInfoContext,
  { clusters, credentials: source }: EksAuthOptions,
): CredentialProvider | undefined {
  const entry = parseEntry(exec)
  if (entry === undefined) return undefined
  const fail = (text: string): CredentialError =>
    new CredentialError(`user ${quote(userName)}: ${text}`, { provider: 'eks' })
  const isTrusted = directory !== undefined || source !== undefined
  const env = envWith(exec.env, isTrusted ? undefined : {})
  if (!isTrusted) checkKeys(entry, env)
  const context = { env, source, clusters, fail }
  return {
    name: 'eks',
    getCredentials: async (request) => signIn(planEntry(entry, context), request, fail),
  }
}

/**
 * A kubeconfig that is no file may be anybody's, and names the server that gets the token: that is signed with the keys of the entry.
 *
 * @throws {@link ConfigError}
 */
function checkKeys({ profile }: EksEntry, env: Env): void {
  const isSet = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'].every((name) => env(name) !== undefined)
  if (isSet && profile === undefined) return
  throw new ConfigError(
    'it signs with the keys of this machine for kubeconfigs that are files; use loadKubeconfig() or readKubeconfig(), ' +
      'or say who signs in: eksAuth({ credentials })',
  )
}
