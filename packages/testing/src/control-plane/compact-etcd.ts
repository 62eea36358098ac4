import { request } from 'node:http'

/**
 * Makes etcd forget every version before the present one, as kube-apiserver has it do every five minutes.
 *
 * @see https://etcd.io/docs/v3.6/dev-guide/api_grpc_gateway/
 */
export async function compactEtcd(socketPath: string): Promise<void> {
  // Any key will do: the answer's header has the revision.
  const { header } = await post(socketPath, '/v3/kv/range', { key: 'AA==', limit: 1 })
  const { code } = await post(socketPath, '/v3/kv/compaction', { revision: header.revision, physical: true })
  if (code !== undefined && code !== outOfRange) throw new Error(`etcd did not compact: it answered with code ${code}`)
}

/** Of gRPC: the revision has been compacted before. */
const outOfRange = 11

interface Answer {
  readonly header: { readonly revision: string }
  /** Of a failure. */
  readonly code?: number
}

function post(socketPath: string, path: string, body: object): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request({ socketPath, path, method: 'POST', agent: false }, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => (text += chunk))
      response.once('error', reject)
      response.once('end', () => {
        if (response.headers['content-type']?.startsWith('application/json') === true)
          resolve(JSON.parse(text) as Answer) // etcd's, by its API
        else reject(new Error(`etcd answered ${response.statusCode} to ${path}: ${text.slice(0, 512)}`))
      })
    })
    sent.once('error', reject)
    sent.end(JSON.stringify(body))
  })
}
