import { getEventListeners } from 'node:events'
import { setImmediate } from 'node:timers/promises'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { CredentialContext, Credentials } from '../../src/spec/index.ts'
import { CredentialError } from '../../src/spec/index.ts'
import { CredentialCache } from '../../src/transport/cache-credentials.ts'
import { caught, kubeError, logged } from '../support/caught.ts'

const start = Date.parse('2026-01-01T00:00:00Z')

interface Call {
  readonly context: CredentialContext
  readonly give: (credentials: unknown) => void
  readonly fail: (error: unknown) => void
}

/** A cache on a clock of the test's own, over a provider whose answers the test gives. */
class Rig {
  now = start
  readonly calls: Call[] = []
  readonly cache: CredentialCache

  constructor(ready: readonly unknown[] = []) {
    const answers = [...ready]
    this.cache = new CredentialCache(
      {
        name: 'test',
        getCredentials: (context) =>
          new Promise<Credentials>((resolve, reject) => {
            const give = (value: unknown): void => resolve(value as Credentials) // also what is none
            this.calls.push({ context, give, fail: reject })
            if (answers.length > 0) give(answers.shift())
          }),
      },
      { now: () => this.now, fetch: () => Promise.reject(new Error('no network here')) },
    )
  }

  get reasons(): string[] {
    return this.calls.map(({ context }) => context.reason)
  }

  call(index: number): Call {
    const call = this.calls[index]
    if (call === undefined) throw new Error(`the provider was not asked ${index + 1} times`)
    return call
  }
}

function until(seconds: number, token = 'a'): Credentials {
  return { token, expiresAt: new Date(start + seconds * 1000) }
}

function rejecting(error: unknown): Promise<never> {
  // oxlint-disable-next-line prefer-promise-reject-errors -- what a provider may do
  return Promise.reject(error)
}

function cacheOf(getCredentials: () => Promise<Credentials>): CredentialCache {
  return new CredentialCache({ name: 'test', getCredentials }, { now: () => start, fetch: () => rejecting('none') })
}

describe('the first use', () => {
  it('asks the provider, with its effects and the reason', async () => {
    const rig = new Rig([{ token: 'a' }])
    await expect(rig.cache.get(undefined)).resolves.toEqual({ token: 'a' })
    const { context } = rig.call(0)
    expect(context.reason).toBe('initial')
    expect('previous' in context).toBe(false)
    expect(context.now()).toBe(start)
    expect(context.signal.aborted).toBe(false)
    expect(typeof context.fetch).toBe('function')
  })

  it('10 000 concurrent callers share one call', async () => {
    const rig = new Rig()
    const all = Array.from({ length: 10_000 }, () => rig.cache.get(undefined))
    rig.call(0).give({ token: 'a' })
    const results = new Set(await Promise.all(all))
    expect(rig.calls).toHaveLength(1)
    expect(results.size).toBe(1)
  })

  it('a failure reaches all who wait', async () => {
    const rig = new Rig()
    const both = [caught(rig.cache.get(undefined)), caught(rig.cache.get(undefined))]
    rig.call(0).fail(new CredentialError('not logged in', { provider: 'test' }))
    const [one, other] = await Promise.all(both)
    expect(one).toBe(other)
    expect(one).toMatchObject({ code: 'KUBE_CREDENTIALS', message: 'not logged in' })
  })
})

describe('a failed run', () => {
  it('is the answer for a second, and then the provider is asked again', async () => {
    const rig = new Rig()
    const first = caught(rig.cache.get(undefined))
    rig.call(0).fail(new Error('the network is down'))
    const error = await first
    rig.now += 999
    const all = await Promise.all(Array.from({ length: 100 }, () => caught(rig.cache.get(undefined))))
    expect(new Set(all)).toEqual(new Set([error]))
    expect(rig.calls).toHaveLength(1)
    rig.now += 1
    const again = rig.cache.get(undefined)
    rig.call(1).give({ token: 'b' })
    await expect(again).resolves.toEqual({ token: 'b' })
    expect(rig.reasons).toEqual(['initial', 'initial'])
  })

  it('is the answer for a second after a refusal, too', async () => {
    const rig = new Rig([{ token: 'a' }])
    const used = await rig.cache.get(undefined)
    const first = caught(rig.cache.afterRefusal(used, undefined))
    rig.call(1).fail(new Error('the network is down'))
    const error = await first
    rig.now += 999
    await expect(caught(rig.cache.afterRefusal(used, undefined))).resolves.toBe(error)
    expect(rig.calls).toHaveLength(2)
    rig.now += 1
    const again = rig.cache.afterRefusal(used, undefined)
    rig.call(2).give({ token: 'b' })
    await expect(again).resolves.toEqual({ token: 'b' })
  })

  it('is no longer the answer once the clock was set back', async () => {
    const rig = new Rig()
    const first = caught(rig.cache.get(undefined))
    rig.call(0).fail(new Error('the network is down'))
    await first
    rig.now -= 3_600_000
    const again = rig.cache.get(undefined)
    rig.call(1).give({ token: 'b' })
    await expect(again).resolves.toEqual({ token: 'b' })
  })

  it('of credentials that cannot be used counts', async () => {
    const rig = new Rig([{}])
    const error = await caught(rig.cache.get(undefined))
    await expect(caught(rig.cache.get(undefined))).resolves.toBe(error)
    expect(rig.calls).toHaveLength(1)
  })
})

describe('renewal before the end', () => {
  it.each([
    ['an hour: 60 s before', 3600, 3540],
    ['ten minutes: 60 s before', 600, 540],
    ['five minutes: a tenth, 30 s, before', 300, 270],
    ['ten seconds: 1 s before', 10, 9],
  ])('of credentials that live %s', async (_, lifetime, renewAt) => {
    const rig = new Rig([until(lifetime), until(lifetime * 3, 'b')])
    await rig.cache.get(undefined)
    rig.now = start + renewAt * 1000 - 1
    await expect(rig.cache.get(undefined)).resolves.toMatchObject({ token: 'a' })
    rig.now += 1
    await rig.cache.get(undefined)
    await setImmediate()
    await expect(rig.cache.get(undefined)).resolves.toMatchObject({ token: 'b' })
    expect(rig.reasons).toEqual(['initial', 'expiring'])
    expect(rig.call(1).context.previous).toEqual(until(lifetime))
  })

  it('credentials without an end are never asked for again', async () => {
    const rig = new Rig([{ token: 'a' }])
    await rig.cache.get(undefined)
    rig.now = start + 1e12
    expect(rig.cache.fresh).toEqual({ token: 'a' })
    await rig.cache.get(undefined)
    expect(rig.calls).toHaveLength(1)
  })

  it('credentials that arrive already expired are used, and asked for again after 10 s', async () => {
    const rig = new Rig([until(-100), until(-50, 'b')])
    await expect(rig.cache.get(undefined)).resolves.toMatchObject({ token: 'a' })
    rig.now = start + 9_999
    await expect(rig.cache.get(undefined)).resolves.toMatchObject({ token: 'a' })
    rig.now = start + 10_000
    await expect(rig.cache.get(undefined)).resolves.toMatchObject({ token: 'b' })
    expect(rig.calls).toHaveLength(2)
  })

  it('keeps nobody waiting while the old ones are valid, however many ask and however long it takes', async () => {
    const rig = new Rig([until(3600)])
    const used = await rig.cache.get(undefined)
    rig.now = start + 3_550_000
    const all = await Promise.all(Array.from({ length: 100 }, () => rig.cache.get(undefined)))
    expect(new Set(all)).toEqual(new Set([used]))
    rig.now = start + 3_599_999
    await expect(rig.cache.get(undefined)).resolves.toBe(used)
    expect(rig.reasons).toEqual(['initial', 'expiring'])
    rig.call(1).give(until(9000, 'b'))
    await setImmediate()
    expect(rig.cache.fresh).toMatchObject({ token: 'b' })
  })

  it('is waited for once the old ones have expired', async () => {
    const rig = new Rig([until(3600)])
    await rig.cache.get(undefined)
    rig.now = start + 3_550_000
    await rig.cache.get(undefined)
    rig.now = start + 3_600_000
    const waiting = rig.cache.get(undefined)
    expect(rig.calls).toHaveLength(2)
    rig.call(1).give(until(9000, 'b'))
    await expect(waiting).resolves.toMatchObject({ token: 'b' })
  })

  it('that fails keeps what is still valid, and is tried again after 10 s', async () => {
    const rig = new Rig([until(3600)])
    await rig.cache.get(undefined)
    rig.now = start + 3_550_000
    await rig.cache.get(undefined)
    rig.call(1).fail(new Error('the network is down'))
    await setImmediate()
    rig.now += 9_999
    await expect(rig.cache.get(undefined)).resolves.toMatchObject({ token: 'a' })
    expect(rig.calls).toHaveLength(2)
    rig.now += 1
    await rig.cache.get(undefined)
    expect(rig.calls).toHaveLength(3)
  })

  it('a failed renewal after the end is an error: nothing falls back to the expired', async () => {
    const rig = new Rig([until(3600)])
    await rig.cache.get(undefined)
    rig.now = start + 3_600_000
    const failing = kubeError('KUBE_CREDENTIALS', rig.cache.get(undefined))
    rig.call(1).fail(new Error('the network is down'))
    await expect(failing).resolves.toMatchObject({ message: '"test" gave no new ones: the network is down' })
  })

  it('an aborted wait for a renewal rejects with its reason', async () => {
    const rig = new Rig([until(3600)])
    await rig.cache.get(undefined)
    rig.now = start + 3_600_000
    const controller = new AbortController()
    const waiting = caught(rig.cache.get(controller.signal))
    controller.abort('enough')
    await expect(waiting).resolves.toBe('enough')
  })
})

describe('an abort', () => {
  it('of one caller leaves the others their refresh', async () => {
    const rig = new Rig()
    const controller = new AbortController()
    const one = caught(rig.cache.get(controller.signal))
    const other = rig.cache.get(undefined)
    controller.abort('mine')
    await expect(one).resolves.toBe('mine')
    expect(rig.call(0).context.signal.aborted).toBe(false)
    rig.call(0).give({ token: 'a' })
    await expect(other).resolves.toEqual({ token: 'a' })
  })

  it('of all callers leaves the provider at work: callers of little patience would never get any', async () => {
    const rig = new Rig()
    for (const reason of ['one', 'two']) {
      const controller = new AbortController()
      const waiting = caught(rig.cache.get(controller.signal))
      controller.abort(reason)
      await expect(waiting).resolves.toBe(reason)
    }
    expect(rig.call(0).context.signal.aborted).toBe(false)
    rig.call(0).give({ token: 'a' })
    await setImmediate()
    expect(rig.cache.fresh).toEqual({ token: 'a' })
    expect(rig.calls).toHaveLength(1)
  })

  it('before the call does not start the provider', async () => {
    const rig = new Rig()
    await expect(caught(rig.cache.get(AbortSignal.abort('no')))).resolves.toBe('no')
    expect(rig.calls).toEqual([])
  })

  it('leaves no listener on the signal, whatever happened', async () => {
    const { signal } = new AbortController()
    const rig = new Rig([until(10), until(1000)])
    await rig.cache.get(signal)
    rig.now = start + 10_000
    await rig.cache.get(signal)
    const failing = caught(rig.cache.afterRefusal({ token: 'x' }, signal))
    await failing.catch(() => undefined)
    expect(getEventListeners(signal, 'abort')).toEqual([])
  })
})

describe('a provider that misbehaves', () => {
  it('throws synchronously', async () => {
    const cache = cacheOf(() => {
      throw new Error('at once')
    })
    const error = await kubeError('KUBE_CREDENTIALS', cache.get(undefined))
    expect(error.message).toBe('"test" gave no new ones: at once')
    expect(error.provider).toBe('test')
  })

  it.each([['a string'], [undefined], [{ code: 'E' }]])('rejects with what is no Error: %j', async (thrown) => {
    const error = await kubeError('KUBE_CREDENTIALS', cacheOf(() => rejecting(thrown)).get(undefined))
    expect(error.message).toBe('"test" gave no new ones: it threw what is no Error')
  })

  it.each([
    ['nothing', undefined, 'no object'],
    ['null', null, 'no object'],
    ['a string', 'secret-value', 'no object'],
    ['an empty object', {}, 'neither a token'],
    ['undefined fields', { token: undefined }, 'neither a token'],
    ['an empty token', { token: '' }, 'token is empty'],
    ['a token that is no string', { token: 7 }, 'token is empty'],
    ['a token with a line break', { token: 'secret-value\n' }, 'line breaks'],
    ['a token that begins a header', { token: 'a\r\nx-secret-value: 1' }, 'line breaks'],
    ['a token with a space', { token: 'secret-value b' }, 'spaces'],
    ['a token beyond ASCII', { token: 'secret-value-ä' }, 'characters that no token has'],
    ['a token and basic auth', { token: 'secret-value', basic: { username: 'u', password: 'p' } }, 'both'],
    ['half of basic auth', { basic: { username: 'u' } }, 'lacks a username or password'],
    ['a username with a colon', { basic: { username: 'a:b', password: 'secret-value' } }, 'colon'],
    ['a certificate without a key', { clientCertificate: { cert: 'secret-value' } }, 'no `key`'],
    ['a key without a certificate', { clientCertificate: { key: 'secret-value' } }, 'no `cert`'],
    ['an end that is a string', { token: 'secret-value', expiresAt: '2026-01-01' }, '`expiresAt` is no valid Date'],
    ['an end that is no time', { token: 'secret-value', expiresAt: new Date('x') }, '`expiresAt` is no valid Date'],
  ])('gives %s', async (_, given, message) => {
    const error = await kubeError('KUBE_CREDENTIALS', new Rig([given]).cache.get(undefined))
    expect(error.message).toContain(message)
    expect(error.message).toMatch(/^the credentials of "test" cannot be used: /)
    expect(logged(error)).not.toContain('secret-value')
  })

  it('gives bad ones at a renewal: the old ones stay while they are valid', async () => {
    const rig = new Rig([until(3600), {}])
    await rig.cache.get(undefined)
    rig.now = start + 3_550_000
    await expect(rig.cache.get(undefined)).resolves.toMatchObject({ token: 'a' })
  })
})

describe('a provider that does not answer', () => {
  afterEach(() => void vi.useRealTimers())

  it('has failed after 60 s, and its late answer is not used', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const rig = new Rig()
    const waiting = kubeError('KUBE_CREDENTIALS', rig.cache.get(undefined))
    vi.advanceTimersByTime(59_999)
    expect(rig.call(0).context.signal.aborted).toBe(false)
    vi.advanceTimersByTime(1)
    await expect(waiting).resolves.toMatchObject({ message: '"test" gave no credentials within 60 s' })
    expect(rig.call(0).context.signal.aborted).toBe(true)
    rig.call(0).give({ token: 'late' })
    await setImmediate()
    expect(rig.cache.fresh).toBeUndefined()
  })

  it('leaves no timer behind when it does', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    await new Rig([{ token: 'a' }]).cache.get(undefined)
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('after a refusal', () => {
  it('100 concurrent ones share one refresh, and each gets the new credentials', async () => {
    const rig = new Rig([{ token: 'a' }])
    const used = await rig.cache.get(undefined)
    const all = Array.from({ length: 100 }, () => rig.cache.afterRefusal(used, undefined))
    rig.call(1).give({ token: 'b' })
    expect(new Set(await Promise.all(all))).toEqual(new Set([{ token: 'b' }]))
    expect(rig.reasons).toEqual(['initial', 'refused'])
    expect(rig.call(1).context.previous).toBe(used)
  })

  it('one that comes late gets what others have fetched meanwhile', async () => {
    const rig = new Rig([{ token: 'a' }, { token: 'b' }])
    const used = await rig.cache.get(undefined)
    await rig.cache.afterRefusal(used, undefined)
    await expect(rig.cache.afterRefusal(used, undefined)).resolves.toEqual({ token: 'b' })
    expect(rig.calls).toHaveLength(2)
  })

  it('asks again when others have asked meanwhile for another reason, and got the same', async () => {
    const rig = new Rig([until(3600)])
    const used = await rig.cache.get(undefined)
    rig.now = start + 3_550_000
    await rig.cache.get(undefined)
    rig.call(1).give(until(9000))
    await setImmediate()
    const other = rig.cache.afterRefusal(used, undefined)
    rig.call(2).give({ token: 'b' })
    await expect(other).resolves.toEqual({ token: 'b' })
    expect(rig.reasons).toEqual(['initial', 'expiring', 'refused'])
  })

  it('asks again when it waited for a run that was under way, and got the same', async () => {
    const rig = new Rig([until(3600)])
    const used = await rig.cache.get(undefined)
    rig.now = start + 3_550_000
    await rig.cache.get(undefined)
    const other = rig.cache.afterRefusal(used, undefined)
    rig.call(1).give(until(9000))
    await setImmediate()
    rig.call(2).give({ token: 'b' })
    await expect(other).resolves.toEqual({ token: 'b' })
    expect(rig.reasons).toEqual(['initial', 'expiring', 'refused'])
  })

  it('asks once only for all who were refused, though it gets the same', async () => {
    const rig = new Rig([{ token: 'a' }, { token: 'a' }])
    const used = await rig.cache.get(undefined)
    await expect(rig.cache.afterRefusal(used, undefined)).resolves.toBeUndefined()
    await expect(rig.cache.afterRefusal(used, undefined)).resolves.toBeUndefined()
    expect(rig.calls).toHaveLength(2)
  })

  it.each<[string, Credentials]>([
    ['token', { token: 'a' }],
    ['basic auth', { basic: { username: 'u', password: 'p' } }],
    ['certificate', { clientCertificate: { cert: 'c', key: 'k' } }],
  ])('equal credentials are none: %s', async (_, credentials) => {
    const rig = new Rig([credentials, structuredClone(credentials)])
    const used = await rig.cache.get(undefined)
    await expect(rig.cache.afterRefusal(used, undefined)).resolves.toBeUndefined()
  })

  it.each<[string, Credentials, Credentials]>([
    ['password', { basic: { username: 'u', password: 'p' } }, { basic: { username: 'u', password: 'q' } }],
    ['certificate', { clientCertificate: { cert: 'c', key: 'k' } }, { clientCertificate: { cert: 'd', key: 'k' } }],
    ['sort', { token: 'a' }, { basic: { username: 'u', password: 'p' } }],
  ])('another %s is another credential', async (_, before, after) => {
    const rig = new Rig([before, after])
    const used = await rig.cache.get(undefined)
    await expect(rig.cache.afterRefusal(used, undefined)).resolves.toBe(after)
  })

  it('a failure is a CredentialError with what the provider threw as its cause', async () => {
    const rig = new Rig([{ token: 'tok-3N' }])
    const used = await rig.cache.get(undefined)
    const failing = kubeError('KUBE_CREDENTIALS', rig.cache.afterRefusal(used, undefined))
    const cause = new CredentialError('sign in again', { provider: 'test' })
    rig.call(1).fail(cause)
    const error = await failing
    expect(error.message).toBe('the server refused the credentials, and "test" gave no new ones: sign in again')
    expect(error.cause).toBe(cause)
  })
})

describe('secrets', () => {
  it.each<[string, Credentials, readonly string[]]>([
    ['a token', { token: 'tok', clientCertificate: { cert: 'x', key: 'y' } }, ['tok']],
    ['basic auth', { basic: { username: 'u', password: 'pass' } }, [Buffer.from('u:pass').toString('base64'), 'pass']],
  ])('are those of the present credentials: %s', async (_, credentials, secrets) => {
    const rig = new Rig([credentials])
    expect(rig.cache.secrets).toEqual([])
    await rig.cache.get(undefined)
    expect(rig.cache.secrets).toEqual(secrets)
  })

  it.each(['expiring', 'refused'] as const)('are masked in what a provider says (%s)', async (reason) => {
    const rig = new Rig([{ ...until(10), token: 'tok-3N' }])
    const used = await rig.cache.get(undefined)
    rig.now = start + 10_000
    const failing = caught(reason === 'refused' ? rig.cache.afterRefusal(used, undefined) : rig.cache.get(undefined))
    rig.call(1).fail(new Error('POST /token?old=tok-3N: no'))
    const error = await failing
    expect(String(error)).toContain('POST /token?old=***: no')
    expect(logged(error)).not.toContain('tok-3N')
  })

  it('are masked in a CredentialError of the provider, too', async () => {
    const rig = new Rig([{ ...until(10), token: 'tok-3N' }])
    await rig.cache.get(undefined)
    rig.now = start + 10_000
    const failing = kubeError('KUBE_CREDENTIALS', rig.cache.get(undefined))
    rig.call(1).fail(new CredentialError('it says tok-3N', { provider: 'other' }))
    const error = await failing
    expect(error).toMatchObject({ message: 'it says ***', provider: 'other' })
    expect(logged(error)).not.toContain('tok-3N')
  })

  it('an empty password is none, as every text contains it', async () => {
    const rig = new Rig([{ basic: { username: 'u', password: '' } }])
    await rig.cache.get(undefined)
    expect(rig.cache.secrets).not.toContain('')
  })
})

describe('close', () => {
  it('ends a refresh with its reason, and aborts the provider', async () => {
    const rig = new Rig()
    const waiting = caught(rig.cache.get(undefined))
    const reason = new Error('closed')
    rig.cache.close(reason)
    await expect(waiting).resolves.toBe(reason)
    expect(rig.call(0).context.signal.reason).toBe(reason)
  })

  it('starts the provider no more', async () => {
    const rig = new Rig()
    const reason = new Error('closed')
    rig.cache.close(reason)
    await expect(caught(rig.cache.get(undefined))).resolves.toBe(reason)
    expect(rig.calls).toEqual([])
  })
})
