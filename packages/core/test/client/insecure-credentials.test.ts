import { describe, expect, it } from 'vitest'
import { createClient } from '../../src/index.ts'

const server = 'http://api.example'
const impersonate = { user: 'jane' }

describe('over plain http to another host', () => {
  it.each([
    ['credentials', { credentials: { token: 'abc' } }],
    ['impersonation', { impersonate }],
  ])('%s is refused', (_, config) => {
    expect(() => createClient({ server, ...config })).toThrow(/plain http/)
    expect(() => createClient({ server, ...config, allowInsecureCredentials: true })).not.toThrow()
  })

  it('impersonation that with() brings is refused, too', () => {
    expect(() => createClient({ server }).with({ impersonate })).toThrow(/plain http/)
    expect(() => createClient({ server, allowInsecureCredentials: true }).with({ impersonate })).not.toThrow()
  })
})

it.each(['http://localhost:1', 'http://127.0.0.1:1', 'http://[::1]:1', 'https://api.example'])(
  '%s may be sent credentials',
  (near) => {
    expect(() => createClient({ server: near, credentials: { token: 'abc' }, impersonate })).not.toThrow()
  },
)

it('with() refuses to impersonate nobody', () => {
  const client = createClient({ server: 'https://api.example' })
  expect(() => client.with({ impersonate: { user: '' } })).toThrow(expect.objectContaining({ code: 'KUBE_CONFIG' }))
})
