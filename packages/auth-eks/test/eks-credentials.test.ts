import type { CredentialContext, Credentials } from '@kubeclient/core/spec'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type AwsCredentials, eksAuth, eksCredentials, type EksCredentialsOptions } from '../src/index.ts'
import { authInfoContext, credentialContext, now } from './support/context.ts'
import { exampleKeys, sessionKeys } from './support/example-keys.ts'
import { everythingShown, failure } from './support/failure.ts'
import { verifyToken } from './support/verify-token.ts'

const minutes = 60_000

beforeEach(() => {
  for (const name of ['ACCESS_KEY_ID', 'SECRET_ACCESS_KEY', 'SESSION_TOKEN', 'CREDENTIAL_EXPIRATION', 'PROFILE'])
    vi.stubEnv(`AWS_${name}`, undefined)
})
afterEach(() => vi.unstubAllEnvs())

function signIn(
  options: Partial<EksCredentialsOptions> = {},
  context: Partial<CredentialContext> = {},
): Promise<Credentials> {
  const provider = eksCredentials({ clusterName: 'demo', region: 'eu-central-1', credentials: exampleKeys, ...options })
  return provider.getCredentials(credentialContext(context))
}

function signerOf({ token = '' }: Credentials, at = now): unknown {
  return verifyToken(token, { clusterName: 'demo', keys: [exampleKeys, sessionKeys], now: at })
}

describe('the keys', () => {
  it('may be an object', async () => {
    expect(signerOf(await signIn())).toEqual({ accessKeyId: exampleKeys.accessKeyId })
  })

  it('may come from a function, which is asked for each token', async () => {
    const answers = [exampleKeys, sessionKeys]
    const ask = vi.fn<() => Promise<AwsCredentials>>(async () => answers.shift() ?? exampleKeys)
    const provider = eksCredentials({ clusterName: 'demo', region: 'eu-central-1', credentials: ask })

    const first = await provider.getCredentials(credentialContext())
    const second = await provider.getCredentials(credentialContext({ reason: 'expiring', previous: first }))

    expect([signerOf(first), signerOf(second)]).toEqual([
      { accessKeyId: exampleKeys.accessKeyId },
      { accessKeyId: sessionKeys.accessKeyId },
    ])
    expect(ask).toHaveBeenCalledTimes(2)
  })

  it('may be in the environment, as it is when they are needed', async () => {
    const provider = eksCredentials({ clusterName: 'demo', region: 'eu-central-1' })
    vi.stubEnv('AWS_ACCESS_KEY_ID', sessionKeys.accessKeyId)
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', sessionKeys.secretAccessKey)
    vi.stubEnv('AWS_SESSION_TOKEN', sessionKeys.sessionToken)

    const credentials = await provider.getCredentials(credentialContext())

    expect(signerOf(credentials)).toEqual({ accessKeyId: sessionKeys.accessKeyId })
  })

  it('in the environment may have an end', async () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', exampleKeys.accessKeyId)
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', exampleKeys.secretAccessKey)
    vi.stubEnv('AWS_CREDENTIAL_EXPIRATION', new Date(now + 2 * minutes).toISOString())

    const { expiresAt } = await signIn({ credentials: undefined })

    expect(expiresAt).toEqual(new Date(now + 2 * minutes))
  })
})

describe('a token', () => {
  it('is counted on for 14 minutes, and taken for 15', async () => {
    const credentials = await signIn()

    expect(credentials.expiresAt).toEqual(new Date(now + 14 * minutes))
    expect(signerOf(credentials, now + 14 * minutes)).toHaveProperty('accessKeyId')
  })

  it('ends with the keys when they end before', async () => {
    const expiration = new Date(now + 5 * minutes)
    expect((await signIn({ credentials: { ...sessionKeys, expiration } })).expiresAt).toEqual(expiration)
  })

  it('lives no longer than usual when the keys live longer', async () => {
    const expiration = new Date(now + 600 * minutes)
    const { expiresAt } = await signIn({ credentials: { ...sessionKeys, expiration } })
    expect(expiresAt).toEqual(new Date(now + 14 * minutes))
  })

  it.each([
    [{}, 'sts.us-gov-west-1.amazonaws.com'],
    [{ dualstack: true }, 'sts.us-gov-west-1.api.aws'],
    [{ dualstack: true, fips: true }, 'sts-fips.us-gov-west-1.api.aws'],
  ])('is for the host that %j asks for', async (options, host) => {
    const { token = '' } = await signIn({ region: 'us-gov-west-1', ...options })
    expect(new URL(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()).host).toBe(host)
  })
})

describe('before anything is done', () => {
  it.each([
    [{ clusterName: '' }, 'the name of the cluster is missing'],
    [{ clusterName: undefined }, 'the name of the cluster is missing'],
    [{ clusterName: 'a b' }, '"a b" is no name of a cluster: those are of letters, digits, "-" and "_", 100 at most'],
    [{ region: '' }, 'the region is missing'],
    [{ region: undefined }, 'the region is missing'],
    [{ region: 'x.evil.com/' }, '"x.evil.com/" is no region of AWS; one is "eu-central-1"'],
    [{ region: 'eu-central-1\n' }, '"eu-central-1\\n" is no region of AWS; one is "eu-central-1"'],
    [{ fips: 'false' }, '"fips" is true or false'],
    [{ dualstack: 1 }, '"dualstack" is true or false'],
    [
      { credentials: 'AKIA' },
      '"credentials" are an object with accessKeyId and secretAccessKey, or a function for one',
    ],
  ])('%j is refused', (options, message) => {
    // What JavaScript lets through.
    const wrong = { clusterName: 'demo', region: 'eu-central-1', ...options } as EksCredentialsOptions
    expect(() => eksCredentials(wrong)).toThrow(
      expect.objectContaining({ code: 'KUBE_CONFIG', message: `eksCredentials: ${message}` }),
    )
  })

  it('a dual-stack host that AWS does not have is refused', () => {
    expect(() => eksCredentials({ clusterName: 'demo', region: 'eu-isoe-west-1', dualstack: true })).toThrow(
      expect.objectContaining({
        code: 'KUBE_CONFIG',
        message: 'AWS has no dual-stack endpoint in eu-isoe-west-1: leave "dualstack" out',
      }),
    )
  })
})

describe('keys that cannot be used', () => {
  const { accessKeyId, secretAccessKey } = exampleKeys

  it.each<[string, unknown, string]>([
    ['nothing', undefined, 'are no object with keys'],
    ['an empty id', { accessKeyId: '', secretAccessKey }, 'have no "accessKeyId"'],
    ['no secret', { accessKeyId }, 'have no "secretAccessKey"'],
    ['an empty session', { ...exampleKeys, sessionToken: '' }, 'have no "sessionToken"'],
    ['a number', { accessKeyId: 1, secretAccessKey }, 'have a "accessKeyId" that is no text'],
    [
      'a line break',
      { accessKeyId, secretAccessKey: `${secretAccessKey}\n` },
      'have a "secretAccessKey" with a blank, a line break or the like in it',
    ],
    ['20 kB', { ...exampleKeys, sessionToken: 'x'.repeat(20_000) }, 'have a "sessionToken" of more than 16 kB'],
    ['a time that is text', { ...exampleKeys, expiration: 'soon' }, 'have an "expiration" that is no Date'],
    ['no time', { ...exampleKeys, expiration: new Date('soon') }, 'have an "expiration" that is no Date'],
    [
      'an end in the past',
      { ...exampleKeys, expiration: new Date(now) },
      'expired at 2026-11-28T11:09:51.000Z; sign in to AWS again',
    ],
  ])('%s: the error says so and holds none', async (_, keys, fault) => {
    const error = await failure(signIn({ credentials: () => Promise.resolve(keys as AwsCredentials) })) // what is tested

    expect(error.message).toBe(`EKS cluster "demo": the AWS credentials that were given ${fault}`)
    expect(everythingShown(error)).not.toContain(secretAccessKey)
  })

  it('are half of a pair in the environment, too', async () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', accessKeyId)

    const error = await failure(signIn({ credentials: undefined }))

    expect(error.message).toBe('EKS cluster "demo": the AWS_* variables have no "secretAccessKey"')
  })
})

describe('a function for keys', () => {
  it('that throws is quoted, without what looks like a key and without a cause', async () => {
    const said = `key ${exampleKeys.secretAccessKey} of ${exampleKeys.accessKeyId} with ${sessionKeys.sessionToken}\u001B[2J`
    const thrown = Object.assign(new TypeError(said), { request: exampleKeys })

    const error = await failure(signIn({ credentials: () => Promise.reject(thrown) }))

    expect(error.message).toBe(
      'EKS cluster "demo": the AWS credentials that were given could not be had: TypeError: "key *** of *** with ***\\u001b[2J"',
    )
    expect(error.cause).toBeUndefined()
    for (const secret of [...Object.values(exampleKeys), sessionKeys.sessionToken])
      expect(everythingShown(error)).not.toContain(secret)
  })

  it('that throws an Error without words is an error', async () => {
    const thrown = Object.assign(new Error('x'), { message: undefined }) // as errors of services may be
    const error = await failure(signIn({ credentials: () => Promise.reject(thrown) }))
    expect(error.message).toMatch(/could not be had: Error: "no words"$/)
  })

  it('that throws is quoted without a key in the environment, whatever is in that', async () => {
    const secret = 'a-key-with-\uD800-in-it'
    const env = [{ name: 'AWS_SECRET_ACCESS_KEY', value: secret }]
    const args = ['--region', 'eu-central-1', 'eks', 'get-token', '--cluster-name', 'demo']
    const exec = { apiVersion: 'client.authentication.k8s.io/v1', command: 'aws', args, env }
    const plugin = eksAuth({ credentials: () => Promise.reject(new Error(`not ${secret}`)) })
    const provider = plugin.fromAuthInfo({ exec }, authInfoContext())
    if (provider === undefined) throw new Error('the plugin did not take the entry')

    const error = await failure(provider.getCredentials(credentialContext()))

    expect(error.message).toMatch(/could not be had: Error: "not \*\*\*"$/)
  })

  it('that throws what is no Error is not quoted', async () => {
    // oxlint-disable-next-line prefer-promise-reject-errors -- what is tested
    const give = vi.fn<() => Promise<AwsCredentials>>(() => Promise.reject('secret'))
    const error = await failure(signIn({ credentials: give }))
    expect(error.message).toMatch(/could not be had: what was thrown is no Error$/)
  })

  it('is not waited for any longer once nobody waits', async () => {
    const controller = new AbortController()
    const hanging = signIn({ credentials: () => new Promise(() => undefined) }, { signal: controller.signal })
    const reason = new Error('enough')
    controller.abort(reason)
    await expect(hanging).rejects.toBe(reason)
  })

  it('is not asked when nobody waits', async () => {
    const ask = vi.fn<() => Promise<AwsCredentials>>(async () => exampleKeys)
    const reason = new Error('enough')
    await expect(signIn({ credentials: ask }, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
    expect(ask).not.toHaveBeenCalled()
  })
})

/** The request after a 401, and AWS's clock. */
function refused(theirs: number, fetched: string[] = []): Partial<CredentialContext> {
  return {
    reason: 'refused',
    fetch: async (input, init) => {
      fetched.push(`${init?.method} ${new Request(input).url}`)
      return new Response(undefined, { status: 302, headers: { date: new Date(theirs).toUTCString() } })
    },
  }
}

describe('after a refusal', () => {
  it('a new token is signed when the clock is right', async () => {
    const fetched: string[] = []

    const credentials = await signIn({}, refused(now + minutes, fetched))

    expect(signerOf(credentials)).toEqual({ accessKeyId: exampleKeys.accessKeyId })
    expect(fetched).toEqual(['HEAD https://sts.eu-central-1.amazonaws.com/'])
  })

  it.each([
    ['20 minutes behind', now + 20 * minutes],
    ['6 minutes ahead of', now - 6 * minutes],
  ])('a clock that is %s AWS is named', async (how, theirs) => {
    const error = await failure(signIn({}, refused(theirs)))

    expect(error.message).toBe(
      `EKS cluster "demo": the clock of this machine is ${how} that of sts.eu-central-1.amazonaws.com, so that its tokens are not valid: set the clock`,
    )
  })

  it.each([
    ['cannot be reached', () => Promise.reject(new Error('ECONNREFUSED'))],
    ['has no time', () => Promise.resolve(new Response())],
    ['has none that can be read', () => Promise.resolve(new Response(undefined, { headers: { date: 'soon' } }))],
  ])('a new token is signed when AWS %s', async (_, fetch) => {
    expect(signerOf(await signIn({}, { reason: 'refused', fetch }))).toHaveProperty('accessKeyId')
  })

  it('AWS is not waited for any longer once nobody waits', async () => {
    const controller = new AbortController()
    const fetch = (): Promise<Response> => {
      controller.abort(new Error('enough'))
      return new Promise(() => undefined)
    }
    await expect(signIn({}, { reason: 'refused', fetch, signal: controller.signal })).rejects.toThrow('enough')
  })

  it('AWS is not asked otherwise', async () => {
    const fetch = vi.fn<CredentialContext['fetch']>()
    await signIn({}, { fetch })
    await signIn({}, { reason: 'expiring', fetch })
    expect(fetch).not.toHaveBeenCalled()
  })
})
