import { setImmediate } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import type { KubeResponse, Transport } from '../../src/spec/index.ts'
import { fetchTransport } from '../../src/transport/fetch-transport.ts'
import { readBytes, readText } from '../../src/transport/read-response.ts'
// By its path: core is below the testing package, and a dependency on it would be a cycle.
import { createCertificateAuthority } from '../../../testing/src/certificates.ts'
import { caught, kubeError, logged } from '../support/caught.ts'
import { text, useServer } from '../support/scripted-server.ts'
import { connectionTo, get, stream } from '../support/transports.ts'

type Fetch = typeof globalThis.fetch

/** We give it a text. */
const urlOf = (input: Parameters<Fetch>[0]): string => (typeof input === 'string' ? input : 'no text')

const throwing: Fetch = () => {
  throw new Error('no network here')
}

const indiscreet: Fetch = (url, init) => {
  const sent = new Headers(init?.headers).get('authorization')
  return Promise.reject(new Error(`could not GET ${urlOf(url)} (Authorization: ${sent}; ${sent?.slice(7)})`))
}

/** The same 64 MiB again and again. */
function endless(cancel: () => void): ReadableStream<Uint8Array> {
  const chunk = new Uint8Array(64 << 20)
  return new ReadableStream({ pull: (controller) => controller.enqueue(chunk), cancel })
}

const unused: Fetch = () => Promise.reject(new Error('it was asked'))

const over = (fetch: Fetch, url = 'https://k8s.test'): Transport => fetchTransport(fetch)(connectionTo(url))

async function textOf({ body }: KubeResponse): Promise<string> {
  return Buffer.concat(await Array.fromAsync(body)).toString()
}

describe("over Node's fetch", () => {
  const api = useServer()

  it('cookies stay apart, other repeated headers of a response are one', async () => {
    api.reply('GET /a', text('', { headers: { 'set-cookie': ['a=1', 'b=2'], warning: ['299 - "x"', '299 - "y"'] } }))
    const { headers } = await over(fetch, api.url).send(get('/a'))
    expect(headers['set-cookie']).toEqual(['a=1', 'b=2'])
    expect(headers['warning']).toBe('299 - "x", 299 - "y"')
  })
})

const authority = await createCertificateAuthority({ commonName: 'nobody trusts it' })
const certificate = await authority.issue({ commonName: 'kube-apiserver', sans: ['127.0.0.1'] })

describe('over TLS', () => {
  const api = useServer(() => certificate)

  it("a certificate of a CA that is not the runtime's is refused, with what can be done", async () => {
    const error = await kubeError('KUBE_TRANSPORT', over(fetch, api.url).send(get('/a', { method: 'DELETE' })))
    expect(error.message).toContain("the server's certificate is not signed by a CA that this runtime trusts")
    expect(error.maybeApplied).toBe(false)
    expect(error.cause).toMatchObject({ code: expect.any(String) })
  })
})

it('a certificate for another name is refused in words of its own, and is not shown', async () => {
  const cause = Object.assign(new Error('wrong name'), { code: 'ERR_TLS_CERT_ALTNAME_INVALID', cert: certificate })
  const failing = over(() => Promise.reject(new TypeError('fetch failed', { cause })))
  const error = await kubeError('KUBE_TRANSPORT', failing.send(get('/a')))
  expect(error.message).toContain("the server's certificate is for another name than k8s.test")
  expect(logged(error)).not.toContain('BEGIN')
})

describe('over a function of your own', () => {
  it('a URL is given, and what a fetch takes', async () => {
    const calls: [string, RequestInit | undefined][] = []
    const fetch: Fetch = async (url, init) => {
      calls.push([urlOf(url), init])
      return Response.json({ kind: 'Pod' })
    }
    const response = await over(fetch).send(
      get('/api', { headers: { accept: 'application/json' }, query: [['a', 'b']] }),
    )
    expect(await readText(response)).toBe('{"kind":"Pod"}')
    const [[url, init] = []] = calls
    expect(url).toBe('https://k8s.test/api?a=b')
    expect(init).toMatchObject({ method: 'GET', redirect: 'manual', signal: expect.any(AbortSignal) })
    expect(Object.fromEntries(new Headers(init?.headers))).toEqual({ accept: 'application/json' })
  })

  it('one that does not heed its signal keeps nobody waiting, and its late response is given up', async () => {
    const answer = Promise.withResolvers<Response>()
    const cancelled = Promise.withResolvers<void>()
    const transport = over(() => answer.promise)
    const controller = new AbortController()
    const waiting = caught(transport.send(get('/a', { signal: controller.signal })))
    controller.abort('enough')
    await expect(waiting).resolves.toBe('enough')
    await transport.close()
    answer.resolve(new Response(new ReadableStream({ cancel: () => cancelled.resolve() })))
    await cancelled.promise
  })

  it('a body that does not heed the signal ends with it as well', async () => {
    const controller = new AbortController()
    const transport = over(async () => new Response(new ReadableStream()))
    const opened = await transport.send(stream('/a', { signal: controller.signal }))
    const reading = caught(textOf(opened))
    await setImmediate()
    controller.abort('enough')
    await expect(reading).resolves.toBe('enough')
  })

  it('the body of a failure that has no end is read as far as it can explain something', async () => {
    const cancelled = Promise.withResolvers<void>()
    const fetch: Fetch = async () => new Response(endless(cancelled.resolve), { status: 500 })
    const { body } = await over(fetch).send(get('/a'))
    expect((await readBytes(body)).length).toBe(64 << 20)
    await cancelled.promise
  })

  it('any other body that has no end is given up', async () => {
    const cancelled = Promise.withResolvers<void>()
    const error = await kubeError(
      'KUBE_PROTOCOL',
      over(async () => new Response(endless(cancelled.resolve))).send(get('/a')),
    )
    expect(error.message).toContain('longer than 512 MiB')
    await cancelled.promise
  })

  it('a redirect that it hides, as browsers do, is an error that says so', async () => {
    const hidden = Object.defineProperty(new Response(), 'status', { value: 0 })
    const error = await kubeError('KUBE_TRANSPORT', over(async () => hidden).send(get('/a')))
    expect(error.message).toContain('the server redirects, and this fetch does not say where: set `server`')
  })

  it('a TypeError without a reason says what it may be', async () => {
    const error = await kubeError(
      'KUBE_TRANSPORT',
      over(() => Promise.reject(new TypeError('Failed to fetch'))).send(get('/a', { method: 'POST' })),
    )
    expect(error.message).toContain('Failed to fetch (no connection, a certificate that is not trusted, or CORS')
    expect(error.maybeApplied).toBe(true)
  })

  it('a code on the error itself, as Bun has it, is understood', async () => {
    const failure = Object.assign(new TypeError('closed'), { code: 'ECONNRESET' })
    const error = await kubeError('KUBE_TRANSPORT', over(() => Promise.reject(failure)).send(get('/a')))
    expect(error.message).toContain('the connection was reset')
  })

  it.each([
    ['tcp connect error: Connection refused (os error 111)', 'nothing listens at k8s.test', false],
    ['dns error: Name or service not known', 'the host name k8s.test is not known', false],
    ['invalid peer certificate: UnknownIssuer', 'invalid peer certificate: UnknownIssuer', false],
    ['connection closed before message completed', 'connection closed before message completed', true],
  ])('words without a code, as Deno has them, are understood: %s', async (said, words, maybeApplied) => {
    const failure = new TypeError('fetch failed', { cause: new Error(`client error: ${said}`) })
    const sent = over(() => Promise.reject(failure)).send(get('/a', { method: 'POST' }))
    const error = await kubeError('KUBE_TRANSPORT', sent)
    expect(error.message).toContain(words)
    expect(error.maybeApplied).toBe(maybeApplied)
  })

  it('an error that repeats the request is cleared of its headers and its query', async () => {
    const error = await kubeError(
      'KUBE_TRANSPORT',
      over(indiscreet).send(
        get('/a', { headers: { authorization: 'Bearer tok-3N-secret' }, query: [['command', 'hush']] }),
      ),
    )
    expect(error.message).toContain('could not GET https://k8s.test/a (')
    expect(logged(error)).not.toMatch(/tok-3N-secret|hush/)
  })

  it('what it throws may be no Error, and may be one of ours', async () => {
    // oxlint-disable-next-line prefer-promise-reject-errors -- somebody's fetch does so
    await kubeError('KUBE_TRANSPORT', over(() => Promise.reject('nope')).send(get('/a')))
    const own = await kubeError('KUBE_TRANSPORT', over(() => Promise.reject(new Error('x'))).send(get('/a')))
    await expect(caught(over(() => Promise.reject(own)).send(get('/a')))).resolves.toBe(own)
  })

  it('one that throws at once is a failure as any other', async () => {
    expect((await kubeError('KUBE_TRANSPORT', over(throwing).send(get('/a')))).message).toContain('no network here')
  })
})

describe('refused before the fetch is asked:', () => {
  it.each([
    ['ca', { ca: 'pem' }, '`tls.ca`'],
    ['a client certificate', { clientCertificate: { cert: 'c', key: 'hush' } }, '`tls.clientCertificate`'],
    ['a server name', { serverName: 'x' }, '`tls.serverName`'],
    ['no verification', { insecureSkipVerify: true }, '`tls.insecureSkipVerify`'],
    ['a proxy', { proxy: new URL('http://u:hush@proxy:3128') }, '`proxy`'],
    ['HTTP/2', { http2: true }, '`http2`'],
  ])('%s', async (_, more, option) => {
    const error = await kubeError('KUBE_CONFIG', () => fetchTransport(unused)(connectionTo('https://k8s.test', more)))
    expect(error.message).toContain(option)
    expect(error.message).toContain('cannot be honoured by a fetch')
    expect(logged(error)).not.toContain('hush')
  })

  it.each([
    ['impersonate-group', 'more than one of `impersonate.groups`'],
    ['impersonate-extra-scopes', 'more than one value of a key of `impersonate.extra`'],
    ['x-own', 'more than one line of the header "x-own"'],
  ])('two lines of %s', async (name, words) => {
    const error = await kubeError('KUBE_CONFIG', over(unused).send(get('/a', { headers: { [name]: ['a', 'b'] } })))
    expect(error.message).toContain(words)
  })

  it('an upgrade', async () => {
    const error = await kubeError('KUBE_CONFIG', over(unused).send(get('/a', { kind: 'upgrade' })))
    expect(error.message).toContain('WebSocket')
  })

  it.each(['/a/../b', '/a/..', '/a/./b', '/a/%2e%2E/b', '/a/.%2e?x=1', String.raw`/a\b`])(
    '%s, which a fetch would send as another path',
    async (path) => {
      const error = await kubeError('KUBE_INVALID_REQUEST', over(unused).send(get(path)))
      expect(error.message).toContain(JSON.stringify(path))
    },
  )

  it('dots that are part of a name, or of a query, are not', async () => {
    const paths: string[] = []
    const fetch: Fetch = async (url) => {
      paths.push(urlOf(url))
      return new Response('ok')
    }
    for (const path of ['/a/..b/c..', '/a/.../%2e%2e%2e', '/a?x=/../']) await over(fetch).send(get(path))
    expect(paths.map((url) => url.slice('https://k8s.test'.length))).toEqual([
      '/a/..b/c..',
      '/a/.../%2e%2e%2e',
      '/a?x=/../',
    ])
  })

  it('a body of a GET, and a header that no fetch takes: its value is not shown', async () => {
    await kubeError('KUBE_INVALID_REQUEST', over(unused).send(get('/a', { body: '{}' })))
    const error = await kubeError(
      'KUBE_INVALID_REQUEST',
      over(unused).send(get('/a', { headers: { 'x-key': 'hush\nx: y' } })),
    )
    expect(error.message).toContain('"x-key"')
    expect(logged(error)).not.toContain('hush')
  })
})
