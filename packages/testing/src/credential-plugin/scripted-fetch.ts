import type { CredentialFetch } from '@kubeclient/core/spec'

/** Waits, and answers nothing, until the call is aborted. */
export const hangingFetch: CredentialFetch = (input, init) => {
  const signal = signalOf(input, init)
  return new Promise((_, reject) => {
    if (signal?.aborted === true) reject(signal.reason)
    signal?.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}

/** There is no network. */
export const deadFetch: CredentialFetch = () => Promise.reject(new TypeError('fetch failed'))

/** Answers in this order, the last one again and again; without any there is no network. */
export function scriptedFetch(responses: readonly Response[] = []): CredentialFetch {
  let next = 0
  return (input, init) => {
    const response = responses[Math.min(next, responses.length - 1)]
    next += 1
    if (response === undefined) return deadFetch(input, init)
    const signal = signalOf(input, init)
    // A copy: a body is read once, and the kit calls often.
    return signal?.aborted === true ? Promise.reject(signal.reason) : Promise.resolve(response.clone())
  }
}

/** Waits for `gate`, or for the end of the call, and then does as `inner`. */
export function gatedFetch(inner: CredentialFetch, gate: Promise<void>): CredentialFetch {
  return async (input, init) => {
    await Promise.race([gate, hangingFetch(input, init)])
    return inner(input, init)
  }
}

/** An error page that repeats all that it was sent, and then some. */
export function echoingFetch(secret: string, status: number): CredentialFetch {
  return async (input, init) => {
    const sent = new Request(input, init as RequestInit) // a Uint8Array is a body, whatever lib.dom says
    const body = { error: secret, url: sent.url, headers: [...sent.headers], body: await sent.text() }
    return new Response(`<html>${JSON.stringify(body)}</html>`, { status, headers: { 'content-type': 'text/html' } })
  }
}

/** Fails as HTTP libraries do: with an error that has the request in it. */
export function leakingFetch(secret: string): CredentialFetch {
  return (input, init) => {
    const request = { input, headers: init?.headers, body: init?.body, authorization: secret }
    const cause = Object.assign(new Error(`connect ECONNREFUSED, token ${secret}`), { request })
    return Promise.reject(Object.assign(new TypeError('fetch failed', { cause }), { config: request }))
  }
}

export function signalOf(...[input, init]: Parameters<CredentialFetch>): AbortSignal | undefined {
  return init?.signal ?? (input instanceof Request ? input.signal : undefined)
}
