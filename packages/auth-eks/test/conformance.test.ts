import type { AuthInfo } from '@kubeclient/core/spec'
import { checkCredentialPlugin } from '@kubeclient/testing'
import { describe, expect, it } from 'vitest'
import { eksAuth } from '../src/index.ts'
import { exampleKeys, sessionKeys } from './support/example-keys.ts'

function entry(line: string, env: Record<string, string> = {}): AuthInfo {
  const [command = '', ...args] = line.split(' ')
  const variables = Object.entries(env).map(([name, value]) => ({ name, value }))
  return { exec: { apiVersion: 'client.authentication.k8s.io/v1beta1', command, args, env: variables } }
}

const demo = 'aws --region eu-central-1 eks get-token --cluster-name demo'

describe('eksAuth', () => {
  it('keeps what a credential plugin promises', async () => {
    const env = { AWS_ACCESS_KEY_ID: exampleKeys.accessKeyId, AWS_SECRET_ACCESS_KEY: exampleKeys.secretAccessKey }
    const check = checkCredentialPlugin(eksAuth({ clusters: ['demo', 'prod'] }), {
      accepts: [
        { authInfo: entry(`${demo} --output json`, env) },
        { authInfo: entry('aws-iam-authenticator token -i prod --region cn-north-1', env) },
      ],
      declines: [entry(`${demo} --endpoint-url http://127.0.0.1`, env), entry('aws sts get-caller-identity', env)],
      fails: [
        { authInfo: entry(`${demo}2`, env), message: /the cluster "demo2" is not one to sign for/ },
        { authInfo: entry(demo.replace('eu-central-1', 'moon'), env), message: /"moon" is no region of AWS/ },
        { authInfo: entry(demo, { ...env, AWS_SECRET_ACCESS_KEY: '' }), message: /have no "secretAccessKey"/ },
        {
          authInfo: entry(demo, { ...env, AWS_CREDENTIAL_EXPIRATION: '2026-01-01T00:00:00Z' }),
          message: /expired at 2026-01-01T00:00:00.000Z; sign in to AWS again/,
        },
      ],
      secrets: [exampleKeys.secretAccessKey],
    })
    await expect(check).resolves.toBeUndefined()
  })

  it('keeps it with a function for keys', async () => {
    const plugin = eksAuth({ credentials: () => Promise.resolve(sessionKeys) })
    const check = checkCredentialPlugin(plugin, { accepts: [{ authInfo: entry(demo) }] })
    await expect(check).resolves.toBeUndefined()
  })

  it('keeps it with a function that throws keys', async () => {
    const { secretAccessKey, sessionToken } = sessionKeys
    const credentials = (): Promise<never> => Promise.reject(new Error(`${secretAccessKey} ${sessionToken}`))
    const check = checkCredentialPlugin(eksAuth({ credentials }), {
      accepts: [{ authInfo: entry(demo) }],
      secrets: [secretAccessKey, sessionToken],
    })
    // The one thing that is wrong with it.
    await expect(check).rejects.toThrow(/^(?=.*it gave no credentials: user "kit")(?!.*a secret)/s)
  })
})
