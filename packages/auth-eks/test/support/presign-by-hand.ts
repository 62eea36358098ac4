import { createHash, createHmac } from 'node:crypto'

export interface Subject {
  readonly host: string
  readonly region: string
  readonly clusterName: string
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string | undefined
  /** `20261128T110951Z` */
  readonly date: string
}

/** A presigner that shares nothing with the one under test: AWS's description of Signature Version 4, step by step. */
export function presignByHand({ host, region, clusterName, ...subject }: Subject): string {
  const { accessKeyId, secretAccessKey, sessionToken, date } = subject
  const day = date.slice(0, 8)
  const scope = `${day}/${region}/sts/aws4_request`
  const query: [string, string][] = [
    ['Action', 'GetCallerIdentity'],
    ['Version', '2011-06-15'],
    ['X-Amz-Algorithm', 'AWS4-HMAC-SHA256'],
    ['X-Amz-Credential', `${accessKeyId}/${scope}`],
    ['X-Amz-Date', date],
    ['X-Amz-Expires', '60'],
    ['X-Amz-SignedHeaders', 'host;x-k8s-aws-id'],
    ...(sessionToken === undefined ? [] : [['X-Amz-Security-Token', sessionToken] satisfies [string, string]]),
  ]
  const pairs = query.map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
  const headers = `host:${host}\nx-k8s-aws-id:${clusterName}\n`
  const canonical = ['GET', '/', pairs.toSorted().join('&'), headers, 'host;x-k8s-aws-id', sha256('')].join('\n')
  const text = ['AWS4-HMAC-SHA256', date, scope, sha256(canonical)].join('\n')
  const key = [day, region, 'sts', 'aws4_request'].reduce(hmac, Buffer.from(`AWS4${secretAccessKey}`))
  return `https://${host}/?${pairs.join('&')}&X-Amz-Signature=${hmac(key, text).toString('hex')}`
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

/** RFC 3986, byte by byte. */
function encoded(text: string): string {
  return Array.from(Buffer.from(text), (byte) => {
    const character = String.fromCharCode(byte)
    return /[A-Za-z0-9\-._~]/.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
  }).join('')
}
