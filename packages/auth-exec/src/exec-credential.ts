import type { CredentialError, Credentials } from '@kubeclient/core/spec'
import { keyPairFault } from './key-pair-fault.ts'
import { parseTimestamp } from './parse-timestamp.ts'
import { parseYaml } from './parse-yaml.ts'
import { quote } from './quote.ts'

type Fail = (text: string) => CredentialError
type Fields = Readonly<Record<string, unknown>>

/**
 * What the command printed, as credentials. In the order in which kubectl looks, so that both name the same fault. No message
 * quotes the output.
 *
 * @param fail - makes the error of a text that goes on where `the command "x"` ended
 * @see https://kubernetes.io/docs/reference/config-api/client-authentication.v1/
 */
export function parseExecCredential(stdout: Uint8Array, apiVersion: string, fail: Fail): Credentials {
  const output = parseOutput(stdout, fail)
  checkKind(output, apiVersion, fail)
  const status = fieldsOf(output['status'])
  if (status === undefined)
    throw fail(isAbsent(output['status']) ? 'printed no "status"' : 'printed a "status" that is no object')
  const [token, cert, key] = (['token', 'clientCertificateData', 'clientKeyData'] as const).map((name) =>
    textOf(status, name, fail),
  )
  const expiresAt = expiryOf(status, fail)
  if (token === undefined && cert === undefined && key === undefined)
    throw fail('printed neither "token" nor "clientCertificateData" with "clientKeyData" in its "status"')
  if (token !== undefined) checkToken(token, fail)
  const clientCertificate = pairOf(cert, key, fail)
  return {
    ...(token !== undefined && { token }),
    ...(clientCertificate !== undefined && { clientCertificate }),
    ...(expiresAt !== undefined && { expiresAt }),
  }
}

/** JSON, or whatever does not begin as JSON does: YAML, as kubectl takes it. */
function parseOutput(stdout: Uint8Array, fail: Fail): Fields {
  const text = decode(stdout, fail).trim()
  if (text === '') throw fail('printed nothing to its stdout, where an ExecCredential belongs')
  const data = text.startsWith('{') ? parseJson(text) : parseYaml(text)
  const output = fieldsOf(data)
  if (output !== undefined) return output
  throw fail(`printed what is no ExecCredential: ${whatInstead(text, data)}`)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined // Not passed on: the parser quotes the text.
  }
}

function decode(stdout: Uint8Array, fail: Fail): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(stdout)
  } catch {
    throw fail('printed what is not text in UTF-8')
  }
}

function whatInstead(text: string, data: unknown): string {
  if (text.startsWith('{') && /\}\s*\{/.test(text)) return 'there are several documents, and one is expected'
  if (text.startsWith('{')) return 'the JSON is broken, or something follows it'
  if (/\{\s*"/.test(text)) return 'there is other text before the JSON; it belongs on stderr'
  return data === undefined ? 'it is neither JSON nor YAML' : 'it is no object'
}

function checkKind({ kind, apiVersion: printed }: Fields, apiVersion: string, fail: Fail): void {
  if (!isAbsent(kind) && kind !== 'ExecCredential')
    throw fail(`printed ${worded(kind)} as its "kind", not "ExecCredential"`)
  if (printed === apiVersion) return
  const what = isAbsent(printed) ? 'no "apiVersion"' : `the "apiVersion" ${worded(printed)}`
  throw fail(`printed ${what}, and the kubeconfig says ${quote(apiVersion)}; both must be the same`)
}

/** Only what can be a name is quoted. */
function worded(value: unknown): string {
  return typeof value === 'string' && /^[\w./-]{1,60}$/.test(value) ? quote(value) : 'something else'
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null || value === ''
}

function fieldsOf(value: unknown): Fields | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  // Without the names that every object has.
  return Object.assign(Object.create(null), value) as Fields // Object.create is `any`
}

function textOf(status: Fields, name: string, fail: Fail): string | undefined {
  const value = status[name]
  if (value === undefined || value === null || value === '') return undefined
  if (typeof value === 'string') return value
  throw fail(`printed a ${quote(name)} that is no string`)
}

function expiryOf({ expirationTimestamp: value }: Fields, fail: Fail): Date | undefined {
  if (value === undefined || value === null) return undefined
  const time = typeof value === 'string' ? parseTimestamp(value) : undefined
  if (time === undefined)
    throw fail('printed an "expirationTimestamp" that is no time as in RFC 3339, such as "2030-01-31T12:00:00Z"')
  return time.getUTCFullYear() === 1 ? undefined : time // Go's zero time: none
}

function checkToken(token: string, fail: Fail): void {
  if (/^[\u0021-\u007e]+$/.test(token)) return
  throw fail('printed a "token" with spaces, line breaks or other characters that no token has')
}

function pairOf(cert: string | undefined, key: string | undefined, fail: Fail): Credentials['clientCertificate'] {
  if (cert === undefined && key === undefined) return undefined
  if (key === undefined) throw fail('printed "clientCertificateData" without "clientKeyData"')
  if (cert === undefined) throw fail('printed "clientKeyData" without "clientCertificateData"')
  const wrong = keyPairFault(cert, key)
  if (wrong !== undefined) throw fail(`printed ${wrong}`)
  return { cert, key }
}
