import type { AuthInfo, AuthInfoContext, CredentialFetch, Credentials } from '@kubeclient/core/spec'

/** What a plugin is for, told by example: the entries that it takes, hands back, and fails on. */
export interface PluginCases {
  /** Entries that it takes and serves; at least one. Everything else that is checked is made of these. */
  readonly accepts: readonly AcceptedEntry[]
  /** Entries that look like its own and are another's. The kit brings the obvious ones. */
  readonly declines?: readonly AuthInfo[] | undefined
  /** Entries that it takes and cannot serve. */
  readonly fails?: readonly FailingEntry[] | undefined
  /**
   * Values that no error may show. The kit knows those of the entries (`token`, `password`, what is named like a secret) and of
   * the credentials by itself.
   */
  readonly secrets?: readonly string[] | undefined
  /** It takes every `exec` entry, whatever the command. @defaultValue false: another command's entry is another plugin's */
  readonly everyCommand?: boolean | undefined
  /** How long one call may take, in milliseconds. @defaultValue 10_000 */
  readonly timeoutMs?: number | undefined
}

export interface PluginEntry {
  readonly authInfo: AuthInfo
  /**
   * What of the context matters to it.
   *
   * @defaultValue the user `kit`, a cluster, an empty temporary `directory`, and a `persist` in memory
   */
  readonly context?: Partial<AuthInfoContext> | undefined
  /** What `context.fetch` answers during one call of `getCredentials`, in this order, the last one again and again. */
  readonly responses?: readonly Response[] | undefined
  /** In place of `responses`: what `context.fetch` does. */
  readonly fetch?: CredentialFetch | undefined
}

export interface AcceptedEntry extends PluginEntry {
  /** What it is served with; fields that are absent here may be anything. */
  readonly credentials?: Partial<Credentials> | undefined
}

export interface FailingEntry extends PluginEntry {
  /** What the message must say. */
  readonly message: RegExp
}
