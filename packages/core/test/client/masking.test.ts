import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Credentials, createClient, type Middleware } from '../../src/index.ts'
import { kubeError, logged } from '../support/caught.ts'

let server: Server
let url: string
/** The answer to everything but /held. */
let code: number
/** Ends the answer to /held. */
let finish: () => void

/** Repeats to its caller what it was sent, as a debugging proxy does. */
beforeEach(async () => {
  code = 403
  server = createServer((request, response) => {
    const said = request.headers.authorization ?? 'nobody'
    if (request.url === '/held') {
      response.writeHead(200).flushHeaders()
      finish = () => void response.end(`who is ${said}?`)
      return
    }
    const status = { kind: 'Status', apiVersion: 'v1', status: 'Failure', message: `who is ${said}?`, code }
    const warning = `299 - "deprecated for ${said}"`
    response.writeHead(code, { 'content-type': 'application/json', warning }).end(JSON.stringify(status))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}` // listens on TCP
})

afterEach(() => server.close())

it.each<[string, Credentials]>([
  ['token', { token: 's3cret-token' }],
  ['password', { basic: { username: 'me', password: 's3cret-password' } }],
])('a %s that the server repeats is masked, in the first call already', async (_, credentials) => {
  await using client = createClient({ server: url, credentials })
  const error = await kubeError('KUBE_API', client.version())
  expect(error.message).toContain('***')
  expect(logged(error)).not.toContain('s3cret')
  expect(logged(error)).not.toContain(Buffer.from('me:s3cret-password').toString('base64'))
})

const own = { Authorization: 'Bearer s3cret-own' }
const ofMiddleware: Middleware = (request, next) =>
  next({ ...request, headers: { ...request.headers, authorization: 'Bearer s3cret-own' } })

describe('an Authorization header', () => {
  it('of request() is masked', async () => {
    await using client = createClient({ server: url })
    const error = await kubeError('KUBE_API', client.request({ path: '/x', headers: own }))
    expect(error.message).toContain('who is Bearer ***?')
    expect(logged(error)).not.toContain('s3cret')
  })

  it('of with() is masked', async () => {
    await using client = createClient({ server: url })
    const error = await kubeError('KUBE_API', client.with({ headers: own }).version())
    expect(error.message).toContain('who is Bearer ***?')
  })

  it('of a middleware is masked, and no middleware sees what is', async () => {
    const seen: string[] = []
    const log: Middleware = async (request, next) => {
      const response = await next(request)
      seen.push(logged(request))
      return response
    }
    await using client = createClient({ server: url, middleware: [log, ofMiddleware] })
    const error = await kubeError('KUBE_API', client.version())
    expect(error.message).toContain('who is Bearer ***?')
    expect(seen).toHaveLength(1)
    expect(seen.join()).not.toContain('s3cret')
  })

  it('that is refused was sent: the advice is not to give credentials', async () => {
    code = 401
    await using client = createClient({ server: url })
    const error = await kubeError('KUBE_API', client.request({ path: '/x', headers: own }))
    expect(error.message).toMatch(/the credentials were refused/)
    const anonymous = await kubeError('KUBE_API', client.version())
    expect(anonymous.message).toMatch(/no token or password was sent/)
  })
})

it('a warning that repeats the token is masked', async () => {
  code = 200
  const warnings: string[] = []
  await using client = createClient({
    server: url,
    credentials: { token: 's3cret-token' },
    onWarning: ({ text }) => warnings.push(text),
  })
  await client.version()
  expect(warnings).toEqual(['deprecated for Bearer ***'])
})

it('what a request was sent with is masked, though the credentials have changed twice since', async () => {
  let asked = 0
  await using client = createClient({
    server: url,
    credentials: async () => ({ token: `s3cret-${(asked += 1)}` }),
    retry: false,
  })
  const response = await client.request({ path: '/held', stream: true })
  code = 401
  await kubeError('KUBE_API', client.version())
  await kubeError('KUBE_API', client.version())
  expect(asked).toBe(3)
  finish()
  const error = await kubeError('KUBE_PROTOCOL', response.json())
  expect(error.message).toContain('who is Bearer ***?')
})
