import { ConfigError, isKubeError } from '../spec/errors.ts'
import type { ClientCertificate } from '../spec/credentials.ts'
import type { KubeRequest, KubeResponse } from '../spec/request.ts'
import type { ConnectionOptions, Transport, TransportFactory } from '../spec/transport.ts'
import { abortable } from './abortable.ts'
import { Deadline } from './deadline.ts'

/** A CA bundle from a function is asked for again after this long. */
const caMs = 300_000
/** A function that has not answered by then never will. */
const answerMs = 60_000
/** After a handshake that it made fail, it is asked for again, but not more often than this. */
const doubtMs = 1000

export interface ConnectionsOptions {
  /** Everything but the CA and the client certificate, which change while a client lives. */
  readonly base: Omit<ConnectionOptions, 'ca' | 'clientCertificate' | 'proxy'>
  readonly ca: string | (() => Promise<string>) | undefined
  readonly factory: TransportFactory
  /** The proxy on the way to an origin. */
  readonly proxyFor: (origin: URL) => URL | undefined
  readonly now: () => number
}

/**
 * The connections of one client. A new client certificate or CA opens new ones; the old are closed when what is in flight
 * on them has ended.
 */
export class Connections {
  readonly #options: ConnectionsOptions
  readonly #live = new Set<Transport>()
  #current: { transport: Transport; ca: string | undefined; certificate: ClientCertificate | undefined } | undefined
  #ca: { value: string; askedAt: number } | undefined
  #asking: Promise<string> | undefined
  readonly #closing = new AbortController()

  constructor(options: ConnectionsOptions) {
    this.#options = options
  }

  async send(request: KubeRequest, certificate: ClientCertificate | undefined): Promise<KubeResponse> {
    const { ca } = this.#options
    if (typeof ca !== 'function') return this.#transport(ca, certificate).send(request)
    const bundle = await this.#askedCa(ca, request.signal)
    try {
      return await this.#transport(bundle, certificate).send(request)
    } catch (error) {
      if (!isUntrustedIssuer(error)) throw error
      this.#doubt(bundle)
      const newer = await this.#askedCa(ca, request.signal)
      if (newer === bundle) throw error
      return this.#transport(newer, certificate).send(request)
    }
  }

  /** To another origin, where a redirect leads: over connections of its own, without what identifies us to the server. */
  async sendElsewhere(origin: URL, request: KubeRequest): Promise<KubeResponse> {
    this.#closing.signal.throwIfAborted()
    const { serverName: _, ...base } = this.#options.base
    const server = new URL(origin.origin)
    const transport = this.#options.factory({ ...base, server, ...this.#way(server, this.#current?.ca) })
    this.#live.add(transport)
    try {
      return await transport.send(request)
    } finally {
      this.#retire(transport)
    }
  }

  /** Everything in flight rejects with `reason`. */
  async close(reason: Error): Promise<void> {
    this.#closing.abort(reason)
    await Promise.all([...this.#live].map((transport) => transport.close(reason)))
  }

  #transport(ca: string | undefined, certificate: ClientCertificate | undefined): Transport {
    this.#closing.signal.throwIfAborted()
    const current = this.#current
    if (current !== undefined && current.ca === ca && samePair(current.certificate, certificate))
      return current.transport
    const transport = this.#options.factory({
      ...this.#options.base,
      ...this.#way(this.#options.base.server, ca),
      ...(certificate !== undefined && { clientCertificate: certificate }),
    })
    this.#live.add(transport)
    this.#current = { transport, ca, certificate }
    if (current !== undefined) this.#retire(current.transport)
    return transport
  }

  /** Closes connections when what is in flight on them has ended. */
  #retire(transport: Transport): void {
    const forget = (): boolean => this.#live.delete(transport)
    transport.close().then(forget, forget)
  }

  #way(origin: URL, ca: string | undefined): Pick<ConnectionOptions, 'ca' | 'proxy'> {
    const proxy = this.#options.proxyFor(origin)
    return { ...(ca !== undefined && { ca }), ...(proxy !== undefined && { proxy }) }
  }

  /** A bundle that did not do is asked for again, unless that was a moment ago. */
  #doubt(bundle: string): void {
    const known = this.#ca
    if (known?.value !== bundle || this.#options.now() - known.askedAt < doubtMs) return
    this.#ca = { value: bundle, askedAt: Number.NEGATIVE_INFINITY }
  }

  /** One question for all who wait; each waits no longer than its own signal says. */
  async #askedCa(ask: () => Promise<string>, signal: AbortSignal | undefined): Promise<string> {
    const known = this.#ca
    if (known !== undefined && this.#options.now() - known.askedAt < caMs) return known.value
    this.#asking ??= this.#ask(ask).finally(() => {
      this.#asking = undefined
    })
    return abortable(abortable(this.#asking, this.#closing.signal), signal)
  }

  async #ask(ask: () => Promise<string>): Promise<string> {
    const deadline = new Deadline(this.#closing.signal, answerMs, () =>
      noBundle(new Error('it did not answer within 60 s')),
    )
    let value: string
    try {
      value = await abortable(ask(), deadline.signal)
      // Taken for none, it would have every CA of the system trusted.
      if (typeof value !== 'string' || value.trim() === '')
        throw new ConfigError('`tls.ca` gave no CA bundle: it is empty')
    } catch (error) {
      if (this.#ca === undefined) throw noBundle(error)
      ;({ value } = this.#ca) // a bundle that was good goes on until it can be read again
    } finally {
      deadline.end()
    }
    this.#ca = { value, askedAt: this.#options.now() }
    return value
  }
}

function noBundle(cause: unknown): Error {
  if (isKubeError(cause)) return cause
  const why = cause instanceof Error ? cause.message : 'it threw what is no Error'
  return new ConfigError(`\`tls.ca\` gave no CA bundle: ${why}`, {}, { cause })
}

function samePair(a: ClientCertificate | undefined, b: ClientCertificate | undefined): boolean {
  return a === b || (a !== undefined && b !== undefined && a.cert === b.cert && a.key === b.key)
}

/** What OpenSSL calls a certificate of a CA that is not among those given. */
const untrustedIssuer = new Set<unknown>([
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'CERT_SIGNATURE_FAILURE',
])

/** Whether a handshake failed because the server's CA is not trusted here: nothing was sent then. */
function isUntrustedIssuer(error: unknown): boolean {
  if (!isKubeError(error, 'KUBE_TRANSPORT')) return false
  const { cause } = error
  return cause instanceof Error && 'code' in cause && untrustedIssuer.has(cause.code)
}
