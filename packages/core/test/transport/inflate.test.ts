import { brotliCompressSync, gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { KubeRequest, KubeResponse, Transport } from '../../src/spec/index.ts'
import { readBytes, readText } from '../../src/transport/read-response.ts'
import { kubeError } from '../support/caught.ts'
import { pieces, text, useServer } from '../support/scripted-server.ts'
import { connectionTo, get, transports } from '../support/transports.ts'

const words = JSON.stringify({ items: Array.from({ length: 5000 }, (_, number) => `ä${number}`) })
const gzip = { 'content-encoding': 'gzip' }

describe.each(transports)('gzip over %s', (_, factory) => {
  const api = useServer()
  let transport: Transport
  beforeEach(() => {
    transport = factory(connectionTo(api.url))
  })
  afterEach(() => transport.close(new Error('the test is over')))

  const send = (more: Partial<KubeRequest> = {}): Promise<KubeResponse> => transport.send(get('/a', more))

  it('is asked for by unary requests, and read', async () => {
    api.reply('GET /a', text(gzipSync(words), { headers: gzip }))
    const response = await send({ headers: { 'x-a': 'b' } })
    await expect(readText(response)).resolves.toBe(words)
    expect(response.headers['content-encoding']).toBe('gzip')
    expect(api.requests[0]?.headers).toMatchObject({ 'accept-encoding': 'gzip', 'x-a': 'b' })
  })

  it('takes one connection, answer after answer', async () => {
    api.always('GET /a', text(gzipSync(words), { headers: gzip }))
    for (let count = 0; count < 50; count += 1) await readText(await send())
    expect(api.connections).toBe(1)
  })

  it.each(['GZIP', 'x-gzip', ' gzip '])('is called %j as well', async (encoding) => {
    api.reply('GET /a', text(gzipSync(words), { headers: { 'content-encoding': encoding } }))
    await expect(readText(await send())).resolves.toBe(words)
  })

  it.each(['identity', 'Identity', ''])('is not what is called %j', async (encoding) => {
    api.reply('GET /a', text(words, { headers: { 'content-encoding': encoding } }))
    await expect(readText(await send())).resolves.toBe(words)
  })

  it('arrives in any pieces', async () => {
    const bytes = gzipSync('{"a":"ä"}')
    api.reply(
      'GET /a',
      pieces(
        [...bytes].map((byte) => Uint8Array.of(byte)),
        { headers: gzip },
      ),
    )
    await expect(readText(await send())).resolves.toBe('{"a":"ä"}')
  })

  it('of a failure is read too', async () => {
    api.reply('GET /a', text(gzipSync('no room'), { status: 507, headers: gzip }))
    const response = await send()
    expect([response.status, await readText(response)]).toEqual([507, 'no room'])
  })

  it('of a failure that has no end is read as far as 1 MiB goes', async () => {
    const noise = Buffer.concat(Array.from({ length: 60_000 }, (__, number) => Buffer.from(`${Math.sin(number)}`)))
    const bytes = gzipSync(Buffer.concat([noise, noise, noise, noise]))
    expect(bytes.length).toBeGreaterThan(1 << 20)
    api.reply('GET /a', text(bytes, { status: 500, headers: gzip }))
    const error = await kubeError('KUBE_PROTOCOL', send())
    expect(error.message).toMatch(/inflates to more than 1048576 bytes/)
  })

  it('is not asked for by streams, nor read', async () => {
    api.reply('GET /a', text('as it is', { headers: gzip }))
    await expect(readText(await send({ kind: 'stream' }))).resolves.toBe('as it is')
    expect(api.requests[0]?.headers['accept-encoding']).toBeUndefined()
  })

  it.each(['identity', 'gzip', 'br'])('is left to a caller who asks for %s himself', async (asked) => {
    const bytes = gzipSync(words)
    api.reply('GET /a', text(bytes, { headers: gzip }))
    const response = await send({ headers: { 'accept-encoding': asked } })
    expect(Buffer.compare(await readBytes(response.body), bytes)).toBe(0)
    expect(api.requests[0]?.headers['accept-encoding']).toBe(asked)
  })

  it('of nothing is nothing', async () => {
    api.reply('HEAD /a', text('', { headers: gzip }))
    api.reply('GET /a', text('', { status: 204, headers: gzip }))
    await expect(readText(await send({ method: 'HEAD' }))).resolves.toBe('')
    await expect(readText(await send())).resolves.toBe('')
  })

  it.each([
    ['cut short', gzipSync(words).subarray(0, 500), 'gzip', /is no gzip, or cut short/],
    ['none at all', Buffer.from(words), 'gzip', /is no gzip, or cut short/],
    ['another encoding', brotliCompressSync(words), 'br', /came as "br"/],
  ])('that is %s is a ProtocolError that quotes nothing', async (__, bytes, encoding, message) => {
    api.reply('GET /a', text(bytes, { headers: { 'content-encoding': encoding } }))
    const error = await kubeError('KUBE_PROTOCOL', send())
    expect(error.message).toMatch(message)
    expect(error.message).toContain(`GET ${api.url}/a`)
    expect(error.cause).toBeUndefined()
  })

  it('that inflates beyond 512 MiB is refused', { timeout: 60_000 }, async () => {
    const member = gzipSync(Buffer.alloc(64 << 20))
    const bomb = Buffer.concat(Array.from({ length: 9 }, () => member))
    expect(bomb.length).toBeLessThan(1 << 20)
    api.reply('GET /a', text(bomb, { headers: gzip }))
    const error = await kubeError('KUBE_PROTOCOL', send())
    expect(error.message).toMatch(/inflates to more than 536870888 bytes/)
  })

  it('that cannot be read frees its connection', async () => {
    api.reply('GET /a', text('none', { headers: gzip }), text('next'))
    await kubeError('KUBE_PROTOCOL', send())
    await expect(readText(await send())).resolves.toBe('next')
    expect(api.connections).toBe(1)
  })
})
