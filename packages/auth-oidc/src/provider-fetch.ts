import { type CredentialFetch, type CredentialFetchInit, isKubeError } from '@kubeclient/core/spec'
import { isClearText } from './check-issuer.ts'
import { maskSecrets } from './mask-secrets.ts'
import { quote } from './quote.ts'
import { SignInFailure } from './sign-in-failure.ts'

export interface ProviderFetchOptions {
  readonly fetch: CredentialFetch
  /** PEM; absent: the system's. */
  readonly ca: string | undefined
  /** For each answer, in milliseconds. */
  readonly timeoutMs: number
  readonly secrets: readonly (string | undefined)[]
}

export type ProviderFetch = (url: string, init: CredentialFetchInit, signal?: AbortSignal) => Promise<Response>

/**
 * Asks the provider, by TLS and in bounded time, and refuses what can be no answer of one. What the protocol calls a failure
 * is handed on.
 *
 * @throws {@link SignInFailure}, or the reason of `signal`
 */
export function providerFetch({ fetch, ca, timeoutMs, secrets }: ProviderFetchOptions): ProviderFetch {
  return async (url, init, signal) => {
    const { origin, pathname } = new URL(url)
    const where = `${origin}${pathname}`
    if (isClearText(new URL(url)))
      throw new SignInFailure(`names ${quote(where)}, which is not https; nothing is sent there`)
    const late = AbortSignal.timeout(timeoutMs)
    const either = signal === undefined ? late : AbortSignal.any([signal, late])
    try {
      const response = await fetch(url, { ...init, signal: either, ...(ca !== undefined && { tls: { ca } }) })
      await refuseOtherAnswers(where, response, secrets)
      return response
    } catch (error) {
      if (error instanceof SignInFailure) throw error
      signal?.throwIfAborted()
      if (late.aborted) throw new SignInFailure(`did not answer within ${timeoutMs / 1000} s at ${quote(where)}`)
      // Not as the cause: a foreign fetch may put the request on its errors.
      throw new SignInFailure(`cannot be asked at ${quote(where)}: ${maskSecrets(wordsOf(error), secrets)}`)
    }
  }
}

/** Redirects, outages and pages for people. What a client does wrong has words of the protocol. */
async function refuseOtherAnswers(
  where: string,
  response: Response,
  secrets: readonly (string | undefined)[],
): Promise<void> {
  const { status, headers } = response
  const isJson = /^application\/(?:[\w.-]+\+)?json\b/i.test(headers.get('content-type') ?? '')
  const isFailure = status >= 400 && status < 500 && status !== 404
  if (isJson ? status === 200 || isFailure : isFailure && headers.has('www-authenticate')) return
  if (status >= 300 && status < 400)
    throw new SignInFailure(`redirects from ${quote(where)}, which is not followed; is it the right issuer?`)
  const text = maskSecrets((await response.text()).trim(), secrets)
  const remedy = status >= 500 ? 'try again later' : 'is it the right issuer?'
  throw new SignInFailure(`answers ${status} at ${quote(where)}, ${quote(text, 120)}; ${remedy}`)
}

const untrusted = new Set([
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'CERT_SIGNATURE_FAILURE',
])

function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return 'the fetch threw what is no Error'
  const code = codeOf(error) ?? codeOf(error.cause)
  if (code !== undefined && untrusted.has(code))
    return 'its certificate is not signed by a CA that is trusted here; give its CA ("idp-certificate-authority-data", `ca`)'
  if (!isKubeError(error)) return code === undefined ? error.message : `${error.message} (${code})`
  // Without the request, and without what is true of objects in a cluster only.
  return error.message.replace(/^[A-Z]+ \S+: /, '').replace(/ \(the write may have been applied[^)]*\)$/, '')
}

/** Of what the system reported: our own codes say less than the words. */
function codeOf(error: unknown): string | undefined {
  const code = error instanceof Error && !isKubeError(error) && 'code' in error ? error.code : undefined
  return typeof code === 'string' ? code : undefined
}
