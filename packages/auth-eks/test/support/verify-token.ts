import type { AwsCredentials } from '../../src/index.ts'
import { presignByHand } from './presign-by-hand.ts'

export interface Verifier {
  /** The name that the cluster has for itself. */
  readonly clusterName: string
  /** What AWS knows. */
  readonly keys: readonly AwsCredentials[]
  /** Milliseconds since the epoch. */
  readonly now: number
}

const allowed = new Set([
  'action',
  'version',
  'x-amz-algorithm',
  'x-amz-credential',
  'x-amz-date',
  'x-amz-expires',
  'x-amz-signedheaders',
  'x-amz-security-token',
  'x-amz-signature',
])

/**
 * Whose token this is, as the authenticator of a cluster and AWS's Security Token Service find it out; or why it is nobody's.
 *
 * @see https://github.com/kubernetes-sigs/aws-iam-authenticator/blob/v0.7.8/pkg/token/token.go
 */
export function verifyToken(token: string, verifier: Verifier): { accessKeyId: string } | { refused: string } {
  if (!/^k8s-aws-v1\.[A-Za-z0-9_-]+$/.test(token) || token.length > 4096) return { refused: 'no token of EKS' }
  const url = new URL(Buffer.from(token.slice('k8s-aws-v1.'.length), 'base64url').toString())
  const names = [...url.searchParams.keys()].map((name) => name.toLowerCase())
  if (url.protocol !== 'https:' || url.pathname !== '/' || !/^sts[.-]/.test(url.hostname)) return { refused: 'no STS' }
  if (names.some((name) => !allowed.has(name)) || new Set(names).size !== names.length) return { refused: 'a query' }
  return verifyUrl(url, verifier)
}

function verifyUrl(url: URL, { clusterName, keys, now }: Verifier): { accessKeyId: string } | { refused: string } {
  const get = (name: string): string => url.searchParams.get(name) ?? ''
  const date = get('X-Amz-Date')
  const [, ...parts] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(date) ?? []
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts.map(Number)
  const ageMs = now - Date.UTC(year, month - 1, day, hour, minute, second)
  if (!(ageMs <= 15 * 60_000)) return { refused: 'expired' }
  if (ageMs < -5 * 60_000) return { refused: 'not yet valid' }
  const [accessKeyId = '', , region = ''] = get('X-Amz-Credential').split('/')
  const known = keys.find((candidate) => candidate.accessKeyId === accessKeyId)
  if (known === undefined) return { refused: 'an unknown key' }
  // The cluster adds its own name, whichever the token was signed for.
  const subject = { host: url.host, region, clusterName, accessKeyId, date }
  const { secretAccessKey, sessionToken } = known
  const own = new URL(presignByHand({ ...subject, secretAccessKey, sessionToken }))
  return own.searchParams.get('X-Amz-Signature') === get('X-Amz-Signature')
    ? { accessKeyId }
    : { refused: 'the signature is wrong' }
}
