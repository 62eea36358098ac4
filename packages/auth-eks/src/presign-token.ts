import { createHash, createHmac, type Hash, type Hmac } from 'node:crypto'
import { SignatureV4 } from '@smithy/signature-v4'
import type { AwsCredentials } from './aws-credentials.ts'
import { awsIdentity } from './aws-identity.ts'
import type { StsEndpoint } from './sts-endpoint.ts'

export interface TokenSubject {
  readonly clusterName: string
  readonly endpoint: StsEndpoint
  readonly credentials: AwsCredentials
  readonly signedAt: Date
}

/** The query of the request, in the order of `aws eks get-token`: whoever compares tokens finds them equal. */
const parameters = [
  'Action',
  'Version',
  'X-Amz-Algorithm',
  'X-Amz-Credential',
  'X-Amz-Date',
  'X-Amz-Expires',
  'X-Amz-SignedHeaders',
  'X-Amz-Security-Token',
  'X-Amz-Signature',
] as const

/**
 * A token for one cluster: the signed request to AWS that would say whose keys these are. The cluster sends it, with its own
 * name in a header that the signature covers, so that it is of no use to another.
 *
 * @see https://github.com/kubernetes-sigs/aws-iam-authenticator#api-authorization-from-outside-a-cluster
 */
export async function presignToken({ clusterName, endpoint, credentials, signedAt }: TokenSubject): Promise<string> {
  const { host, region } = endpoint
  const signer = new SignatureV4({ credentials: awsIdentity(credentials), region, service: 'sts', sha256: Sha256 })
  const request = {
    method: 'GET',
    protocol: 'https:',
    hostname: host,
    path: '/',
    query: { Action: 'GetCallerIdentity', Version: '2011-06-15' },
    // The signer adds no `host` by itself, and a signature without it is not valid.
    headers: { host, 'x-k8s-aws-id': clusterName },
  }
  const { query = {} } = await signer.presign(request, { signingDate: signedAt, expiresIn: 60 })
  const pairs = parameters.map((name) => [name, query[name]] as const)
  const search = pairs
    .filter(([, value]) => typeof value === 'string')
    .map(([name, value]) => `${name}=${escapeUri(value)}`)
  return `k8s-aws-v1.${Buffer.from(`https://${host}/?${search.join('&')}`).toString('base64url')}`
}

/** As RFC 3986 has it, which is stricter than JavaScript. */
function escapeUri(value: unknown): string {
  return encodeURIComponent(String(value)).replaceAll(/[!'()*]/g, percent)
}

function percent(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`
}

type Bytes = string | ArrayBuffer | ArrayBufferView

/** What the signer hashes with. Node's own: another would be in every bundle. */
class Sha256 {
  readonly #hash: Hash | Hmac

  constructor(secret?: Bytes) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', viewOf(secret))
  }

  update(data: Bytes): void {
    this.#hash.update(viewOf(data))
  }

  digest(): Promise<Uint8Array> {
    return Promise.resolve(this.#hash.digest())
  }
}

function viewOf(data: Bytes): string | NodeJS.ArrayBufferView {
  if (typeof data === 'string') return data
  return data instanceof ArrayBuffer
    ? new Uint8Array(data)
    : new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
}
