// The example of a plugin by somebody else: small, on the interface alone, and as good as our own.
import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { checkCredentialPlugin } from '@kubeclient/testing'
import { describe, expect, it } from 'vitest'
import { brokerAuth } from '../../../examples/auth-plugin/broker-auth.ts'

const folder = new URL('../../../examples/auth-plugin/', import.meta.url)
const entryOf = (config: Record<string, string>) => ({ 'auth-provider': { name: 'broker', config } })

describe('the example of a credential plugin', () => {
  it('keeps what a credential plugin promises', async () => {
    const authInfo = entryOf({ team: 'blue' })
    const check = checkCredentialPlugin(brokerAuth({ url: 'https://broker.invalid/', key: 'the-broker-key' }), {
      accepts: [
        {
          authInfo,
          responses: [Response.json({ token: 'token-of-blue', seconds: 600 })],
          credentials: { token: 'token-of-blue' },
        },
      ],
      declines: [{ 'auth-provider': { name: 'Broker', config: { team: 'blue' } } }],
      fails: [
        { authInfo: entryOf({}), message: /needs the name of a team/ },
        { authInfo: entryOf({ team: '../blue' }), message: /needs the name of a team/ },
        { authInfo, responses: [new Response('the-broker-key', { status: 403 })], message: /answered 403/ },
        { authInfo, responses: [Response.json({ token: 'a b', seconds: 600 })], message: /without a token/ },
      ],
      secrets: ['the-broker-key'],
    })
    await expect(check).resolves.toBeUndefined()
  })

  it('has fewer than 60 lines, and imports nothing but the interface', async () => {
    const source = await readFile(new URL('broker-auth.ts', folder), 'utf8')

    expect(source.split('\n').length).toBeLessThan(60)
    expect([...source.matchAll(/\bfrom '([^']+)'/g)].map(([, name]) => name)).toEqual(['@kubeclient/core/spec'])
  })

  it('signs in, once for three calls', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [fileURLToPath(new URL('main.ts', folder))])

    expect(stdout).toBe('3 lists of 4 namespaces; the broker was asked: POST /teams/blue/token\n')
  })
})
