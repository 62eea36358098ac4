import { isKubeError } from '@kubeclient/core/spec'
import type { AwsCredentialSource } from './aws-credentials.ts'
import type { Env } from './env.ts'
import { clusterNameFault, regionFault, roleFault } from './names.ts'
import type { EksEntry } from './parse-entry.ts'
import { quote } from './quote.ts'
import type { Fail, Role } from './resolve-credentials.ts'
import type { SignInPlan } from './sign-in.ts'
import { stsEndpoint, type StsEndpoint, type StsVariant } from './sts-endpoint.ts'

export interface EntryContext {
  readonly env: Env
  readonly source: AwsCredentialSource | undefined
  /** Names that may be signed for; absent: any. */
  readonly clusters: readonly string[] | undefined
  readonly fail: Fail
}

/** What an entry means with the environment as it is now. @throws {@link CredentialError} */
export function planEntry(entry: EksEntry, { clusters, fail, ...context }: EntryContext): SignInPlan {
  const { env } = context
  const clusterName = clusterOf(entry, env, fail)
  if (clusters !== undefined && !clusters.includes(clusterName)) {
    const name = quote(clusterName)
    throw fail(`the cluster ${name} is not one to sign for; if it is yours, pass eksAuth({ clusters: [${name}] })`)
  }
  const region = regionOf(entry, env, fail)
  const variant = variantOf(entry, env)
  const endpoint = endpointOf(region, variant, fail)
  return { ...context, clusterName, region, variant, endpoint, profile: entry.profile, role: roleOf(entry, env, fail) }
}

function clusterOf({ clusterName, program }: EksEntry, env: Env, fail: Fail): string {
  if (clusterName !== undefined) return clusterName
  const name = program === 'aws' ? undefined : env('KUBERNETES_AWS_AUTHENTICATOR_CLUSTER_ID')
  const fault = clusterNameFault(name)
  if (fault === undefined && name !== undefined) return name
  throw fail(`${fault}; give it to ${program} with --cluster-id`)
}

function regionOf(entry: EksEntry, env: Env, fail: Fail): string {
  const region = entry.region ?? env('AWS_REGION') ?? env('AWS_DEFAULT_REGION')
  const fault = regionFault(region)
  if (fault === undefined && region !== undefined) return region
  throw fail(`${fault}; give it to ${entry.program} with --region, or set AWS_REGION`)
}

function roleOf({ program, role, ...rest }: EksEntry, env: Env, fail: Fail): Role | undefined {
  const arn = role ?? (program === 'aws' ? undefined : env('DEFAULT_ROLE'))
  if (arn === undefined) return undefined
  const fault = roleFault(arn)
  if (fault !== undefined) throw fail(`DEFAULT_ROLE: ${fault}`)
  const sessionName = program === 'aws' ? 'EKSGetTokenAuth' : rest.sessionName
  return { arn, sessionName, externalId: rest.externalId }
}

function variantOf({ program }: EksEntry, env: Env): StsVariant {
  const isOn = (name: string): boolean => env(name)?.toLowerCase() === 'true'
  return {
    fips: isOn('AWS_USE_FIPS_ENDPOINT'),
    dualstack: isOn('AWS_USE_DUALSTACK_ENDPOINT'),
    // The authenticator's SDK knows the variable no more.
    legacy: program === 'aws' && env('AWS_STS_REGIONAL_ENDPOINTS')?.toLowerCase() === 'legacy',
  }
}

function endpointOf(region: string, variant: StsVariant, fail: Fail): StsEndpoint {
  try {
    return stsEndpoint(region, variant)
  } catch (error) {
    if (isKubeError(error, 'KUBE_CONFIG')) throw fail(`${error.message} (AWS_USE_DUALSTACK_ENDPOINT)`)
    throw error
  }
}
