import type { ClientCertificate, CredentialProvider, Credentials } from '@kubeclient/core/spec'
import { certificateFileCredentials } from './certificate-files.ts'
import type { Entry, UserFields } from './document.ts'
import type { Host } from './host.ts'
import { readPem } from './pem-field.ts'
import { fault, quote, warning } from './place.ts'
import { locate, readReferenced } from './referenced-file.ts'
import { tokenFault, tokenFileCredentials } from './token-file.ts'
import type { KubeconfigWarning } from './kubeconfig.ts'

/** What an entry holds itself. With any of it no plugin is asked, as kubectl runs none. */
export interface StaticCredentials {
  readonly credentials?: Credentials | CredentialProvider
  readonly clientCertificate?: ClientCertificate
}

export interface StaticCredentialsOptions {
  readonly host: Host | undefined
  /** Without TLS a certificate is nobody's. */
  readonly isTls: boolean
  readonly warn: (warning: KubeconfigWarning) => void
}

/** `undefined`: the entry holds none. @throws {@link ConfigError} */
export async function staticCredentials(
  user: Entry<UserFields>,
  { host, isTls, warn }: StaticCredentialsOptions,
): Promise<StaticCredentials | undefined> {
  refuseSeveral(user)
  const credentials = (await tokenOf(user, host)) ?? basicOf(user, warn)
  warnOfLoneKey(user, warn)
  const clientCertificate = await readPair(user, host)
  if (clientCertificate === undefined) return credentials && { credentials }
  if (!isTls) {
    warn(warning(user.place, 'its client certificate is not used, as the server is http'))
    return credentials === undefined ? {} : { credentials }
  }
  // Read once more by the provider, when the client needs it: the read above was for the faults.
  if (isInFiles(user)) return { credentials: certificateFileCredentials(async () => readPair(user, host), credentials) }
  return { clientCertificate, ...(credentials !== undefined && { credentials }) }
}

function isInFiles({ fields }: Entry<UserFields>): boolean {
  return (fields['client-certificate'] ?? fields['client-key']) !== undefined
}

function hasCertificate({ fields }: Entry<UserFields>): boolean {
  return (fields['client-certificate'] ?? fields['client-certificate-data']) !== undefined
}

/** A certificate may come with a token or basic auth; of the rest there can be one. */
function refuseSeveral({ fields, place }: Entry<UserFields>): void {
  const [first, second] = (['token', 'tokenFile', 'username'] as const).filter((field) => fields[field] !== undefined)
  if (first === undefined || second === undefined) return
  throw fault(place, `${quote(first)} and ${quote(second)} are both set; remove one`, second)
}

async function tokenOf(
  user: Entry<UserFields>,
  host: Host | undefined,
): Promise<Credentials | CredentialProvider | undefined> {
  const { token, tokenFile } = user.fields
  if (token !== undefined) {
    refuseBadToken(user, 'token', token)
    return { token }
  }
  if (tokenFile === undefined) return undefined
  const file = locate(user, 'tokenFile', tokenFile, host)
  // Read now for its faults, which belong to the configuration; the provider reads it again.
  const bytes = await readReferenced(user, 'tokenFile', tokenFile, host)
  refuseBadToken(user, 'tokenFile', new TextDecoder().decode(bytes).trim())
  return tokenFileCredentials(file.path, (path) => file.host.readFile(path))
}

function refuseBadToken({ place }: Entry<UserFields>, field: 'token' | 'tokenFile', token: string): void {
  const wrong = tokenFault(token)
  if (wrong !== undefined) throw fault(place, `its ${quote(field)} ${wrong}`, field)
}

function basicOf(
  { fields, place }: Entry<UserFields>,
  warn: (warning: KubeconfigWarning) => void,
): Credentials | undefined {
  const { username, password } = fields
  if (username === undefined) {
    if (password !== undefined) warn(warning(place, '"password" is ignored, as there is no "username"', 'password'))
    return undefined
  }
  if (!username.includes(':')) return { basic: { username, password: password ?? '' } }
  throw fault(place, 'its "username" holds a colon, which basic authentication cannot carry', 'username')
}

function warnOfLoneKey(user: Entry<UserFields>, warn: (warning: KubeconfigWarning) => void): void {
  const { fields, place } = user
  const ignored = (['client-key', 'client-key-data'] as const).find((field) => fields[field] !== undefined)
  if (ignored === undefined || hasCertificate(user)) return
  warn(warning(place, `${quote(ignored)} is ignored, as there is no client certificate`, ignored))
}

async function readPair(user: Entry<UserFields>, host: Host | undefined): Promise<ClientCertificate | undefined> {
  if (!hasCertificate(user)) return undefined
  const cert = await readPem(user, 'client-certificate', host)
  const key = await readPem(user, 'client-key', host)
  if (cert === undefined) return undefined
  if (key === undefined)
    throw fault(user.place, 'has a client certificate without its key; add "client-key" or "client-key-data"')
  const wrong = host?.keyPairFault(cert, key)
  if (wrong === undefined) return { cert, key }
  throw fault(user.place, `its client certificate and key cannot be used: ${wrong}`)
}
