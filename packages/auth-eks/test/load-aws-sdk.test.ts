import * as installed from '@aws-sdk/credential-providers'
import { describe, expect, it } from 'vitest'
import { type AwsCredentialSource, eksCredentials } from '../src/index.ts'
import { type AwsSdk, loadAwsSdk } from '../src/load-aws-sdk.ts'

describe("AWS's SDK", () => {
  it('is what it is taken for, and is found where it is installed', async () => {
    const known: AwsSdk = installed // compiled: the real one has the functions that are used
    const { fromIni, fromNodeProviderChain, fromTemporaryCredentials } = known
    expect(await loadAwsSdk()).toMatchObject({ fromIni, fromNodeProviderChain, fromTemporaryCredentials })
  })

  it('has providers that fit as "credentials"', async () => {
    const { fromEnv, fromNodeProviderChain, fromSSO, fromTokenFile } = installed
    const sources: AwsCredentialSource[] = [fromEnv(), fromNodeProviderChain(), fromSSO(), fromTokenFile()] // compiled
    const providers = sources.map((credentials) =>
      eksCredentials({ clusterName: 'demo', region: 'eu-west-1', credentials }),
    )
    expect(providers.map(({ name }) => name)).toEqual(['eks', 'eks', 'eks', 'eks'])
  })
})
