import type { CredentialProvider, Credentials } from '@kubeclient/core/spec'
import type { Answer } from './bench.ts'
import type { AcceptedEntry } from './plugin-cases.ts'

/** What an entry was served with at first; the other checks compare with it. */
export interface Served {
  readonly place: string
  readonly entry: AcceptedEntry
  readonly provider: CredentialProvider
  readonly first: Answer & { readonly credentials: Credentials }
}
