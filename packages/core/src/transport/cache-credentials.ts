import { CredentialError, isKubeError } from '../spec/errors.ts'
import type { CredentialContext, CredentialFetch, CredentialProvider, Credentials } from '../spec/credentials.ts'
import { abortable } from './abortable.ts'
import { credentialFault } from './check-credentials.ts'

/** Credentials are renewed this long before they expire, or a tenth of their lifetime before if that is shorter. */
const marginMs = 60_000
/** After a failed renewal, or for credentials that arrive already expired (clocks differ): the earliest next try. */
const pauseMs = 10_000
/** A provider that has not answered by then has failed. */
const providerMs = 60_000

export interface CacheCredentialsOptions {
  readonly fetch: CredentialFetch
  /** Milliseconds since the epoch. */
  readonly now: () => number
}

/**
 * The last credentials of one provider. Concurrent callers share one refresh; a caller that aborts leaves the others'
 * refresh alone, and the last one to leave ends it.
 */
export class CredentialCache {
  readonly #provider: CredentialProvider
  readonly #effects: CacheCredentialsOptions
  #current: Credentials | undefined
  #refreshAt = 0
  #refresh: Refresh | undefined
  /** Values that may never be quoted: of the present credentials and of those before. */
  #secrets: readonly string[] = []
  #closed: Error | undefined

  constructor(provider: CredentialProvider, effects: CacheCredentialsOptions) {
    this.#provider = provider
    this.#effects = effects
  }

  get secrets(): readonly string[] {
    return this.#secrets
  }

  /** The present credentials while they are fresh: the fast path, without a promise. */
  get fresh(): Credentials | undefined {
    return this.#effects.now() < this.#refreshAt ? this.#current : undefined
  }

  /** @throws {@link CredentialError}, or the reason of `signal`. */
  async get(signal: AbortSignal | undefined): Promise<Credentials> {
    const { fresh } = this
    if (fresh !== undefined) return fresh
    try {
      return await this.#renew(this.#current === undefined ? 'initial' : 'expiring', signal)
    } catch (error) {
      if (signal?.aborted !== true && this.#stillValid()) return this.#keep()
      throw error
    }
  }

  /**
   * Other credentials than the `refused` ones, after a 401; `undefined` when there are none. Asks the provider only if
   * nobody has since.
   */
  async afterRefusal(refused: Credentials, signal: AbortSignal | undefined): Promise<Credentials | undefined> {
    if (this.#current === undefined || this.#current === refused) await this.#renew('refused', signal)
    const current = this.#current
    return current === undefined || sameCredentials(current, refused) ? undefined : current
  }

  /** Ends a refresh with `reason`; the provider is not asked again. */
  close(reason: Error): void {
    this.#closed = reason
    this.#refresh?.controller.abort(reason)
  }

  #renew(reason: CredentialContext['reason'], signal: AbortSignal | undefined): Promise<Credentials> {
    signal?.throwIfAborted()
    if (this.#closed !== undefined) return Promise.reject(this.#closed)
    this.#refresh ??= this.#start(reason)
    return this.#refresh.wait(signal)
  }

  #start(reason: CredentialContext['reason']): Refresh {
    const refresh = new Refresh(this.#provider.name, (signal) => this.#ask(reason, signal))
    const forget = (): void => {
      if (this.#refresh === refresh) this.#refresh = undefined
    }
    refresh.result.then(forget, forget)
    refresh.controller.signal.addEventListener('abort', forget, { once: true })
    return refresh
  }

  async #ask(reason: CredentialContext['reason'], signal: AbortSignal): Promise<Credentials> {
    const { fetch, now } = this.#effects
    const previous = this.#current
    const context: CredentialContext = { signal, reason, now, fetch, ...(previous !== undefined && { previous }) }
    const credentials = await this.#answer(context)
    signal.throwIfAborted()
    this.#adopt(credentials)
    return credentials
  }

  async #answer(context: CredentialContext): Promise<Credentials> {
    const { name } = this.#provider
    let credentials: Credentials
    try {
      credentials = await this.#provider.getCredentials(context)
    } catch (cause) {
      throw failure(name, context.reason, cause)
    }
    const fault = credentialFault(credentials)
    if (fault === undefined) return credentials
    throw new CredentialError(`the credentials of ${JSON.stringify(name)} cannot be used: ${fault}`, { provider: name })
  }

  #adopt(credentials: Credentials): void {
    const now = this.#effects.now()
    const expiresAt = credentials.expiresAt?.getTime()
    this.#secrets = [...secretsOf(credentials), ...(this.#current === undefined ? [] : secretsOf(this.#current))]
    this.#current = credentials
    if (expiresAt === undefined) this.#refreshAt = Number.POSITIVE_INFINITY
    else if (expiresAt <= now) this.#refreshAt = now + pauseMs
    else this.#refreshAt = expiresAt - Math.min(marginMs, (expiresAt - now) / 10)
  }

  #stillValid(): boolean {
    const expiresAt = this.#current?.expiresAt
    return expiresAt !== undefined && this.#effects.now() < expiresAt.getTime()
  }

  /** A renewal before the end has failed: go on with what is valid, and try again in a while. */
  #keep(): Credentials {
    const current = this.#current
    if (current?.expiresAt === undefined) throw new Error('unreachable: only valid credentials with an end are kept')
    this.#refreshAt = Math.min(this.#effects.now() + pauseMs, current.expiresAt.getTime())
    return current
  }
}

/** One run of the provider, for all who wait. */
class Refresh {
  readonly controller = new AbortController()
  readonly result: Promise<Credentials>
  #waiting = 0
  #settled = false

  constructor(provider: string, ask: (signal: AbortSignal) => Promise<Credentials>) {
    const { signal } = this.controller
    const late = setTimeout(() => {
      const message = `${JSON.stringify(provider)} gave no credentials within ${providerMs / 1000} s`
      this.controller.abort(new CredentialError(message, { provider }))
    }, providerMs)
    // Raced, as a provider may ignore its signal.
    this.result = abortable(ask(signal), signal).finally(() => {
      this.#settled = true
      clearTimeout(late)
    })
    this.result.catch(() => undefined) // reported to those who wait; there may be nobody left
  }

  async wait(signal: AbortSignal | undefined): Promise<Credentials> {
    this.#waiting += 1
    try {
      return await abortable(this.result, signal)
    } finally {
      this.#waiting -= 1
      if (this.#waiting === 0 && !this.#settled) {
        this.controller.abort(new DOMException('nobody waits for credentials', 'AbortError'))
      }
    }
  }
}

function failure(provider: string, reason: CredentialContext['reason'], cause: unknown): CredentialError {
  if (reason !== 'refused' && isKubeError(cause, 'KUBE_CREDENTIALS')) return cause
  const why = cause instanceof Error ? cause.message : 'it threw what is no Error'
  const when = reason === 'refused' ? 'the server refused the credentials, and ' : ''
  return new CredentialError(`${when}${JSON.stringify(provider)} gave no new ones: ${why}`, { provider }, { cause })
}

function secretsOf({ token, basic }: Credentials): string[] {
  if (token !== undefined) return [token]
  return basic === undefined ? [] : [basicValue(basic), ...(basic.password === '' ? [] : [basic.password])]
}

/** The value of a Basic Authorization header. @see RFC 7617 */
export function basicValue({ username, password }: NonNullable<Credentials['basic']>): string {
  const bytes = new TextEncoder().encode(`${username}:${password}`)
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
}

function sameCredentials(a: Credentials, b: Credentials): boolean {
  return (
    a.token === b.token &&
    a.basic?.username === b.basic?.username &&
    a.basic?.password === b.basic?.password &&
    a.clientCertificate?.cert === b.clientCertificate?.cert &&
    a.clientCertificate?.key === b.clientCertificate?.key
  )
}
