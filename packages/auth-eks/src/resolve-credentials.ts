import type { CredentialError } from '@kubeclient/core/spec'
import type { AwsCredentials, AwsCredentialSource } from './aws-credentials.ts'
import { awsIdentity } from './aws-identity.ts'
import { credentialsFault } from './credentials-fault.ts'
import type { Env } from './env.ts'
import { type AwsSdk, type ClientConfig, loadAwsSdk } from './load-aws-sdk.ts'
import { maskSecrets } from './mask-secrets.ts'
import { quote } from './quote.ts'
import type { StsVariant } from './sts-endpoint.ts'

/** A role to take on before signing. */
export interface Role {
  readonly arn: string
  readonly sessionName?: string | undefined
  readonly externalId?: string | undefined
}

export interface CredentialPlan {
  /** What the program gave. It wins over what an entry says. */
  readonly source: AwsCredentialSource | undefined
  readonly env: Env
  /** A profile that was asked for by an option: variables with keys do not win over it. */
  readonly profile?: string | undefined
  readonly role?: Role | undefined
  readonly region: string
  readonly variant: StsVariant
}

export type Fail = (text: string) => CredentialError

interface Effects {
  readonly now: () => number
  readonly fail: Fail
}

/** @throws {@link CredentialError} in words that hold no credential. */
export async function resolveCredentials(plan: CredentialPlan, effects: Effects): Promise<AwsCredentials> {
  const credentials = await baseCredentials(plan, effects)
  if (plan.role === undefined) return credentials
  return assumeRole(plan.role, credentials, plan, effects)
}

async function baseCredentials(plan: CredentialPlan, effects: Effects): Promise<AwsCredentials> {
  const { source, env, profile } = plan
  if (source !== undefined) {
    const ask = typeof source === 'function' ? source : (): Promise<AwsCredentials> => Promise.resolve(source)
    return usable('the AWS credentials that were given', ask, plan, effects)
  }
  const inEnv = profile === undefined ? keysInEnv(env) : undefined
  if (inEnv === undefined) return chainCredentials(plan, effects)
  return usable('the AWS_* variables', () => Promise.resolve(inEnv), plan, effects)
}

/** As far as they are set: half of a pair is an error, and no reason to look elsewhere for another identity. */
function keysInEnv(env: Env): AwsCredentials | undefined {
  const [accessKeyId, secretAccessKey] = [env('AWS_ACCESS_KEY_ID'), env('AWS_SECRET_ACCESS_KEY')]
  if (accessKeyId === undefined && secretAccessKey === undefined) return undefined
  const expiration = env('AWS_CREDENTIAL_EXPIRATION')
  return {
    accessKeyId: accessKeyId ?? '',
    secretAccessKey: secretAccessKey ?? '',
    sessionToken: env('AWS_SESSION_TOKEN'),
    expiration: expiration === undefined ? undefined : new Date(expiration),
  }
}

async function chainCredentials(plan: CredentialPlan, effects: Effects): Promise<AwsCredentials> {
  const profile = plan.profile ?? plan.env('AWS_PROFILE') ?? plan.env('AWS_DEFAULT_PROFILE')
  const what = profile === undefined ? "AWS's credential chain" : `the profile ${quote(profile, 100)} of AWS`
  const why = profile === undefined ? `AWS_ACCESS_KEY_ID is not set, so that ${what}` : what
  const sdk = await needSdk(`${why} is to be asked`, effects)
  const options = { ignoreCache: true, clientConfig: clientConfigOf(plan) }
  const ask = profile === undefined ? sdk.fromNodeProviderChain(options) : sdk.fromIni({ ...options, profile })
  return usable(what, ask, plan, effects)
}

async function assumeRole(
  { arn, sessionName, externalId }: Role,
  credentials: AwsCredentials,
  plan: CredentialPlan,
  effects: Effects,
): Promise<AwsCredentials> {
  const what = `the role ${quote(arn, 100)}`
  const sdk = await needSdk(`${what} is to be assumed`, effects)
  const ask = sdk.fromTemporaryCredentials({
    masterCredentials: awsIdentity(credentials),
    params: {
      RoleArn: arn,
      ...(sessionName !== undefined && { RoleSessionName: sessionName }),
      ...(externalId !== undefined && { ExternalId: externalId }),
    },
    clientConfig: clientConfigOf(plan),
  })
  return usable(what, ask, plan, effects, [credentials])
}

/** For what the SDK asks itself. What the entry does not say is left to AWS's files. */
function clientConfigOf({ region, variant: { fips, dualstack } }: CredentialPlan): ClientConfig {
  return { region, ...(fips && { useFipsEndpoint: true }), ...(dualstack && { useDualstackEndpoint: true }) }
}

async function needSdk(why: string, { fail }: Effects): Promise<AwsSdk> {
  const sdk = await loadAwsSdk().catch((error: unknown) => {
    throw fail(`${why}, and @aws-sdk/credential-providers cannot be loaded: ${wordsOf(error, [])}`)
  })
  if (sdk !== undefined) return sdk
  throw fail(
    `${why}, which takes AWS's SDK: npm install @aws-sdk/credential-providers; ` +
      'in a bundle, import it and pass a provider of it as "credentials"',
  )
}

/** Credentials that something can be signed with. */
async function usable(
  what: string,
  ask: () => Promise<AwsCredentials>,
  { env }: CredentialPlan,
  { fail, now }: Effects,
  others: readonly AwsCredentials[] = [],
): Promise<AwsCredentials> {
  let credentials: AwsCredentials
  try {
    credentials = await ask()
  } catch (error) {
    const secrets = others.flatMap(({ secretAccessKey, sessionToken }) => [secretAccessKey, sessionToken])
    const inEnv = [env('AWS_SECRET_ACCESS_KEY'), env('AWS_SESSION_TOKEN')]
    // Not as the cause: errors of SDKs hold requests and answers.
    throw fail(`${what} could not be had: ${wordsOf(error, [...secrets, ...inEnv])}`)
  }
  const fault = credentialsFault(credentials, now())
  if (fault !== undefined) throw fail(`${what} ${fault}`)
  return credentials
}

/** Name and masked message of what was thrown. Node's words on a command that failed hold its arguments and what it printed. */
function wordsOf(error: unknown, secrets: readonly (string | undefined)[]): string {
  if (!(error instanceof Error)) return 'what was thrown is no Error'
  const name = /^\w{1,64}$/.test(error.name) ? error.name : 'Error'
  const { message }: { message: unknown } = error // of services, maybe without one
  const words = typeof message === 'string' ? message : 'no words'
  return `${name}: ${quote(maskSecrets(words.replace(/(?<=Command failed).*/s, ''), secrets))}`
}
