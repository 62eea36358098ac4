import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { env } from 'node:process'
import { promisify } from 'node:util'
import { assert, asyncProperty, constantFrom, date, option, string, stringMatching } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { presignToken } from '../src/presign-token.ts'
import { stsEndpoint } from '../src/sts-endpoint.ts'
import { exampleKeys, sessionKeys } from './support/example-keys.ts'
import { presignByHand } from './support/presign-by-hand.ts'
import { verifyToken } from './support/verify-token.ts'

interface Case {
  readonly region: string
  readonly clusterName: string
  readonly fips?: boolean
  readonly dualstack?: boolean
  readonly legacy?: boolean
  readonly sessionToken?: string
  /** What the token of `aws eks get-token` is the base64 of. */
  readonly url: string
}

interface Recording {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly tokens: readonly Case[]
}

// What is in our own file.
const recording = JSON.parse(
  readFileSync(new URL('fixtures/aws-cli-tokens.json', import.meta.url), 'utf8'),
) as Recording

const tokenOf = (url: string): string => `k8s-aws-v1.${Buffer.from(url).toString('base64url')}`

const urlOf = (token: string): string => Buffer.from(token.slice('k8s-aws-v1.'.length), 'base64url').toString()

function dateOf(url: string): Date {
  const written = new URL(url).searchParams.get('X-Amz-Date') ?? ''
  return new Date(written.replace(/(....)(..)(..)T(..)(..)(..)Z/, '$1-$2-$3T$4:$5:$6Z'))
}

function sign({ region, clusterName, fips = false, dualstack = false, legacy = false, ...of }: Case): Promise<string> {
  const { accessKeyId, secretAccessKey } = recording
  const credentials = { accessKeyId, secretAccessKey, sessionToken: of.sessionToken }
  const endpoint = stsEndpoint(region, { fips, dualstack, legacy })
  return presignToken({ clusterName, endpoint, credentials, signedAt: dateOf(of.url) })
}

const flagsOf = ({ fips, dualstack, legacy, sessionToken }: Case): string =>
  Object.entries({ fips, dualstack, legacy, session: sessionToken !== undefined })
    .flatMap(([name, on]) => (on === true ? [name] : []))
    .join(' ')

const named = recording.tokens.map(
  (one) => [`${one.region} ${one.clusterName.slice(0, 9)} ${flagsOf(one)}`, one] as const,
)

describe('a token', () => {
  it('was recorded in each partition, with the hosts for FIPS and dual-stack that it has', () => {
    const hosts = recording.tokens.map(({ region, url }) => new URL(url).host.replace(`.${region}.`, ' '))
    expect([...new Set(hosts)].toSorted()).toEqual([
      'sts amazonaws.com',
      'sts amazonaws.com.cn',
      'sts amazonaws.eu',
      'sts api.amazonwebservices.com.cn',
      'sts api.amazonwebservices.eu',
      'sts api.aws',
      'sts api.aws.ic.gov',
      'sts api.aws.scloud',
      'sts c2s.ic.gov',
      'sts cloud.adc-e.uk',
      'sts csp.hci.ic.gov',
      'sts sc2s.sgov.gov',
      'sts-fips amazonaws.com',
      'sts-fips amazonaws.com.cn',
      'sts-fips amazonaws.eu',
      'sts-fips api.amazonwebservices.com.cn',
      'sts-fips api.amazonwebservices.eu',
      'sts-fips api.aws',
      'sts-fips api.aws.ic.gov',
      'sts-fips api.aws.scloud',
      'sts-fips c2s.ic.gov',
      'sts-fips cloud.adc-e.uk',
      'sts-fips csp.hci.ic.gov',
      'sts-fips sc2s.sgov.gov',
      'sts.amazonaws.com',
    ])
  })

  it.each(named)('%s: is to the byte what the AWS CLI prints', async (_, one) => {
    expect(urlOf(await sign(one))).toBe(one.url)
    expect(await sign(one)).toBe(tokenOf(one.url))
  })

  it('is what a presigner of our own makes, for any keys, name and date', async () => {
    const printable = stringMatching(/^[\x21-\x7E]{1,80}$/)
    const clusterName = stringMatching(/^[0-9A-Za-z][\w.-]{0,99}$/)
    const when = date({ min: new Date('1970-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
    const region = constantFrom('eu-central-1', 'cn-north-1', 'us-gov-west-1', 'us-isob-east-1')
    await assert(
      asyncProperty(
        ...([
          region,
          clusterName,
          stringMatching(/^\w{16,128}$/),
          printable,
          option(printable, { nil: undefined }),
          when,
        ] as const),
        async (where, name, accessKeyId, secretAccessKey, sessionToken, signedAt) => {
          const credentials = { accessKeyId, secretAccessKey, sessionToken }
          const endpoint = stsEndpoint(where, { fips: false, dualstack: false })
          const token = await presignToken({ clusterName: name, endpoint, credentials, signedAt })

          const written = signedAt.toISOString().replaceAll(/[-:]|\.\d+/g, '')
          expect(urlOf(token)).toBe(presignByHand({ ...endpoint, ...credentials, clusterName: name, date: written }))
        },
      ),
    )
  })
})

describe('a cluster that gets a token', () => {
  const now = Date.UTC(2026, 10, 28, 11, 10)
  const endpoint = stsEndpoint('eu-central-1', { fips: false, dualstack: false })
  const signed = (credentials: typeof exampleKeys | typeof sessionKeys): Promise<string> =>
    presignToken({ clusterName: 'demo', endpoint, credentials, signedAt: new Date(now) })
  const verifier = { clusterName: 'demo', keys: [exampleKeys, sessionKeys], now }

  it.each([exampleKeys, sessionKeys])('finds out whose it is: $accessKeyId', async (keys) => {
    expect(verifyToken(await signed(keys), verifier)).toEqual({ accessKeyId: keys.accessKeyId })
  })

  it.each([
    ['another cluster gets it', { clusterName: 'demo2' }, 'the signature is wrong'],
    ['its keys are not known', { keys: [sessionKeys] }, 'an unknown key'],
    ['the secret is another', { keys: [{ ...exampleKeys, secretAccessKey: 'other' }] }, 'the signature is wrong'],
    ['it is 16 minutes old', { now: now + 16 * 60_000 }, 'expired'],
    ['it is from the future', { now: now - 6 * 60_000 }, 'not yet valid'],
  ])('refuses it when %s', async (_, difference, refused) => {
    expect(verifyToken(await signed(exampleKeys), { ...verifier, ...difference })).toEqual({ refused })
  })

  it('refuses it when a character of it was changed', async () => {
    const url = urlOf(await signed(exampleKeys))
    await assert(
      asyncProperty(string({ unit: constantFrom('0', '1', 'f'), minLength: 64, maxLength: 64 }), async (signature) => {
        const forged = url.replace(/(?<=X-Amz-Signature=).*/, signature)
        expect(verifyToken(tokenOf(forged), verifier)).toEqual({ refused: 'the signature is wrong' })
      }),
    )
  })
})

// AWS_CLI=aws: with the command itself, which takes half a second for each token.
describe.each(env['AWS_CLI'] === undefined ? [] : [env['AWS_CLI']])('beside %s', (command) => {
  it.each(named)('%s: is what it prints now', { timeout: 20_000 }, async (_, one) => {
    const { accessKeyId, secretAccessKey } = recording
    const variables = {
      PATH: env['PATH'],
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_USE_FIPS_ENDPOINT: String(one.fips ?? false),
      AWS_USE_DUALSTACK_ENDPOINT: String(one.dualstack ?? false),
      ...(one.sessionToken !== undefined && { AWS_SESSION_TOKEN: one.sessionToken }),
      ...(one.legacy === true && { AWS_STS_REGIONAL_ENDPOINTS: 'legacy' }),
    }
    const args = ['--region', one.region, 'eks', 'get-token', '--cluster-name', one.clusterName, '--output', 'json']
    const { stdout } = await promisify(execFile)(command, args, { env: variables })
    const { token } = (JSON.parse(stdout) as { status: { token: string } }).status // what it prints

    expect(await sign({ ...one, url: urlOf(token) })).toBe(token)
  })
})
