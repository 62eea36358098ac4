import {
  type CredentialContext,
  CredentialError,
  type CredentialProvider,
  type Credentials,
} from '@kubeclient/core/spec'
import { abortable } from './abortable.ts'
import { expiryOf, isUsable } from './id-token.ts'
import { maskSecrets } from './mask-secrets.ts'
import { quote } from './quote.ts'
import { refreshTokens } from './refresh-tokens.ts'
import { SignInFailure } from './sign-in-failure.ts'
import type { OidcIdentity, OidcTokenStore, OidcTokens } from './token-store.ts'

/** Between two renewals because of a 401, in milliseconds: a server that refuses everybody is no reason for more. */
const pauseMs = 10_000

export interface SignInOptions {
  readonly issuer: URL
  readonly identity: OidcIdentity
  readonly clientSecret?: string | undefined
  readonly tokens: OidcTokens
  readonly ca: () => Promise<string | undefined>
  readonly scopes?: readonly string[] | undefined
  /** Absent: new tokens live as long as this process. */
  readonly store?: OidcTokenStore | undefined
  readonly onWarning: (text: string) => void
  /** For each answer of the provider, in milliseconds. A client gives us a minute, of which a lock may take ten seconds. */
  readonly timeoutMs?: number
}

/** Id tokens, one renewal at a time. When to ask is the client's business. */
export function signIn(options: SignInOptions): CredentialProvider {
  const renewal = new Renewal(options)
  let last: Promise<unknown> = Promise.resolve()
  return {
    name: 'oidc',
    async getCredentials(context) {
      // Not ended by who asked: a refresh token that was sent is spent, and its successor must be kept.
      const turn = last.then(async () => renewal.next(context))
      last = turn.catch(() => undefined)
      return abortable(turn, context.signal)
    },
  }
}

/** What one renewal was got with, and brought. */
interface Renewed {
  spent?: OidcTokens
  answer?: OidcTokens
}

class Renewal {
  readonly #options: SignInOptions
  #tokens: OidcTokens
  /** The refresh token that the store still has, as it could not keep what came of it. */
  #unsaved: string | undefined
  #refusedAt = Number.NEGATIVE_INFINITY
  readonly #warned = new Set<string>()

  constructor(options: SignInOptions) {
    this.#options = options
    this.#tokens = options.tokens
  }

  async next(context: CredentialContext): Promise<Credentials> {
    context.signal.throwIfAborted()
    if (this.#isNews(context) || this.#isTooSoon(context)) return this.#credentials()
    await this.#renew(context)
    if (context.reason === 'refused') this.#refusedAt = context.now()
    return this.#credentials()
  }

  /** Whether the present token can be sent and is not the one that the client has already. */
  #isNews({ previous, now }: CredentialContext): boolean {
    const { idToken } = this.#tokens
    return idToken !== undefined && idToken !== previous?.token && isUsable(idToken, now())
  }

  /** Then the client hears of the same token again, and its caller of the 401. */
  #isTooSoon({ reason, previous, now }: CredentialContext): boolean {
    if (reason !== 'refused' || previous?.token !== this.#tokens.idToken) return false
    return Math.abs(now() - this.#refusedAt) < pauseMs // a clock may be set back
  }

  async #renew(context: CredentialContext): Promise<void> {
    const { store = inMemory, identity } = this.#options
    const renewed: Renewed = {}
    try {
      await store.update(identity, async (stored) => this.#replacement(stored, context, renewed))
      this.#unsaved = undefined
    } catch (error) {
      if (renewed.spent === undefined) context.signal.throwIfAborted()
      if (renewed.spent === undefined) throw this.#failure(error)
      this.#notStored(renewed.spent, error)
    }
    if (renewed.spent !== undefined) this.#check(renewed.spent, renewed.answer ?? {}, context)
  }

  /** What is to be stored, if anything. */
  async #replacement(
    stored: OidcTokens | undefined,
    context: CredentialContext,
    renewed: Renewed,
  ): Promise<OidcTokens | undefined> {
    context.signal.throwIfAborted()
    this.#adopt(stored)
    if (this.#isNews(context)) return undefined
    renewed.answer = await this.#refresh(context)
    renewed.spent = this.#tokens
    this.#tokens = { ...this.#tokens, ...given(renewed.answer) }
    return this.#tokens
  }

  /** Others may have renewed what is stored. What could not be stored is newer than what it was got with. */
  #adopt(stored: OidcTokens | undefined): void {
    if (stored === undefined || (this.#unsaved !== undefined && stored.refreshToken === this.#unsaved)) return
    this.#tokens = stored
    this.#unsaved = undefined
  }

  /** They are newer than what is stored, so the next renewal begins with them. */
  #notStored(spent: OidcTokens, error: unknown): void {
    const isFirst = this.#unsaved === undefined
    this.#unsaved ??= spent.refreshToken // before the warning, which may throw
    const words = `its new tokens could not be stored, and end with this process: ${this.#wordsOf(error)}`
    if (isFirst) this.#options.onWarning(`${this.#who()}${words}`)
  }

  async #refresh({ fetch, signal }: CredentialContext): Promise<OidcTokens> {
    const { refreshToken } = this.#tokens
    if (refreshToken === undefined)
      throw new SignInFailure(
        'is not asked: the id token is of no use any more, and there is no refresh token; sign in again',
      )
    const { issuer, identity, clientSecret, scopes, ca, timeoutMs = 15_000 } = this.#options
    const bundle = await ca()
    signal.throwIfAborted()
    const { clientId } = identity
    return refreshTokens({ issuer, clientId, clientSecret, refreshToken, scopes, fetch, ca: bundle, timeoutMs, signal })
  }

  #check(spent: OidcTokens, { idToken, refreshToken }: OidcTokens, { now }: CredentialContext): void {
    if (idToken === undefined)
      throw this.#failure(
        new SignInFailure('gave no id token; sign in with the scope "openid", at a provider that renews id tokens'),
      )
    const lateMs = now() - (expiryOf(idToken) ?? 0)
    if (lateMs >= 0)
      this.#warnOnce(
        'clocks',
        `its new id token ended ${Math.ceil(lateMs / 1000)} s ago by the clock here; is that right?`,
      )
    const isRotated = refreshToken !== undefined && refreshToken !== spent.refreshToken
    if (isRotated && this.#options.store === undefined)
      this.#warnOnce(
        'rotation',
        'its refresh token was replaced, and the new one ends with this process, as nothing keeps it',
      )
  }

  #credentials(): Credentials {
    const { idToken } = this.#tokens
    const expiry = idToken === undefined ? undefined : expiryOf(idToken)
    if (expiry === undefined) throw this.#failure(new SignInFailure('gave an id token that is no JSON web token'))
    return { token: idToken, expiresAt: new Date(expiry) }
  }

  #failure(error: unknown): CredentialError {
    return new CredentialError(`${this.#who()}${this.#wordsOf(error)}`, { provider: 'oidc' })
  }

  #warnOnce(about: 'clocks' | 'rotation', text: string): void {
    if (this.#warned.has(about)) return
    this.#warned.add(about)
    this.#options.onWarning(`${this.#who()}${text}`)
  }

  #who(): string {
    const { userName } = this.#options.identity
    return userName === undefined ? 'OpenID Connect: ' : `user ${quote(userName, 120)}: `
  }

  #wordsOf(error: unknown): string {
    if (error instanceof SignInFailure) return `the OpenID provider ${this.#options.identity.issuer} ${error.message}`
    const text = error instanceof Error ? error.message : 'what keeps the tokens threw what is no Error'
    const { tokens, clientSecret } = this.#options
    const all = [this.#tokens, tokens].flatMap(({ refreshToken, idToken }) => [refreshToken, idToken])
    return maskSecrets(text, [...all, this.#unsaved, clientSecret])
  }
}

const inMemory: OidcTokenStore = {
  async update(_, refresh) {
    await refresh(undefined)
  },
}

/** Absent fields leave what is there. */
function given({ idToken, refreshToken }: OidcTokens): OidcTokens {
  return { ...(idToken !== undefined && { idToken }), ...(refreshToken !== undefined && { refreshToken }) }
}
