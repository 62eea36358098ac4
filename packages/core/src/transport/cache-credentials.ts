import { CredentialError, isKubeError } from '../spec/errors.ts'
import type { CredentialContext, CredentialFetch, CredentialProvider, Credentials } from '../spec/credentials.ts'
import { abortable } from './abortable.ts'
import { credentialFault } from './check-credentials.ts'
import { mask } from './quote.ts'
import { secretsOf } from './sent-secrets.ts'

/** Credentials are renewed this long before they expire, or a tenth of their lifetime before if that is shorter. */
const marginMs = 60_000
/** After a failed renewal, or for credentials that arrive already expired (clocks differ): the earliest next try. */
const pauseMs = 10_000
/** After a run of the provider that failed, what it threw is the answer for so long: an outage is not to run it per request. */
const failedMs = 1000
/** A provider that has not answered by then has failed. */
const providerMs = 60_000

export interface CacheCredentialsOptions {
  readonly fetch: CredentialFetch
  /** Milliseconds since the epoch. */
  readonly now: () => number
}

/**
 * The last credentials of one provider. Concurrent callers share one run of it, which outlives any of them: only its own
 * time or the end of the client aborts it. While the present credentials are valid nobody waits for others.
 */
export class CredentialCache {
  readonly #provider: CredentialProvider
  readonly #effects: CacheCredentialsOptions
  readonly #closing = new AbortController()
  #current: Credentials | undefined
  /** Why the provider gave the present credentials. */
  #askedFor: CredentialContext['reason'] | undefined
  #renewAt = 0
  #renewal: Promise<Credentials> | undefined
  #failure: { readonly error: unknown; readonly at: number } | undefined

  constructor(provider: CredentialProvider, effects: CacheCredentialsOptions) {
    this.#provider = provider
    this.#effects = effects
  }

  /** Of the present credentials; none before the first use. */
  get secrets(): readonly string[] {
    return this.#current === undefined ? [] : secretsOf(this.#current)
  }

  /** The present credentials while they are fresh: the fast path, without a promise. */
  get fresh(): Credentials | undefined {
    return this.#effects.now() < this.#renewAt ? this.#current : undefined
  }

  /** @throws {@link CredentialError}, or the reason of `signal`. */
  async get(signal: AbortSignal | undefined): Promise<Credentials> {
    signal?.throwIfAborted()
    const { fresh } = this
    if (fresh !== undefined) return fresh
    const current = this.#current
    const renewal = this.#renew(current === undefined ? 'initial' : 'expiring')
    if (current === undefined || !this.#isValid(current)) return abortable(renewal, signal)
    renewal.catch(() => undefined) // those who need it will ask again
    return current
  }

  /**
   * Other credentials than the `refused` ones, after a 401; `undefined` when there are none. Asks the provider only if
   * nobody has since.
   */
  async afterRefusal(refused: Credentials, signal: AbortSignal | undefined): Promise<Credentials | undefined> {
    signal?.throwIfAborted()
    if (this.#current === undefined || this.#current === refused) await abortable(this.#renew('refused'), signal)
    // A run for another reason, which nobody had told of the refusal, proves nothing by giving the same.
    if (this.#isSame(refused) && this.#askedFor !== 'refused') await abortable(this.#renew('refused'), signal)
    return this.#isSame(refused) ? undefined : this.#current
  }

  /** Ends a run with `reason`; the provider is not asked again. */
  close(reason: Error): void {
    this.#closing.abort(reason)
  }

  async #renew(reason: CredentialContext['reason']): Promise<Credentials> {
    this.#closing.signal.throwIfAborted()
    const failure = this.#recentFailure()
    if (failure !== undefined) throw failure.error
    this.#renewal ??= this.#run(reason).finally(() => {
      this.#renewal = undefined
    })
    return this.#renewal
  }

  #recentFailure(): { readonly error: unknown } | undefined {
    if (this.#failure === undefined) return undefined
    const ago = this.#effects.now() - this.#failure.at
    return ago >= 0 && ago < failedMs ? this.#failure : undefined // a clock may be set back
  }

  /** One run of the provider, for all who wait. */
  async #run(reason: CredentialContext['reason']): Promise<Credentials> {
    const { name } = this.#provider
    const tooLate = new AbortController()
    const timer = setTimeout(() => {
      const message = `${JSON.stringify(name)} gave no credentials within ${providerMs / 1000} s`
      tooLate.abort(new CredentialError(message, { provider: name }))
    }, providerMs)
    const signal = AbortSignal.any([tooLate.signal, this.#closing.signal])
    try {
      return await abortable(this.#ask(reason, signal), signal) // raced, as a provider may ignore its signal
    } catch (error) {
      this.#noteFailure(error)
      throw error
    } finally {
      clearTimeout(timer)
    }
  }

  async #ask(reason: CredentialContext['reason'], signal: AbortSignal): Promise<Credentials> {
    const { fetch, now } = this.#effects
    const previous = this.#current
    const context: CredentialContext = { signal, reason, now, fetch, ...(previous !== undefined && { previous }) }
    const credentials = await this.#answer(context)
    signal.throwIfAborted()
    this.#adopt(credentials)
    this.#askedFor = reason
    return credentials
  }

  async #answer(context: CredentialContext): Promise<Credentials> {
    const { name } = this.#provider
    let credentials: Credentials
    try {
      credentials = await this.#provider.getCredentials(context)
    } catch (cause) {
      throw failureOf(name, context.reason, cause, this.secrets)
    }
    const fault = credentialFault(credentials)
    if (fault === undefined) return credentials
    throw new CredentialError(`the credentials of ${JSON.stringify(name)} cannot be used: ${fault}`, { provider: name })
  }

  #adopt(credentials: Credentials): void {
    const now = this.#effects.now()
    const expiresAt = credentials.expiresAt?.getTime()
    this.#current = credentials
    if (expiresAt === undefined) this.#renewAt = Number.POSITIVE_INFINITY
    else if (expiresAt <= now) this.#renewAt = now + pauseMs
    else this.#renewAt = expiresAt - Math.min(marginMs, (expiresAt - now) / 10)
  }

  #isSame(other: Credentials): boolean {
    return this.#current !== undefined && sameCredentials(this.#current, other)
  }

  #isValid({ expiresAt }: Credentials): boolean {
    return expiresAt !== undefined && this.#effects.now() < expiresAt.getTime()
  }

  /** What is still valid is used on, and renewed after a while. */
  #noteFailure(error: unknown): void {
    const now = this.#effects.now()
    this.#failure = { error, at: now }
    const expiresAt = this.#current?.expiresAt?.getTime() ?? now
    this.#renewAt = Math.max(this.#renewAt, Math.min(now + pauseMs, expiresAt))
  }
}

/** What a provider threw, as an error that can be logged: without the secrets that are known here. */
function failureOf(
  provider: string,
  reason: CredentialContext['reason'],
  cause: unknown,
  secrets: readonly string[],
): CredentialError {
  const words = cause instanceof Error ? cause.message : 'it threw what is no Error'
  const why = mask(words, secrets)
  const options = why === words ? { cause } : {} // a cause would show what the message must not
  if (reason !== 'refused' && isKubeError(cause, 'KUBE_CREDENTIALS')) {
    return why === words ? cause : new CredentialError(why, { provider: cause.provider })
  }
  const when = reason === 'refused' ? 'the server refused the credentials, and ' : ''
  return new CredentialError(`${when}${JSON.stringify(provider)} gave no new ones: ${why}`, { provider }, options)
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
