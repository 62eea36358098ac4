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
