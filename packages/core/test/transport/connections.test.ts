import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { ConnectionOptions, KubeRequest, KubeResponse, Transport } from '../../src/spec/index.ts'
import { TransportError } from '../../src/spec/index.ts'
import { Connections } from '../../src/transport/connections.ts'
import { caught, kubeError } from '../support/caught.ts'

const request: KubeRequest = { method: 'GET', path: '/version', query: [], headers: {}, kind: 'unary' }

const response: KubeResponse = {
  status: 200,
  headers: {},
  body: {
    async *[Symbol.asyncIterator]() {
      // empty
    },
  },
  cancel: () => undefined,
}

const summary = { method: 'GET', url: 'https://k8s.test/version' }
const untrusted = new TransportError(
  'untrusted',
  { request: summary },
  { cause: Object.assign(new Error('self-signed'), { code: 'SELF_SIGNED_CERT_IN_CHAIN' }) },
)

class FakeTransport implements Transport {
  readonly options: ConnectionOptions
  sent = 0
  closes: unknown[] = []

  constructor(options: ConnectionOptions) {
    this.options = options
  }

  #refusal: Error | undefined

  refuseWith(error: Error): void {
    this.#refusal = error
  }

  async send(): Promise<KubeResponse> {
    this.sent += 1
    if (this.#refusal !== undefined) throw this.#refusal
    return response
  }

  async close(reason?: Error): Promise<void> {
    this.closes.push(reason)
  }
}

interface Rig {
  connections: Connections
  transports: FakeTransport[]
  clock: { now: number }
}

function rig(ca?: string | (() => Promise<string>)): Rig {
  const transports: FakeTransport[] = []
  const clock = { now: 0 }
  const connections = new Connections({
    ca,
    now: () => clock.now,
    proxyFor: () => undefined,
    base: {
      server: new URL('https://k8s.test'),
      insecureSkipVerify: false,
      connectMs: 1,
      responseMs: 2,
      http2: false,
    },
    factory(options) {
      const transport = new FakeTransport(options)
      transports.push(transport)
      return transport
    },
  })
  return { connections, transports, clock }
}

const { promise: silence } = Promise.withResolvers<string>()

describe('connections', () => {
  it('are opened at the first request, and used for all', async () => {
    const { connections, transports } = rig('CA')
    expect(transports).toEqual([])
    for (let count = 0; count < 3; count += 1) await connections.send(request, undefined)
    expect(transports).toHaveLength(1)
    expect(transports[0]?.sent).toBe(3)
    expect(transports[0]?.options).toEqual({
      server: new URL('https://k8s.test'),
      insecureSkipVerify: false,
      connectMs: 1,
      responseMs: 2,
      http2: false,
      ca: 'CA',
    })
  })

  it('an equal client certificate keeps them, another opens new ones and retires the old without a reason', async () => {
    const { connections, transports } = rig()
    await connections.send(request, { cert: 'c', key: 'k' })
    await connections.send(request, { cert: 'c', key: 'k' })
    expect(transports).toHaveLength(1)
    await connections.send(request, { cert: 'd', key: 'l' })
    expect(transports.map(({ options, closes, sent }) => [options.clientCertificate?.cert, closes, sent])).toEqual([
      ['c', [undefined], 2],
      ['d', [], 1],
    ])
  })

  it('close ends the present and those retired that still have something in flight, with the reason', async () => {
    const { connections, transports } = rig()
    await connections.send(request, { cert: 'c', key: 'k' })
    const { promise: never } = Promise.withResolvers<void>()
    const [first] = transports
    if (first === undefined) throw new Error('opened above')
    first.close = (reason) => {
      first.closes.push(reason)
      return reason === undefined ? never : Promise.resolve()
    }
    await connections.send(request, undefined)
    const reason = new Error('closed')
    await connections.close(reason)
    expect(transports.map(({ closes }) => closes)).toEqual([[undefined, reason], [reason]])
    await expect(caught(connections.send(request, undefined))).resolves.toBe(reason)
    expect(transports).toHaveLength(2)
  })
})

describe('a CA bundle from a function', () => {
  it('is asked for once by concurrent requests, and again after 5 minutes', async () => {
    let asked = 0
    const { connections, transports, clock } = rig(async () => `CA${(asked += 1)}`)
    await Promise.all(Array.from({ length: 50 }, () => connections.send(request, undefined)))
    clock.now = 299_999
    await connections.send(request, undefined)
    expect(asked).toBe(1)
    clock.now = 300_000
    await connections.send(request, undefined)
    expect(asked).toBe(2)
    expect(transports.map(({ options, closes }) => [options.ca, closes])).toEqual([
      ['CA1', [undefined]],
      ['CA2', []],
    ])
  })

  it('that has not changed keeps the connections', async () => {
    const { connections, transports, clock } = rig(async () => 'CA')
    await connections.send(request, undefined)
    clock.now = 300_000
    await connections.send(request, undefined)
    expect(transports).toHaveLength(1)
  })

  it('that cannot be read again goes on as it was, for 5 minutes more', async () => {
    let asked = 0
    const { connections, transports, clock } = rig(async () => {
      asked += 1
      if (asked === 2) throw new Error('gone')
      return `CA${asked}`
    })
    await connections.send(request, undefined)
    for (const at of [300_000, 599_999, 600_000]) {
      clock.now = at
      await connections.send(request, undefined)
    }
    expect(asked).toBe(3)
    expect(transports.map(({ options }) => options.ca)).toEqual(['CA1', 'CA3'])
  })

  it.each([
    ['rejects', () => Promise.reject(new Error('ENOENT: ca.crt'))],
    [
      'throws',
      () => {
        throw new Error('ENOENT: ca.crt')
      },
    ],
  ])('that %s at first is a ConfigError that says why, and the next request asks again', async (_, ca) => {
    const { connections, transports } = rig(ca)
    for (let count = 0; count < 2; count += 1) {
      const error = await kubeError('KUBE_CONFIG', connections.send(request, undefined))
      expect(error.message).toBe('`tls.ca` gave no CA bundle: ENOENT: ca.crt')
    }
    expect(transports).toEqual([])
  })

  it('that does not fit any more is asked for again, once for all, and the requests succeed', async () => {
    let asked = 0
    const { connections, transports, clock } = rig(async () => `CA${(asked += 1)}`)
    await connections.send(request, undefined)
    transports[0]?.refuseWith(untrusted)
    clock.now = 1000
    await Promise.all(Array.from({ length: 20 }, () => connections.send(request, undefined)))
    expect(asked).toBe(2)
    expect(transports.map(({ options }) => options.ca)).toEqual(['CA1', 'CA2'])
  })

  it('that does not fit and is still the same leaves the error, and is asked for once a second', async () => {
    let asked = 0
    const { connections, transports, clock } = rig(async () => {
      asked += 1
      return 'CA'
    })
    await connections.send(request, undefined)
    transports[0]?.refuseWith(untrusted)
    for (const at of [999, 1000, 1999, 2000]) {
      clock.now = at
      await expect(caught(connections.send(request, undefined))).resolves.toBe(untrusted)
    }
    expect(asked).toBe(3)
  })

  it('is not asked for again after another failure', async () => {
    let asked = 0
    const { connections, transports, clock } = rig(async () => `CA${(asked += 1)}`)
    await connections.send(request, undefined)
    const reset = new TransportError('reset', { request: summary }, { cause: new Error('ECONNRESET') })
    transports[0]?.refuseWith(reset)
    clock.now = 1000
    await expect(caught(connections.send(request, undefined))).resolves.toBe(reset)
    expect(asked).toBe(1)
  })

  it('is waited for no longer than the signal says, and others go on waiting', async () => {
    const { promise, resolve } = Promise.withResolvers<string>()
    const { connections, transports } = rig(() => promise)
    const controller = new AbortController()
    const aborted = caught(connections.send({ ...request, signal: controller.signal }, undefined))
    const other = connections.send(request, undefined)
    controller.abort('enough')
    await expect(aborted).resolves.toBe('enough')
    resolve('CA')
    await other
    expect(transports).toHaveLength(1)
  })

  describe('that never answers', () => {
    beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
    afterEach(() => void vi.useRealTimers())

    it('is given up after a minute, by all who wait, and asked again by the next', async () => {
      let asked = 0
      const { connections, transports } = rig(() => {
        asked += 1
        return asked === 1 ? silence : Promise.resolve('CA')
      })
      const failing = [1, 2, 3].map(() => kubeError('KUBE_CONFIG', connections.send(request, undefined)))
      await vi.advanceTimersByTimeAsync(59_999)
      expect(asked).toBe(1)
      await vi.advanceTimersByTimeAsync(1)
      for (const error of await Promise.all(failing)) {
        expect(error.message).toBe('`tls.ca` gave no CA bundle: it did not answer within 60 s')
      }
      expect(transports).toEqual([])
      await connections.send(request, undefined)
      expect([asked, transports.map(({ options }) => options.ca), vi.getTimerCount()]).toEqual([2, ['CA'], 0])
    })

    it('when it is asked again: the bundle goes on as it was', async () => {
      let asked = 0
      const { connections, transports, clock } = rig(() => {
        asked += 1
        return asked === 1 ? Promise.resolve('CA') : silence
      })
      await connections.send(request, undefined)
      clock.now = 300_000
      const sending = [connections.send(request, undefined), connections.send(request, undefined)]
      await vi.advanceTimersByTimeAsync(60_000)
      await Promise.all(sending)
      await connections.send(request, undefined)
      expect([asked, transports.length, transports[0]?.sent]).toEqual([2, 1, 4])
    })

    it('keeps no timer after close', async () => {
      const { connections } = rig(() => silence)
      const waiting = caught(connections.send(request, undefined))
      await connections.close(new Error('closed'))
      await waiting
      await vi.advanceTimersByTimeAsync(0)
      expect(vi.getTimerCount()).toBe(0)
    })
  })

  it('is waited for no longer than until close', async () => {
    const { connections } = rig(() => Promise.withResolvers<string>().promise)
    const waiting = caught(connections.send(request, undefined))
    const reason = new Error('closed')
    await connections.close(reason)
    await expect(waiting).resolves.toBe(reason)
  })
})
