import {
  createClient,
  ConfigError,
  TransportError,
  type KubeRequest,
  type Transport,
  type TransportFactory,
} from '@kubeclient/core'

/** Over the runtime's fetch, for what it can do. */
const overFetch: TransportFactory = ({ server, ca, proxy }): Transport => {
  if (ca !== undefined || proxy !== undefined) throw new ConfigError('this transport supports neither `ca` nor `proxy`')
  const urlOf = ({ path, query }: KubeRequest): URL => {
    const url = new URL(path, server)
    for (const [name, value] of query) url.searchParams.append(name, value)
    return url
  }
  return {
    async send(request) {
      const { method, signal } = request
      const body = request.body as string | undefined // lib.dom's BodyInit spells bytes more narrowly than Uint8Array
      const url = urlOf(request)
      const headers = Object.entries(request.headers).flatMap(([name, value]) =>
        [value].flat().map((line): [string, string] => [name, line]),
      )
      const abort = new AbortController()
      const signals = signal === undefined ? abort.signal : AbortSignal.any([signal, abort.signal])
      const init = { method, headers, redirect: 'manual' as const, signal: signals, body: body ?? null }
      const response = await fetch(url, init).catch((cause: unknown) => {
        throw new TransportError(
          'fetch failed',
          { request: { method, url: url.href }, maybeApplied: method !== 'GET' },
          { cause },
        )
      })
      return {
        status: response.status,
        headers: Object.fromEntries(response.headers),
        body: response.body ?? (async function* () {})(),
        cancel: () => abort.abort(),
      }
    },
    close: async () => {},
  }
}

await using client = createClient({ server: 'https://api', transport: overFetch })
await client.version()
