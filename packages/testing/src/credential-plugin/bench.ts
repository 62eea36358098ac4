import type {
  AuthInfo,
  AuthInfoContext,
  CredentialContext,
  CredentialFetch,
  CredentialPlugin,
  CredentialProvider,
  Credentials,
} from '@kubeclient/core/spec'
import { credentialFault } from './credential-fault.ts'
import { errorFault } from './error-fault.ts'
import { Findings, type Rule } from './findings.ts'
import { frozenCopy } from './frozen-copy.ts'
import { isKitReason } from './kit-reason.ts'
import { persistInMemory } from './persist-in-memory.ts'
import type { PluginCases, PluginEntry } from './plugin-cases.ts'
import { scriptedFetch, signalOf } from './scripted-fetch.ts'
import { secretsOfCredentials, secretsOfEntry, whereShown } from './secrets.ts'
import { type Effects, type EffectsWatch, watchEffects } from './watch-effects.ts'

/** How a call ended. */
export interface Answer {
  /** How often it sent a request or started a process. */
  readonly asked: number
  readonly processes: number
  readonly credentials?: Credentials
  readonly error?: unknown
  /** It ended in no way that counts, and that has been told. */
  readonly told?: true
}

type Ending = Omit<Answer, 'asked' | 'processes'>

export type Taken =
  | { readonly provider: CredentialProvider }
  | { readonly declined: true }
  | { readonly error: unknown }

/** `undefined`: the context has no such field. */
type ContextFields = { readonly [Name in keyof AuthInfoContext]?: AuthInfoContext[Name] | undefined }

export interface Call extends Partial<Omit<CredentialContext, 'fetch'>> {
  readonly fetch?: CredentialFetch
  /** Called when it has asked somebody for the first time. */
  readonly onAsk?: () => void
  /** What it means when it does not end in time. */
  readonly whenLate?: readonly [rule: Rule, text: string]
}

/** The place where a plugin is tried. What every call must keep is looked at here; the checks look at the rest. */
export class Bench {
  readonly #plugin: CredentialPlugin
  readonly #findings: Findings
  readonly #folder: string
  readonly #timeoutMs: number
  readonly #secrets: Set<string>
  readonly #watch: EffectsWatch = watchEffects()

  constructor(plugin: CredentialPlugin, cases: PluginCases, findings: Findings, folder: string) {
    this.#plugin = plugin
    this.#findings = findings
    this.#folder = folder
    this.#timeoutMs = cases.timeoutMs ?? 10_000
    const entries = [...cases.accepts, ...(cases.fails ?? [])]
    this.#secrets = new Set([
      ...(cases.secrets ?? []).filter((secret) => secret !== ''),
      ...entries.flatMap(({ authInfo }) => secretsOfEntry(authInfo)),
    ])
  }

  /** An empty folder. */
  get folder(): string {
    return this.#folder
  }

  find(rule: Rule, place: string, text: string): void {
    this.#findings.add(rule, place, text)
  }

  /** A value that no error may show from now on. */
  plant(secret: string): string {
    this.#secrets.add(secret)
    return secret
  }

  /** Offers the entry to the plugin. */
  take(place: string, authInfo: AuthInfo, context: ContextFields = {}): Taken {
    const effects: Effects = { processes: 0, requests: 0 }
    const start = performance.now()
    try {
      const provider = this.#watch.during(effects, () => this.#offer(authInfo, context))
      return this.#taken(place, provider)
    } catch (error) {
      this.#lookAtKind(place, error)
      this.#lookForSecrets(place, error)
      return { error }
    } finally {
      if (effects.processes + effects.requests > 0)
        this.find('interface', place, '`fromAuthInfo` started a process or sent a request; wait for `getCredentials`')
      if (performance.now() - start > this.#timeoutMs) this.find('time', place, '`fromAuthInfo` takes too long')
    }
  }

  #offer(authInfo: AuthInfo, context: ContextFields): CredentialProvider | undefined {
    const cluster = { server: 'https://kit.invalid:6443', tls: {}, extensions: [] }
    const usual = { userName: 'kit', cluster, directory: this.#folder, persist: persistInMemory(authInfo) }
    // Absent, where a check says `undefined`: a plugin may ask with `in`.
    const given = Object.entries({ ...usual, ...context }).filter(([, value]) => value !== undefined)
    return this.#plugin.fromAuthInfo(frozenCopy(authInfo), Object.fromEntries(given) as unknown as AuthInfoContext) // as above
  }

  #taken(place: string, answer: unknown): Taken {
    if (answer === undefined) return { declined: true }
    if (answer instanceof Promise) answer.catch(() => undefined) // told as what it is: no provider
    const { name, getCredentials }: Partial<Record<keyof CredentialProvider, unknown>> = Object(answer)
    if (typeof getCredentials !== 'function' || typeof name !== 'string' || !/^[\w.@/-]{1,64}$/.test(name)) {
      this.find(
        'interface',
        place,
        '`fromAuthInfo` must return, at once, undefined or { name, getCredentials } with a short name',
      )
      return { declined: true }
    }
    return { provider: answer as CredentialProvider } // looked at just now
  }

  /** Asks a provider, for as long as a call may take. */
  async ask(place: string, provider: CredentialProvider, entry: PluginEntry, call: Call = {}): Promise<Answer> {
    const effects: Effects = { processes: 0, requests: 0 }
    const { promise: late, resolve: giveUp } = Promise.withResolvers<Ending>()
    const timer = setTimeout(() => {
      const [rule, text] = call.whenLate ?? ['time', '`getCredentials` did not end in time; bound every wait']
      this.find(rule, place, text)
      giveUp({ told: true })
    }, this.#timeoutMs)
    const answer = await Promise.race([late, this.#call(place, provider, effects, { fetch: fetchOf(entry), ...call })])
    clearTimeout(timer)
    return { ...answer, asked: effects.requests + effects.processes, processes: effects.processes }
  }

  async #call(
    place: string,
    provider: CredentialProvider,
    effects: Effects,
    { fetch = scriptedFetch(), onAsk, ...call }: Call,
  ): Promise<Ending> {
    const counted: CredentialFetch = (input, init) => {
      if (signalOf(input, init)?.aborted !== true) effects.requests += 1
      onAsk?.()
      return fetch(input, init)
    }
    const signal = call.signal ?? new AbortController().signal
    const context: CredentialContext = { reason: 'initial', now: Date.now, ...call, signal, fetch: counted }
    try {
      const credentials = await this.#watch.during(effects, async () => provider.getCredentials(context))
      return this.#given(place, credentials)
    } catch (error) {
      // After an abort it is the reason that counts, and who aborted looks for it.
      if (!signal.aborted && !isKitReason(error)) this.#lookAtKind(place, error, provider.name)
      this.#lookForSecrets(place, error)
      return { error }
    }
  }

  #given(place: string, credentials: Credentials): Ending {
    const fault = credentialFault(credentials)
    if (fault !== undefined) {
      this.find('credentials', place, fault)
      return { told: true }
    }
    for (const secret of secretsOfCredentials(credentials)) this.#secrets.add(secret)
    return { credentials }
  }

  #lookAtKind(place: string, error: unknown, provider?: string): void {
    const fault = errorFault(error, provider)
    if (fault !== undefined) this.find('errors', place, fault)
  }

  #lookForSecrets(place: string, error: unknown): void {
    const where = whereShown(error, this.#secrets)
    const remedy = 'quote no answer, and pass on no error of a library as the cause'
    if (where !== undefined) this.find('secrets', place, `a secret is in the ${where} of its error; ${remedy}`)
  }

  stop(): void {
    this.#watch.stop()
  }
}

/** Anew for each call: its responses begin with the first. */
export function fetchOf({ fetch, responses }: PluginEntry): CredentialFetch {
  return fetch ?? scriptedFetch(responses)
}
