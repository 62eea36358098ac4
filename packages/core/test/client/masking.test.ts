import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { inspect } from 'node:util'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createClient } from '../../src/index.ts'

let server: Server

/** Repeats to its caller what it was sent, as a debugging proxy does. */
beforeEach(async () => {
  server = createServer((request, response) => {
    const message = `who is ${request.headers.authorization ?? 'nobody'}?`
    const status = { kind: 'Status', apiVersion: 'v1', status: 'Failure', message, reason: 'Forbidden', code: 403 }
    response.writeHead(403, { 'content-type': 'application/json' }).end(JSON.stringify(status))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})

afterEach(() => server.close())

it.each([
  ['token', { token: 's3cret-token' }],
  ['password', { basic: { username: 'me', password: 's3cret-password' } }],
])('a %s that the server repeats is masked, in the first call already', async (_, credentials) => {
  const { port } = server.address() as AddressInfo // listens on TCP
  await using client = createClient({ server: `http://127.0.0.1:${port}`, credentials })
  const error = await client.version().catch((thrown: unknown) => thrown)
  expect(String(error)).toContain('***')
  for (const text of [inspect(error, { depth: 9 }), JSON.stringify(error)]) {
    expect(text).not.toContain('s3cret')
    expect(text).not.toContain(Buffer.from('me:s3cret-password').toString('base64'))
  }
})
