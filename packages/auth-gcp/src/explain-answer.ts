import { isKubeError } from '@kubeclient/core/spec'
import { fieldsOf } from './fields-of.ts'
import { maskSecrets, secretName } from './mask-secrets.ts'
import { quote } from './quote.ts'

type Fields = Readonly<Record<string, unknown>>

/** @see https://www.rfc-editor.org/rfc/rfc6749#section-5.2 and https://google.aip.dev/193 */
export function explainRefusal(
  { status: given, data }: Fields,
  request: Fields,
  remedy: string,
  secrets: readonly (string | undefined)[],
): string {
  const { error, error_description: description } = fieldsOf(data)
  const { status: reason, message } = fieldsOf(error)
  const sent = sentValues(request)
  // What it repeats can be masked only where it is known.
  const text = sent.some(isHidden) ? undefined : textOf(description ?? message, [...secrets, ...sent])
  const status = typeof given === 'number' ? given : Number.NaN
  const number = Number.isNaN(status) ? 'no status' : String(status)
  const words = [codeOf(error) ?? codeOf(reason), number, text].filter((word) => word !== undefined)
  const where = whereOf(request)
  const answer = `(${words.join(', ')}) at ${where}`
  if (error === 'invalid_grant')
    return `Google refuses the credentials ${answer}; they have expired or were revoked, or the clock of this machine is wrong: ${remedy}`
  if (status === 401 || error === 'invalid_client') return `Google does not accept the credentials ${answer}; ${remedy}`
  if (status === 404 && where.includes('/computeMetadata/'))
    return `this machine has no service account ${answer}; give it one`
  if (status >= 500) return `Google cannot answer now ${answer}; try again later`
  if (status < 400) return `Google's server redirects ${answer}, and nothing is sent after it`
  return `Google gives no access token ${answer}; check the credentials and what they may do`
}

export function explainNoAnswer(error: Error, request: Fields): string {
  return `Google cannot be asked at ${whereOf(request)}: ${networkWords(error)}`
}

function networkWords({ cause, ...error }: Error & { readonly code?: unknown }): string {
  const { code } = error
  if (!isKubeError(cause)) return typeof code === 'string' && /^\w{1,60}$/.test(code) ? code : 'the request failed'
  // Of the client's own fetch: without the request, and without what is true of objects in a cluster only.
  return cause.message.replace(/^[A-Z]+ \S+: /, '').replace(/ \(the write may have been applied[^)]*\)$/, '')
}

/** Only what can be a code. */
function codeOf(value: unknown): string | undefined {
  return typeof value === 'string' && /^[A-Za-z_]{1,60}$/.test(value) ? quote(value) : undefined
}

function textOf(value: unknown, secrets: readonly (string | undefined)[]): string | undefined {
  return typeof value === 'string' ? quote(maskSecrets(value, secrets), 256) : undefined
}

/** Without its query, which may hold secrets. */
function whereOf({ url }: Fields): string {
  const { origin, pathname } = parsedUrl(url) ?? {}
  if (origin === undefined) return 'its server'
  return quote(`${origin}${pathname}`, 256)
}

/** What a server may repeat: each value of the form, of the query, and of a header that signs in. */
function sentValues({ data, url, headers }: Fields): readonly string[] {
  const form = data instanceof URLSearchParams ? [...data] : Object.entries(fieldsOf(data))
  const query = [...(parsedUrl(url)?.searchParams ?? [])]
  const head = headers instanceof Headers ? [...headers].filter(([name]) => secretName.test(name)) : []
  // The library hides even this, which is no secret.
  const sent = [...form, ...query, ...head].filter(([name, value]) => name !== 'grant_type' || !isHidden(value))
  const values = sent.map(([, value]) => value).filter((value) => typeof value === 'string')
  // `Bearer` and the like go before what is secret.
  return values.flatMap((value) => [value, value.replace(/^\S+\s+/, '')])
}

/** By the library, in requests that it makes on its own. */
function isHidden(value: unknown): boolean {
  return typeof value === 'string' && value.startsWith('<<REDACTED>')
}

function parsedUrl(url: unknown): URL | null {
  return url instanceof URL || typeof url === 'string' ? URL.parse(String(url)) : null
}
