import type { AwsCredentials } from './aws-credentials.ts'
import type { AwsIdentity } from './aws-identity.ts'

type AwsProvider = () => Promise<AwsCredentials>

export interface ClientConfig {
  readonly region: string
  readonly useFipsEndpoint?: boolean
  readonly useDualstackEndpoint?: boolean
}

/** The part of `@aws-sdk/credential-providers` that is used. */
export interface AwsSdk {
  readonly fromNodeProviderChain: (options: { ignoreCache: boolean; clientConfig: ClientConfig }) => AwsProvider
  readonly fromIni: (options: { profile: string; ignoreCache: boolean; clientConfig: ClientConfig }) => AwsProvider
  readonly fromTemporaryCredentials: (options: {
    masterCredentials: AwsIdentity
    params: { RoleArn: string; RoleSessionName?: string; ExternalId?: string }
    clientConfig: ClientConfig
  }) => AwsProvider
}

// Not written into the `import`: a bundler would take all of it in, for programs that have credentials of their own, too.
const packageName: string = '@aws-sdk/credential-providers'

/** AWS's own credential providers, if they are installed. */
export async function loadAwsSdk(): Promise<AwsSdk | undefined> {
  try {
    return await (import(/* webpackIgnore: true */ /* @vite-ignore */ packageName) as Promise<AwsSdk>) // what a test compares
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND') return undefined
    throw error
  }
}
