import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AuthInfo, AuthInfoContext, CredentialContext, Credentials } from '@kubeclient/core/spec'
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { type AwsCredentials, eksAuth, type EksAuthOptions } from '../src/index.ts'
import { authInfoContext, credentialContext, now } from './support/context.ts'
import { exampleKeys, sessionKeys } from './support/example-keys.ts'
import { startFakeSts } from './support/fake-sts.ts'
import { everythingShown, failure } from './support/failure.ts'
import { verifyToken } from './support/verify-token.ts'

const demo = 'aws --region eu-central-1 eks get-token --cluster-name demo --output json'
const arn = 'arn:aws:iam::123456789012:role/admin'

/** Nothing of AWS is set, and its files are those of a folder that is empty at first. */
beforeEach(() => {
  for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) vi.stubEnv(name, undefined)
  vi.stubEnv('DEFAULT_ROLE', undefined)
  const folder = mkdtempSync(join(tmpdir(), 'auth-eks-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  vi.stubEnv('AWS_CONFIG_FILE', join(folder, 'config'))
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', join(folder, 'credentials'))
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true')
})
afterEach(() => vi.unstubAllEnvs())

function stubKeys({ accessKeyId, secretAccessKey }: { accessKeyId: string; secretAccessKey: string }): void {
  vi.stubEnv('AWS_ACCESS_KEY_ID', accessKeyId)
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', secretAccessKey)
}

/** A profile in the file of AWS. */
function writeProfile(name: string, lines: Record<string, string>): void {
  const text = Object.entries(lines).map(([key, value]) => `${key} = ${value}`)
  writeFileSync(process.env['AWS_SHARED_CREDENTIALS_FILE'] ?? '', [`[${name}]`, ...text, ''].join('\n'))
}

interface SignIn {
  readonly line?: string
  readonly env?: Record<string, string>
  readonly options?: EksAuthOptions
  readonly context?: Partial<AuthInfoContext>
  readonly request?: Partial<CredentialContext>
}

function entryOf(line: string, env: Record<string, string> = {}): AuthInfo {
  const [command = '', ...args] = line.split(' ')
  const variables = Object.entries(env).map(([name, value]) => ({ name, value }))
  return { exec: { apiVersion: 'client.authentication.k8s.io/v1beta1', command, args, env: variables } }
}

/** Asks the plugin as a client does. */
async function signIn({ line = demo, env = {}, options, context, request }: SignIn = {}): Promise<Credentials> {
  const provider = eksAuth(options).fromAuthInfo(entryOf(line, env), authInfoContext(context))
  if (provider === undefined) throw new Error('the plugin did not take the entry')
  return provider.getCredentials(credentialContext(request))
}

function signerOf({ token = '' }: Credentials, clusterName = 'demo'): unknown {
  return verifyToken(token, { clusterName, keys: [exampleKeys, sessionKeys], now })
}

function urlOf({ token = '' }: Credentials): URL {
  return new URL(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())
}

const byExample = { accessKeyId: exampleKeys.accessKeyId }
const bySession = { accessKeyId: sessionKeys.accessKeyId }

describe('an entry', () => {
  it('gets a token for its cluster and region', async () => {
    stubKeys(exampleKeys)
    const credentials = await signIn()
    expect(signerOf(credentials)).toEqual(byExample)
    expect(urlOf(credentials).host).toBe('sts.eu-central-1.amazonaws.com')
  })

  it('of the authenticator does, too', async () => {
    stubKeys(exampleKeys)
    const line = 'aws-iam-authenticator token -i prod.example.com --region us-east-1'
    expect(signerOf(await signIn({ line }), 'prod.example.com')).toEqual(byExample)
  })

  it('of the authenticator may have cluster and region in its environment', async () => {
    stubKeys(exampleKeys)
    const env = { KUBERNETES_AWS_AUTHENTICATOR_CLUSTER_ID: 'demo', AWS_DEFAULT_REGION: 'eu-west-1' }
    const credentials = await signIn({ line: 'aws-iam-authenticator token', env })
    expect(signerOf(credentials)).toEqual(byExample)
    expect(urlOf(credentials).host).toBe('sts.eu-west-1.amazonaws.com')
  })

  it('that is something else is left to others', () => {
    const plugin = eksAuth()
    expect(plugin.fromAuthInfo({ token: 't' }, authInfoContext())).toBeUndefined()
    expect(plugin.fromAuthInfo({ 'auth-provider': { name: 'gcp' } }, authInfoContext())).toBeUndefined()
    expect(plugin.fromAuthInfo(entryOf('kubelogin get-token'), authInfoContext())).toBeUndefined()
    expect(plugin.fromAuthInfo(entryOf(`${demo} --endpoint-url x`), authInfoContext())).toBeUndefined()
  })
})

describe('the environment', () => {
  it.each([
    [{ AWS_REGION: 'eu-west-1', AWS_DEFAULT_REGION: 'eu-west-2' }, 'sts.eu-west-1.amazonaws.com'],
    [{ AWS_DEFAULT_REGION: 'eu-west-2' }, 'sts.eu-west-2.amazonaws.com'],
  ])('gives the region: %j', async (env, host) => {
    stubKeys(exampleKeys)
    const line = 'aws eks get-token --cluster-name demo'
    expect(urlOf(await signIn({ line, env })).host).toBe(host)
    for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value)
    expect(urlOf(await signIn({ line })).host).toBe(host)
  })

  it.each([
    [{ AWS_USE_FIPS_ENDPOINT: 'true' }, 'sts-fips.eu-central-1.amazonaws.com'],
    [{ AWS_USE_DUALSTACK_ENDPOINT: 'TRUE' }, 'sts.eu-central-1.api.aws'],
    [{ AWS_STS_REGIONAL_ENDPOINTS: 'legacy' }, 'sts.amazonaws.com'],
    [{ AWS_STS_REGIONAL_ENDPOINTS: 'regional' }, 'sts.eu-central-1.amazonaws.com'],
    [{ AWS_USE_FIPS_ENDPOINT: 'false' }, 'sts.eu-central-1.amazonaws.com'],
  ])('chooses the host: %j', async (env, host) => {
    stubKeys(exampleKeys)
    expect(urlOf(await signIn({ env })).host).toBe(host)
  })

  it('of the entry wins over that of the process, and is not written into it', async () => {
    stubKeys(exampleKeys)
    const env = { AWS_ACCESS_KEY_ID: sessionKeys.accessKeyId, AWS_SECRET_ACCESS_KEY: sessionKeys.secretAccessKey }
    const credentials = await signIn({ env: { ...env, AWS_SESSION_TOKEN: sessionKeys.sessionToken } })
    expect(signerOf(credentials)).toEqual(bySession)
    expect(process.env['AWS_ACCESS_KEY_ID']).toBe(exampleKeys.accessKeyId)
  })

  it('has no say where the program gave keys', async () => {
    stubKeys(exampleKeys)
    const options = { credentials: () => Promise.resolve(sessionKeys) }
    expect(signerOf(await signIn({ options, line: `${demo} --profile other` }))).toEqual(bySession)
  })
})

describe('a profile', () => {
  it.each<[string, SignIn]>([
    ['--profile', { line: `${demo} --profile dev` }],
    ['AWS_PROFILE', { env: { AWS_PROFILE: 'dev' } }],
    ['AWS_DEFAULT_PROFILE', { env: { AWS_DEFAULT_PROFILE: 'dev' } }],
  ])('is read by the SDK: %s', async (_, entry) => {
    const { accessKeyId, secretAccessKey } = exampleKeys
    writeProfile('dev', { aws_access_key_id: accessKeyId, aws_secret_access_key: secretAccessKey })
    expect(signerOf(await signIn(entry))).toEqual(byExample)
  })

  it('is read again for each token', async () => {
    const provider = eksAuth().fromAuthInfo(entryOf(`${demo} --profile dev`), authInfoContext())
    const keys = [exampleKeys, sessionKeys]
    const signers: unknown[] = []
    for (const { accessKeyId, secretAccessKey, ...rest } of keys) {
      const session = 'sessionToken' in rest ? { aws_session_token: rest.sessionToken } : {}
      writeProfile('dev', { aws_access_key_id: accessKeyId, aws_secret_access_key: secretAccessKey, ...session })
      signers.push(signerOf((await provider?.getCredentials(credentialContext())) ?? {}))
    }
    expect(signers).toEqual([byExample, bySession])
  })

  it('as an option wins over keys in the environment, and as a variable does not: as with aws', async () => {
    stubKeys(exampleKeys)
    const { accessKeyId, secretAccessKey, sessionToken } = sessionKeys
    const lines = { aws_access_key_id: accessKeyId, aws_secret_access_key: secretAccessKey }
    writeProfile('dev', { ...lines, aws_session_token: sessionToken })

    expect(signerOf(await signIn({ line: `${demo} --profile dev` }))).toEqual(bySession)
    expect(signerOf(await signIn({ env: { AWS_PROFILE: 'dev' } }))).toEqual(byExample)
  })

  it.each(['AWS_USE_FIPS_ENDPOINT', 'AWS_USE_DUALSTACK_ENDPOINT'])(
    'with a role takes it on at the host that %s of the entry asks for',
    async (name) => {
      const sts = await startFakeSts(sessionKeys)
      vi.stubEnv('AWS_ENDPOINT_URL_STS', sts.url)
      const keys = `aws_access_key_id = ${exampleKeys.accessKeyId}\naws_secret_access_key = ${exampleKeys.secretAccessKey}`
      const text = `[dev]\nrole_arn = ${arn}\nsource_profile = base\n[base]\n${keys}\n`
      writeFileSync(process.env['AWS_SHARED_CREDENTIALS_FILE'] ?? '', text)

      const error = await failure(signIn({ line: `${demo} --profile dev`, env: { [name]: 'true' } }))

      // The SDK leaves such a host for no other.
      expect(error.message).toMatch(/and custom endpoint are not supported"$/)
      expect(sts.requests).toEqual([])
    },
  )

  it('that is not there is an error with its name', async () => {
    const error = await failure(signIn({ line: `${demo} --profile nosuch` }))
    expect(error.message).toMatch(
      /^user "u": the profile "nosuch" of AWS could not be had: CredentialsProviderError: "/,
    )
    expect(error.cause).toBeUndefined()
  })

  it('may have a command of its own, whose arguments and words are not quoted when it fails', async () => {
    writeProfile('dev', { credential_process: "sh -c 'echo said >&2; exit 3' --password hunter2" })
    const error = await failure(signIn({ line: `${demo} --profile dev` }))
    expect(error.message).toMatch(/^user "u": the profile "dev" of AWS could not be had: CredentialsProviderError: "/)
    expect(everythingShown(error)).not.toMatch(/hunter2|said/)
  })
})

describe('a kubeconfig that is no file', () => {
  const { directory: _, ...context } = authInfoContext()
  const ownKeys = {
    AWS_ACCESS_KEY_ID: sessionKeys.accessKeyId,
    AWS_SECRET_ACCESS_KEY: sessionKeys.secretAccessKey,
    AWS_SESSION_TOKEN: sessionKeys.sessionToken,
  }

  it.each<[string, AuthInfo]>([
    ['keys', entryOf(demo)],
    ['half of the keys', entryOf(demo, { AWS_ACCESS_KEY_ID: sessionKeys.accessKeyId })],
    ['a profile', entryOf(`${demo} --profile dev`, ownKeys)],
    ['a profile of the environment', entryOf(demo, { AWS_PROFILE: 'dev' })],
  ])('is signed for with nothing of the machine: %s', (_name, entry) => {
    stubKeys(exampleKeys)
    for (const clusters of [undefined, ['demo']])
      expect(() => eksAuth({ clusters }).fromAuthInfo(entry, context)).toThrow(
        expect.objectContaining({
          code: 'KUBE_CONFIG',
          message:
            'it signs with the keys of this machine for kubeconfigs that are files; use loadKubeconfig() or readKubeconfig(), or say who signs in: eksAuth({ credentials })',
        }),
      )
  })

  it('is signed for with its own keys, and no other variable', async () => {
    stubKeys(exampleKeys)
    vi.stubEnv('AWS_SESSION_TOKEN', 'of-the-process')
    vi.stubEnv('AWS_USE_FIPS_ENDPOINT', 'true')
    const { accessKeyId, secretAccessKey } = exampleKeys
    const env = { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey }
    const own = (await eksAuth().fromAuthInfo(entryOf(demo, env), context)?.getCredentials(credentialContext())) ?? {}
    expect(signerOf(own)).toEqual(byExample)
    expect(urlOf(own).searchParams.has('X-Amz-Security-Token')).toBe(false)
    expect(urlOf(own).host).toBe('sts.eu-central-1.amazonaws.com')
  })

  it('is signed for with what the program gives, wherever that signs', async () => {
    vi.stubEnv('AWS_REGION', 'eu-west-1')
    const provider = eksAuth({ credentials: exampleKeys }).fromAuthInfo(
      entryOf('aws eks get-token --cluster-name demo', ownKeys),
      context,
    )
    const given = (await provider?.getCredentials(credentialContext())) ?? {}
    expect(signerOf(given)).toEqual(byExample)
    expect(urlOf(given).host).toBe('sts.eu-west-1.amazonaws.com')
  })
})

describe('without keys', () => {
  it("AWS's chain is asked, and what it says is quoted", async () => {
    const error = await failure(signIn())
    expect(error.message).toMatch(/^user "u": AWS's credential chain could not be had: CredentialsProviderError: "/)
  })

  it("AWS's chain finds the default profile", async () => {
    const { accessKeyId, secretAccessKey } = exampleKeys
    writeProfile('default', { aws_access_key_id: accessKeyId, aws_secret_access_key: secretAccessKey })
    expect(signerOf(await signIn())).toEqual(byExample)
  })
})

describe('a role', () => {
  const expiration = new Date(now + 3_600_000)

  it('is assumed with the keys at hand, and signs', async () => {
    const sts = await startFakeSts({ ...sessionKeys, expiration })
    vi.stubEnv('AWS_ENDPOINT_URL_STS', sts.url)
    stubKeys(exampleKeys)

    expect(signerOf(await signIn({ line: `${demo} --role ${arn}` }))).toEqual(bySession)

    const expected = {
      Action: 'AssumeRole',
      RoleArn: arn,
      RoleSessionName: 'EKSGetTokenAuth',
      signedBy: exampleKeys.accessKeyId,
    }
    expect(sts.requests).toEqual([expect.objectContaining(expected)])
  })

  it('of the authenticator has its name and its external id', async () => {
    const sts = await startFakeSts({ ...sessionKeys, expiration })
    vi.stubEnv('AWS_ENDPOINT_URL_STS', sts.url)
    const line = 'aws-iam-authenticator token -i demo -s me -e shared --region eu-central-1'

    await signIn({ line, env: { DEFAULT_ROLE: arn }, options: { credentials: exampleKeys } })

    const expected = { RoleArn: arn, RoleSessionName: 'me', ExternalId: 'shared', signedBy: exampleKeys.accessKeyId }
    expect(sts.requests).toEqual([expect.objectContaining(expected)])
  })

  it('that ends soon ends the token', async () => {
    const soon = new Date(now + 300_000)
    const sts = await startFakeSts({ ...sessionKeys, expiration: soon })
    vi.stubEnv('AWS_ENDPOINT_URL_STS', sts.url)
    const { expiresAt } = await signIn({ line: `${demo} --role ${arn}`, options: { credentials: exampleKeys } })
    expect(expiresAt).toEqual(soon)
  })

  it('that may not be assumed is an error in the words of AWS, without keys', async () => {
    const sts = await startFakeSts({ refusal: `not authorized: ${exampleKeys.secretAccessKey}` })
    vi.stubEnv('AWS_ENDPOINT_URL_STS', sts.url)
    stubKeys(exampleKeys)

    const error = await failure(signIn({ line: `${demo} --role ${arn}` }))

    expect(error.message).toBe(`user "u": the role "${arn}" could not be had: AccessDenied: "not authorized: ***"`)
    expect(everythingShown(error)).not.toContain(exampleKeys.secretAccessKey)
  })

  it('in the environment that is none is an error', async () => {
    stubKeys(exampleKeys)
    const line = 'aws-iam-authenticator token -i demo --region eu-central-1'
    const error = await failure(signIn({ line, env: { DEFAULT_ROLE: 'admin' } }))
    expect(error.message).toMatch(/^user "u": DEFAULT_ROLE: "admin" is no ARN of a role/)
  })
})

describe('an entry that cannot be served', () => {
  it.each([
    [
      'aws eks get-token --cluster-name demo',
      {},
      'the region is missing; give it to aws with --region, or set AWS_REGION',
    ],
    [
      'aws eks get-token --cluster-name demo',
      { AWS_REGION: 'x.evil.com/' },
      '"x.evil.com/" is no region of AWS; one is "eu-central-1"; give it to aws with --region, or set AWS_REGION',
    ],
    [
      'aws-iam-authenticator token',
      {},
      'the name of the cluster is missing; give it to aws-iam-authenticator with --cluster-id',
    ],
    [
      'aws --region us-isof-south-1 eks get-token --cluster-name demo',
      { AWS_USE_DUALSTACK_ENDPOINT: 'true' },
      'AWS has no dual-stack endpoint in us-isof-south-1: leave "dualstack" out (AWS_USE_DUALSTACK_ENDPOINT)',
    ],
  ])('fails when it is used: %s %j', async (line, env, message) => {
    stubKeys(exampleKeys)
    expect((await failure(signIn({ line, env }))).message).toBe(`user "u": ${message}`)
  })

  it('because it is malformed fails at once', () => {
    const line = 'aws --region nowhere eks get-token --cluster-name demo'
    expect(() => eksAuth().fromAuthInfo(entryOf(line), authInfoContext())).toThrow(
      expect.objectContaining({ code: 'KUBE_CONFIG' }),
    )
  })
})

describe('clusters', () => {
  it('are those to sign for', async () => {
    const options = { clusters: ['demo', 'other'], credentials: exampleKeys }
    expect(signerOf(await signIn({ options }))).toEqual(byExample)
  })

  it.each<[string, Record<string, string>]>([
    [demo, {}],
    ['aws --region eu-central-1 eks get-token --cluster-id demo', {}],
    ['aws-iam-authenticator token --region eu-central-1', { KUBERNETES_AWS_AUTHENTICATOR_CLUSTER_ID: 'demo' }],
  ])('others get no token, and the keys are not asked for: %s', async (line, env) => {
    const credentials = vi.fn<() => Promise<AwsCredentials>>(async () => exampleKeys)

    const error = await failure(signIn({ line, env, options: { clusters: ['dem', 'demo2'], credentials } }))

    expect(error.message).toBe(
      'user "u": the cluster "demo" is not one to sign for; if it is yours, pass eksAuth({ clusters: ["demo"] })',
    )
    expect(credentials).not.toHaveBeenCalled()
  })

  it.each([[null], [{ clusters: 'demo' }], [{ clusters: [1] }], [{ clusters: null }], [{ credentials: 'k' }]])(
    'and credentials that cannot be are refused: %j',
    (options) => {
      const wrong = options as unknown as EksAuthOptions // what JavaScript lets through
      expect(() => eksAuth(wrong)).toThrow(expect.objectContaining({ code: 'KUBE_CONFIG' }))
    },
  )
})
