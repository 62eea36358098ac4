import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createClient } from '@kubeclient/core'
import { createClient as createLiteClient } from '@kubeclient/core/lite'
import { describe, expect, it, onTestFinished } from 'vitest'
import { caught } from '../support/caught.ts'

describe.each([
  ['core', createClient],
  ['core/lite', createLiteClient],
])('the fetch of credential providers, of %s', (_, create) => {
  it.each([
    [1 << 20, 'a token of 1048576'],
    [(1 << 20) + 1, 'longer than 1 MiB'],
  ])('takes an answer of 1 MiB and no more: %i bytes', async (length, outcome) => {
    const issuer = createServer((_request, response) => response.end('x'.repeat(length)))
    onTestFinished(() => void issuer.close())
    issuer.listen(0, '127.0.0.1')
    await once(issuer, 'listening')
    const { port } = issuer.address() as AddressInfo // it listens on a port
    const server = `http://127.0.0.1:${port}`
    const credentials = {
      name: 'test',
      getCredentials: async ({ fetch }: { fetch: typeof globalThis.fetch }) => {
        const text = await (await fetch(server)).text()
        throw new Error(`a token of ${text.length}`)
      },
    }
    await using client = create({ server, credentials })

    expect(await caught(client.version())).toMatchObject({ message: expect.stringContaining(outcome) })
  })
})
