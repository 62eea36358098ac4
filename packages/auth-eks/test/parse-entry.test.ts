import { isKubeError } from '@kubeclient/core/spec'
import { describe, expect, it } from 'vitest'
import { parseEntry } from '../src/parse-entry.ts'

const apiVersion = 'client.authentication.k8s.io/v1beta1'

/** An entry as it would be typed. */
const entryOf = (line: string, env: Record<string, string> = {}): ReturnType<typeof parseEntry> => {
  const [command = '', ...args] = line.split(' ')
  return parseEntry({ apiVersion, command, args, env: Object.entries(env).map(([name, value]) => ({ name, value })) })
}

const arn = 'arn:aws:iam::123456789012:role/ops/admin'

describe('an entry', () => {
  it.each([
    ['what update-kubeconfig writes', 'aws --region eu-west-1 eks get-token --cluster-name demo --output json'],
    ['the options behind', 'aws eks get-token --cluster-name demo --region eu-west-1'],
    ['the options between', 'aws eks --cluster-name demo get-token --region eu-west-1'],
    ['options with "="', 'aws eks get-token --cluster-name=demo --region=eu-west-1 --output=json'],
    ['the last of two', 'aws --region us-east-1 eks get-token --cluster-name demo --region eu-west-1'],
    ['a path', '/usr/local/bin/aws --region eu-west-1 eks get-token --cluster-name demo'],
    ['a path of Windows', 'C:\\aws\\aws.EXE --region eu-west-1 eks get-token --cluster-name demo'],
    ['the id of an Outpost', 'aws --region eu-west-1 eks get-token --cluster-id demo'],
  ])('of aws is understood with %s', (_, line) => {
    const { program, clusterName, region } = entryOf(line) ?? {}
    expect({ program, clusterName, region }).toEqual({ program: 'aws', clusterName: 'demo', region: 'eu-west-1' })
  })

  it('of aws has a role, as update-kubeconfig writes it and as it is documented, and a profile', () => {
    const line = 'aws eks get-token --cluster-name demo --profile dev --role'
    expect(entryOf(`${line} ${arn}`)).toMatchObject({ role: arn, profile: 'dev' })
    expect(entryOf(`${line}-arn=${arn}`)).toMatchObject({ role: arn, profile: 'dev' })
  })

  it.each(['-i demo -r ARN -e x -s me', '--cluster-id=demo --role=ARN --external-id=x --session-name=me'])(
    'of aws-iam-authenticator is understood: token %s',
    (args) => {
      const expected = { clusterName: 'demo', role: arn, externalId: 'x', sessionName: 'me' }
      expect(entryOf(`aws-iam-authenticator token ${args.replace('ARN', arn)}`)).toMatchObject(expected)
      expect(entryOf(`heptio-authenticator-aws token ${args.replace('ARN', arn)}`)).toMatchObject(expected)
    },
  )

  it('of aws-iam-authenticator may have its cluster in the environment', () => {
    const entry = entryOf('aws-iam-authenticator token', { KUBERNETES_AWS_AUTHENTICATOR_CLUSTER_ID: 'demo' })
    expect(entry).toMatchObject({ program: 'aws-iam-authenticator', clusterName: undefined })
  })

  it.each([
    'aws eks get-token --cluster-name demo --endpoint-url http://127.0.0.1',
    'aws eks get-token --cluster-name demo --no-verify-ssl',
    'aws eks get-token --cluster-name demo --query x',
    'aws eks get-token --cluster-name demo --output text',
    'aws eks get-token --cluster-name demo --reg eu-west-1',
    'aws eks get-token --cluster-name',
    'aws eks get-token --cluster-name --region',
    'aws eks get-token --cluster-name= --region eu-west-1',
    'aws eks get-token --cluster-name demo --__proto__ x',
    'aws eks get-token --cluster-name demo --constructor x',
    'aws eks get-token more --cluster-name demo',
    'aws eks list-clusters --cluster-name demo',
    'aws sts get-caller-identity',
    'aws',
    'aws-iam-authenticator token -i demo --cache',
    'aws-iam-authenticator token -i demo --forward-session-name',
    'aws-iam-authenticator token -i demo --token-only',
    'aws-iam-authenticator server -i demo',
    'my-aws eks get-token --cluster-name demo',
    'AWS eks get-token --cluster-name demo',
    'constructor token',
    '__proto__ token',
  ])('is not understood: %s', (line) => {
    expect(entryOf(line)).toBeUndefined()
  })

  it.each([
    'AWS_CONFIG_FILE',
    'AWS_ENDPOINT_URL_STS',
    'AWS_CONTAINER_CREDENTIALS_FULL_URI',
    'AWS_X',
    'HOME',
    'HOMEPATH',
    'aws_profile',
    'UserProfile',
  ])('is not understood with the variable %s, which would lead elsewhere, on Windows at least', (name) => {
    expect(entryOf('aws eks get-token --cluster-name demo', { [name]: 'x' })).toBeUndefined()
  })

  it('is understood with variables that are known, and with those that are of no account', () => {
    const env = { AWS_PROFILE: 'p', AWS_STS_REGIONAL_ENDPOINTS: 'regional', LANG: 'C', PATH: '/x' }
    expect(entryOf('aws eks get-token --cluster-name demo', env)).toBeDefined()
  })

  it.each([
    ['no cluster', 'aws eks get-token --region eu-west-1', '"args" has no --cluster-name'],
    [
      'two of them',
      'aws eks get-token --cluster-name a --cluster-id b',
      '"args" has both --cluster-name and --cluster-id, and they exclude each other',
    ],
    [
      'a host for a region',
      'aws --region x.evil.com/ eks get-token --cluster-name a',
      '"args": "x.evil.com/" is no region of AWS; one is "eu-central-1"',
    ],
    [
      'a role that is none',
      'aws eks get-token --cluster-name a --role admin',
      '"args": "admin" is no ARN of a role; one is "arn:aws:iam::123456789012:role/name"',
    ],
    [
      'a cluster with a line break',
      'aws eks get-token --cluster-name a\r\nb',
      '"args": "a\\r\\nb" is no name of a cluster: those are of letters, digits, "-" and "_", 100 at most',
    ],
  ])('is refused with %s', (_, line, message) => {
    expect(() => entryOf(line)).toThrow(
      expect.toSatisfy((error: unknown) => isKubeError(error, 'KUBE_CONFIG') && error.message === message),
    )
  })

  it('is refused with 5 kB of a name, of which little is quoted', () => {
    expect(() => entryOf(`aws eks get-token --cluster-name ${'a'.repeat(5000)}`)).toThrow(
      expect.toSatisfy((error: unknown) => error instanceof Error && error.message.length < 300),
    )
  })
})
