import { decodeBase64 } from './base64.ts'
import type { Entry } from './document.ts'
import type { Host } from './host.ts'
import { fault, quote } from './place.ts'
import { readReferenced } from './referenced-file.ts'

export type PemName = 'certificate-authority' | 'client-certificate' | 'client-key'

/** An entry with any of the two spellings of each PEM field: `NAME`, a file, and `NAME-data`, base64. */
export type PemEntry<Name extends PemName> = Entry<{ readonly [Field in Name | `${Name}-data`]?: string }>

/** The text of `NAME` or `NAME-data`, checked to be PEM of the right sort. @throws {@link ConfigError} */
export async function readPem<Name extends PemName>(
  entry: PemEntry<Name>,
  name: Name,
  host: Host | undefined,
): Promise<string | undefined> {
  const file: string | undefined = entry.fields[name]
  const data: string | undefined = entry.fields[`${name}-data`]
  if (file !== undefined && data !== undefined) {
    throw fault(entry.place, `"${name}" and "${name}-data" are both set; remove one`, name)
  }
  if (data !== undefined) {
    refuseRedacted(entry, `${name}-data`, data)
    return checkPem(entry, name, `${name}-data`, decodeBase64(data))
  }
  if (file === undefined) return undefined
  return checkPem(entry, name, name, await readReferenced(entry, name, file, host))
}

function refuseRedacted({ place }: Entry<unknown>, field: string, data: string): void {
  if (data !== 'REDACTED' && data !== 'DATA+OMITTED') return
  throw fault(place, `${quote(field)} is hidden, as "kubectl config view" shows it; add --raw to that command`, field)
}

function checkPem(entry: Entry<unknown>, name: PemName, field: string, bytes: Uint8Array | undefined): string {
  const text = new TextDecoder().decode(bytes)
  const begin = text.search(
    name === 'client-key' ? /-----BEGIN (?:[A-Z]+ ){0,3}PRIVATE KEY-----/ : /-----BEGIN CERTIFICATE-----/,
  )
  if (begin === -1 || !text.includes('-----END ', begin)) {
    const found = text.trim() === '' ? 'is empty' : 'is not PEM'
    const wanted = name === 'client-key' ? 'private key' : 'certificate'
    throw fault(entry.place, `${quote(field)} ${found}; it needs a ${wanted}, from "-----BEGIN" to "-----END"`, field)
  }
  if (name !== 'client-key' || !text.includes('ENCRYPTED', begin)) return text
  throw fault(
    entry.place,
    `${quote(field)} is encrypted, and a kubeconfig has no place for the passphrase; decrypt it`,
    field,
  )
}
