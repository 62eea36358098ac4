import { ConfigError, CredentialError, type CredentialProvider } from '@kubeclient/core/spec'
import type { AwsCredentialSource } from './aws-credentials.ts'
import { checkSource } from './check-source.ts'
import { envWith } from './env.ts'
import { clusterNameFault, regionFault } from './names.ts'
import { quote } from './quote.ts'
import { signIn } from './sign-in.ts'
import { stsEndpoint } from './sts-endpoint.ts'

export interface EksCredentialsOptions {
  /** As `aws eks list-clusters` has it; of a cluster on Outposts, its id. */
  clusterName: string
  /** `eu-central-1`: any region of the cluster's partition will do, and its own is the best. */
  region: string
  /**
   * Keys, or a function that is asked for each token: any provider of the AWS SDK fits.
   *
   * @defaultValue `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and `AWS_SESSION_TOKEN`; without these, the credential chain of
   * `@aws-sdk/credential-providers`, if it is installed
   */
  credentials?: AwsCredentialSource | undefined
  /** Sign for the FIPS endpoint. @defaultValue false */
  fips?: boolean | undefined
  /** Sign for the dual-stack endpoint. @defaultValue false */
  dualstack?: boolean | undefined
}

/**
 * Tokens for one EKS cluster, signed in process. They are good for 14 minutes, or until the keys end.
 *
 * @throws {@link ConfigError} for a cluster, a region or credentials that cannot be
 * @see https://docs.aws.amazon.com/eks/latest/userguide/cluster-auth.html
 */
export function eksCredentials(options: EksCredentialsOptions): CredentialProvider {
  const { clusterName, region, fips = false, dualstack = false, credentials: source } = options ?? {}
  const fault =
    clusterNameFault(clusterName) ??
    regionFault(region) ??
    (typeof fips === 'boolean' ? undefined : '"fips" is true or false') ??
    (typeof dualstack === 'boolean' ? undefined : '"dualstack" is true or false')
  if (fault !== undefined) throw new ConfigError(`eksCredentials: ${fault}`)
  checkSource('eksCredentials', source)
  const variant = { fips, dualstack }
  const endpoint = stsEndpoint(region, variant)
  const fail = (text: string): CredentialError =>
    new CredentialError(`EKS cluster ${quote(clusterName)}: ${text}`, { provider: 'eks' })
  const plan = { clusterName, region, endpoint, variant, source, env: envWith() }
  return { name: 'eks', getCredentials: (context) => signIn(plan, context, fail) }
}
