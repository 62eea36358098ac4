/** A failure on the way to a server that is not the server's. Names the proxy without its credentials. */
export class ProxyError extends Error {
  override readonly name = 'ProxyError'
  /** Of the failure that lies beneath, if it had one. */
  readonly code: string | undefined

  constructor({ protocol, host }: URL, what: string, code?: string) {
    super(`the proxy ${protocol}//${host}: ${what}`)
    this.code = code
  }

  /** The same failure, and whose it is. */
  static of(proxy: URL, failure: unknown): ProxyError {
    if (failure instanceof ProxyError) return failure
    const { message, code }: { message: string; code?: unknown } =
      failure instanceof Error ? failure : new Error('no answer')
    const text = typeof code === 'string' ? code : undefined
    return new ProxyError(
      proxy,
      noTls.test(message)
        ? 'it does not speak TLS: should its URL begin with http://?'
        : message || (text ?? 'no answer'),
      text,
    )
  }
}

/** OpenSSL's words for bytes that are not TLS. */
const noTls = /wrong version number|packet length too long/
