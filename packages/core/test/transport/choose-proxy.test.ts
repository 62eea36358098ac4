import { describe, expect, it } from 'vitest'
import { chooseProxy } from '../../src/transport/choose-proxy.ts'

const server = (url: string): URL => new URL(url)
const env = { HTTPS_PROXY: 'http://proxy:3128', HTTP_PROXY: 'http://plain:3128' }
const chosen = (url: string, more: Record<string, string> = {}): string | undefined =>
  chooseProxy(server(url), 'env', { ...env, ...more })?.href

describe('chooseProxy', () => {
  it('takes the variable of the scheme', () => {
    expect(chosen('https://api.example:6443')).toBe('http://proxy:3128/')
    expect(chosen('http://api.example')).toBe('http://plain:3128/')
  })

  it('reads upper case first, and an empty variable as none', () => {
    expect(chosen('https://a', { https_proxy: 'http://lower:1' })).toBe('http://proxy:3128/')
    expect(chosen('https://a', { HTTPS_PROXY: '', https_proxy: 'http://lower:1' })).toBe('http://lower:1/')
  })

  it('never reads ALL_PROXY', () => {
    expect(chooseProxy(server('https://a'), 'env', { ALL_PROXY: 'http://all:1' })).toBeUndefined()
  })

  it('adds http:// to a bare host', () => {
    expect(chosen('https://a', { HTTPS_PROXY: 'proxy:8080' })).toBe('http://proxy:8080/')
  })

  it.each(['https://localhost:6443', 'https://127.0.0.1', 'https://127.9.9.9:1', 'https://[::1]:6443'])(
    'never sends %s through a proxy of the environment',
    (url) => {
      expect(chosen(url)).toBeUndefined()
    },
  )

  it.each([
    ['*', 'https://anything.example', true],
    ['api.example', 'https://api.example:6443', true],
    ['api.example', 'https://sub.api.example', true],
    ['api.example', 'https://otherapi.example', false],
    ['.example', 'https://api.example', true],
    ['.api.example', 'https://api.example', false],
    ['*.example', 'https://api.example', true],
    ['API.Example', 'https://api.example', true],
    ['api.example:6443', 'https://api.example:6443', true],
    ['api.example:443', 'https://api.example', true],
    ['api.example:80', 'https://api.example', false],
    ['10.0.0.0/8', 'https://10.1.2.3:6443', true],
    ['10.0.0.0/8', 'https://11.1.2.3', false],
    ['10.0.0.0/33', 'https://10.1.2.3', false],
    ['10.1.2.3', 'https://10.1.2.3', true],
    ['10.1.2.3:6443', 'https://10.1.2.3:6443', true],
    ['10.1.2.3:1', 'https://10.1.2.3:6443', false],
    ['fd00::/8', 'https://[fd12::1]:6443', true],
    ['fd12::1', 'https://[fd12::1]', true],
    ['[fd12::1]:6443', 'https://[fd12::1]:6443', true],
    ['[fd12::1]', 'https://[fd12::1]:6443', true],
    ['fd12:0:0:0:0:0:0:1', 'https://[fd12::1]:6443', true],
    ['FD12:0000::0001', 'https://[fd12::1]:6443', true],
    ['[fd12:0:0:0:0:0:0:1]:6443', 'https://[fd12::1]:6443', true],
    ['[fd12:0:0:0:0:0:0:1]:1', 'https://[fd12::1]:6443', false],
    ['[fd12::2]', 'https://[fd12::1]:6443', false],
    ['fd12:0:0:0:0:0:0:0/64', 'https://[fd12::1]:6443', true],
    ['[fd12::]/64', 'https://[fd12::1]:6443', true],
    ['[fd12::]/64:1', 'https://[fd12::1]:6443', false],
    ['fd12::/x', 'https://[fd12::1]', false],
    ['fd12::1%eth0', 'https://[fd12::1]', false],
    ['fd12::1%eth0/64', 'https://[fd12::1]', false],
    ['[fd12::1', 'https://[fd12::1]', false],
    ['::ffff:10.1.2.3', 'https://10.1.2.3', true],
    ['10.1.2.3', 'https://[::ffff:10.1.2.3]', true],
    ['10.0.0.0/8', 'https://[::ffff:10.1.2.3]', true],
    ['0.0.0.0/0', 'https://[fd12::1]', false],
    ['::/0', 'https://10.1.2.3', false],
    ['a, ,api.example', 'https://api.example', true],
    ['', 'https://api.example', false],
    ['2.3', 'https://10.1.2.3', false],
  ])('NO_PROXY=%s leaves %s alone: %s', (noProxy, url, excluded) => {
    expect(chosen(url, { NO_PROXY: noProxy }) === undefined).toBe(excluded)
  })

  it('uses an explicit proxy whatever NO_PROXY says, and none for false', () => {
    expect(chooseProxy(server('https://127.0.0.1'), 'socks5://p:1080', { NO_PROXY: '*' })?.href).toBe('socks5://p:1080')
    expect(chooseProxy(server('https://a'), false, env)).toBeUndefined()
  })

  it.each(['ftp://u:s3cret@p', 'socks4://p', 'socks5h://p', 'nonsense', 'http://', ''])(
    'refuses %s without quoting it',
    (proxy) => {
      let error: unknown
      try {
        chooseProxy(server('https://a'), proxy, {})
      } catch (thrown) {
        error = thrown
      }
      expect(error).toMatchObject({ code: 'KUBE_CONFIG' })
      expect(String(error)).toContain('proxy')
      expect(String(error)).not.toContain('s3cret')
    },
  )
})
