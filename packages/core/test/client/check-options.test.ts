import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it } from 'vitest'
import { createClient, type ClientConfig } from '../../src/index.ts'

const server = 'https://api.example'

describe('createClient', () => {
  it.each<[string, Partial<ClientConfig>]>([
    ['tls.ca', { tls: { ca: '' } }],
    ['tls.ca', { tls: { ca: ' \n' } }],
    ['tls.ca', { tls: { ca: '/etc/kubernetes/ca.crt' } }],
    ['tls.ca', { tls: { ca: 'LS0tLS1CRUdJTg==' } }],
    ['timeouts.connectMs', { timeouts: { connectMs: 0 } }],
    ['timeouts.connectMs', { timeouts: { connectMs: Number.NaN } }],
    ['timeouts.responseMs', { timeouts: { responseMs: Number.POSITIVE_INFINITY } }],
    ['timeouts.responseMs', { timeouts: { responseMs: -1 } }],
    ['retry.maxAttempts', { retry: { maxAttempts: 0 } }],
    ['retry.maxDelayMs', { retry: { maxDelayMs: -1 } }],
    ['retry.totalMs', { retry: { totalMs: Number.NaN } }],
    ['maxRedirects', { maxRedirects: -1 }],
    ['userAgent', { userAgent: 'a\r\nx: y' }],
    ['userAgent', { userAgent: '' }],
    ['userAgent', { userAgent: 'ünïcode' }],
    ['namespace', { namespace: '' }],
    ['namespace', { namespace: '../kube-system' }],
  ])('refuses a %s that cannot work, and names it', (name, config) => {
    const create = (): unknown => createClient({ server, ...config })
    expect(create).toThrow(
      expect.objectContaining({ code: 'KUBE_CONFIG', message: expect.stringContaining(`\`${name}\``) }),
    )
  })

  it('takes values at the ends of what is allowed', () => {
    const timeouts = { connectMs: 1, responseMs: 2 ** 31 - 1 }
    const retry = { maxAttempts: 1, maxDelayMs: 0, totalMs: 0 }
    const config = { server, timeouts, retry, maxRedirects: 0, userAgent: 'my app/1.0 (x; y)', namespace: 'team-a' }
    expect(createClient(config).namespace).toBe('team-a')
  })
})

it.each([undefined, null, '', {}, { kind: 'Pod' }, { apiVersion: 'v1' }, { apiVersion: '', kind: 'Pod' }])(
  'resource(%j) is refused before anything is sent',
  (ref) => {
    const client = createClient({ server })
    const call = (): unknown => client.resource(ref as never) // what a program without types can pass
    expect(call).toThrow(expect.objectContaining({ code: 'KUBE_INVALID_REQUEST' }))
  },
)

it.each(['', ' \n', undefined])('a `tls.ca` function that gives %j trusts nobody', async (bundle) => {
  const ca = (): Promise<string> => Promise.resolve(bundle as string) // what a program without types can give
  await using client = createClient({ server, tls: { ca } })
  await expect(client.version()).rejects.toMatchObject({
    code: 'KUBE_CONFIG',
    message: expect.stringContaining('`tls.ca`'),
  })
})

it('an onWarning that throws fails the call, and frees its connection', async () => {
  const closed = Promise.withResolvers<boolean>()
  const api = createServer((request, response) => {
    request.socket.on('close', closed.resolve)
    response.writeHead(200, { 'content-type': 'application/json', warning: '299 - "old"' }).flushHeaders()
  })
  await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve))
  const { port } = api.address() as AddressInfo // listens on TCP
  const bug = new Error('a bug of the application')
  const onWarning = (): never => {
    throw bug
  }
  await using client = createClient({ server: `http://127.0.0.1:${port}`, onWarning })
  await expect(client.request({ path: '/logs', stream: true })).rejects.toBe(bug)
  expect(await closed.promise).toBe(false)
  api.close()
})
