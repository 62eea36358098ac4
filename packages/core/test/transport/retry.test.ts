import { describe, expect, it } from 'vitest'
import { TransportError } from '../../src/spec/errors.ts'
import type { KubeRequest, KubeResponse } from '../../src/spec/request.ts'
import { retry } from '../../src/transport/retry.ts'
import type { RetryOptions } from '../../src/spec/client-config.ts'

type Answer = { status: number; headers?: Record<string, string> } | Error

/** A server of scripted answers, and a clock that only sleeping moves. */
function scripted(answers: Answer[], options: RetryOptions = {}) {
  const seen = { sent: 0, cancelled: 0, slept: [] as number[] }
  let now = Date.parse('2026-01-01T00:00:00Z')
  const layer = retry(options, {
    now: () => now,
    random: () => 0.5,
    sleep: async (ms, signal) => {
      signal?.throwIfAborted()
      seen.slept.push(ms)
      now += ms
    },
  })
  const next = async (): Promise<KubeResponse> => {
    const answer = answers[Math.min(seen.sent, answers.length - 1)]
    seen.sent += 1
    if (answer === undefined || answer instanceof Error) throw answer ?? new Error('no answer was scripted')
    const body: AsyncIterable<Uint8Array> = (async function* () {})()
    return { status: answer.status, headers: answer.headers ?? {}, body, cancel: () => (seen.cancelled += 1) }
  }
  const send = (request: Partial<KubeRequest> = {}): Promise<KubeResponse> =>
    layer({ method: 'GET', path: '/', query: [], headers: {}, kind: 'unary', ...request }, next)
  return { send, seen }
}

const failure = (code: string): TransportError =>
  new TransportError(
    'no answer',
    { request: { method: 'GET', url: 'https://k/' } },
    { cause: Object.assign(new Error('x'), { code }) },
  )

const ok = { status: 200 }
const busy = { status: 429, headers: { 'retry-after': '2' } }

describe('retry', () => {
  it('waits as long as Retry-After says, and up to a tenth more', async () => {
    const { send, seen } = scripted([busy, ok])
    expect(await send()).toMatchObject({ status: 200, attempts: 2 })
    expect(seen).toEqual({ sent: 2, cancelled: 1, slept: [2100] })
  })

  it('reads Retry-After as a date, too', async () => {
    const { send, seen } = scripted([{ status: 503, headers: { 'retry-after': 'Thu, 01 Jan 2026 00:00:04 GMT' } }, ok])
    await send()
    expect(seen.slept).toEqual([4200])
  })

  it('caps Retry-After', async () => {
    const { send, seen } = scripted([{ status: 429, headers: { 'retry-after': '3600' } }, ok], { maxDelayMs: 1000 })
    await send()
    expect(seen.slept).toEqual([1050])
  })

  it.each(['POST', 'PUT', 'PATCH', 'DELETE'])('repeats a %s only when the server names a time', async (method) => {
    const named = scripted([busy, ok])
    expect((await named.send({ method })).status).toBe(200)
    const unnamed = scripted([{ status: 429 }, ok])
    expect((await unnamed.send({ method })).status).toBe(429)
    expect(unnamed.seen.sent).toBe(1)
  })

  it.each([429, 503, 504])('repeats a read after %s with a growing, jittered wait', async (status) => {
    const { send, seen } = scripted([{ status }])
    expect(await send()).toMatchObject({ status, attempts: 5 })
    expect(seen.slept).toEqual([125, 250, 500, 1000])
  })

  it.each([400, 401, 403, 404, 409, 410, 500, 501])('takes %s without Retry-After as final', async (status) => {
    const { send, seen } = scripted([{ status }, ok])
    expect((await send()).status).toBe(status)
    expect(seen.sent).toBe(1)
  })

  it('repeats a read whose connection was lost, and says how often it tried', async () => {
    const { send } = scripted([failure('ECONNRESET')], { maxAttempts: 3 })
    await expect(send()).rejects.toMatchObject({ code: 'KUBE_TRANSPORT', attempts: 3 })
  })

  it.each(['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'ERR_TLS_CERT_ALTNAME_INVALID', 'CERT_HAS_EXPIRED', 'UND_ERR_DESTROYED'])(
    'does not repeat after %s, which stays as it is',
    async (code) => {
      const { send, seen } = scripted([failure(code), ok])
      await expect(send()).rejects.toMatchObject({ code: 'KUBE_TRANSPORT' })
      expect(seen.sent).toBe(1)
    },
  )

  it('does not repeat a write whose connection was lost', async () => {
    const { send, seen } = scripted([failure('ECONNRESET'), ok])
    await expect(send({ method: 'POST' })).rejects.toMatchObject({ code: 'KUBE_TRANSPORT', attempts: 1 })
    expect(seen.sent).toBe(1)
  })

  it.each([429, 503, 504])(
    'does not repeat an upgrade after %s by itself: its command may have run',
    async (status) => {
      const { send, seen } = scripted([{ status }, ok])
      expect((await send({ kind: 'upgrade' })).status).toBe(status)
      expect(seen.sent).toBe(1)
    },
  )

  it('repeats an upgrade that the server puts off', async () => {
    const { send } = scripted([busy, ok])
    expect((await send({ kind: 'upgrade' })).status).toBe(200)
  })

  it('does not open a stream again by itself', async () => {
    const { send, seen } = scripted([failure('ECONNRESET'), ok])
    await expect(send({ kind: 'stream' })).rejects.toMatchObject({ code: 'KUBE_TRANSPORT' })
    expect(seen.sent).toBe(1)
  })

  it('gives up rather than wait past the time for all attempts', async () => {
    const { send, seen } = scripted([busy, busy, busy, ok], { totalMs: 5000 })
    expect(await send()).toMatchObject({ status: 429, attempts: 3 })
    expect(seen.slept).toEqual([2100, 2100])
  })

  it('stops waiting when the caller aborts, with the reason', async () => {
    const { send, seen } = scripted([busy, ok])
    const reason = new Error('enough')
    await expect(send({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
    expect(seen.sent).toBe(1)
  })

  it('sends each call once when an outage has used the budget up, and recovers with successes', async () => {
    const answers: Answer[] = []
    const { send, seen } = scripted(answers)
    answers.push({ status: 503 })
    for (let call = 0; call < 25; call += 1) await send() // four retries each: 100 retries, 500 tokens
    expect(seen.sent).toBe(125)
    await send()
    expect(seen.sent).toBe(126)
    answers[0] = ok
    for (let call = 0; call < 5; call += 1) await send()
    answers[0] = { status: 503 }
    const before = seen.sent
    await send()
    expect(seen.sent - before).toBe(2)
  })

  it.each([200, 304, 404, 409, 422, 401])(
    'gives a retry back for five answers %s, which an overloaded server would not give',
    async (status) => {
      const answers: Answer[] = [{ status: 503 }]
      const { send, seen } = scripted(answers)
      for (let call = 0; call < 25; call += 1) await send() // the whole budget
      answers[0] = { status }
      for (let call = 0; call < 5; call += 1) await send()
      answers[0] = { status: 503 }
      const before = seen.sent
      await send()
      expect(seen.sent - before).toBe(2)
    },
  )

  it.each([500, 501, 503])('gives nothing back for a final %s', async (status) => {
    const answers: Answer[] = [{ status: 503 }]
    const { send, seen } = scripted(answers)
    for (let call = 0; call < 25; call += 1) await send()
    answers[0] = { status }
    for (let call = 0; call < 5; call += 1) await send()
    answers[0] = { status: 503 }
    const before = seen.sent
    await send()
    expect(seen.sent - before).toBe(1)
  })

  it('passes on what is no error of ours', async () => {
    const reason = new Error('aborted')
    const { send, seen } = scripted([reason, ok])
    await expect(send()).rejects.toBe(reason)
    expect(seen.sent).toBe(1)
  })
})
