import { ConfigError, type ExecConfig } from '@kubeclient/core/spec'

/** What an entry says about the token that `gke-gcloud-auth-plugin` would print. */
export interface GkeEntry {
  /** The token itself, of a variable that `gcloud` and the command know, in the entry's own `env`. */
  readonly ownToken: string | undefined
  /** The same, or of this process; looked at when it is needed. */
  readonly tokenInEnv: () => string | undefined
}

const defaultFlag = /^--use_application_default_credentials(?:=true)?$/
const tokenVariable = 'CLOUDSDK_AUTH_ACCESS_TOKEN'

/**
 * What an entry asks for, if its command is GKE's and nothing in it is unknown here: an option or variable that is left out of
 * account could mean another identity. `undefined`: it is for a plugin that runs commands.
 *
 * @throws {@link ConfigError} for one that cannot be
 * @see https://cloud.google.com/kubernetes-engine/docs/how-to/cluster-access-for-kubectl
 */
export function parseGkeEntry(exec: ExecConfig): GkeEntry | undefined {
  const { command, args = [], env = [] }: Partial<Record<keyof ExecConfig, unknown>> = Object(exec)
  if (typeof command !== 'string' || baseName(command) !== 'gke-gcloud-auth-plugin') return undefined
  if (!isTextList(args) || !isVariableList(env))
    throw new ConfigError('"args" or "env" is of another type than it should be')
  if (!args.every((arg) => defaultFlag.test(arg)) || env.some(({ name }) => isForeign(name))) return undefined
  // With the flag, the command does not look at it.
  if (args.length > 0) return { ownToken: undefined, tokenInEnv: () => undefined }
  const own = env.findLast(({ name }) => name === tokenVariable)?.value
  return { ownToken: own || undefined, tokenInEnv: () => (own ?? process.env[tokenVariable]) || undefined }
}

function baseName(command: string): string {
  return (command.split(/[/\\]/).at(-1) ?? '').replace(/\.exe$/i, '')
}

function isTextList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((entry) => typeof entry === 'string')
}

function isVariableList(value: unknown): value is readonly { name: string; value: string }[] {
  if (!Array.isArray(value)) return false
  return value.every((entry: unknown) => isTextList([Object(entry).name, Object(entry).value]))
}

/** Variables that choose an account, a file or a server. */
function isForeign(name: string): boolean {
  if (name === tokenVariable) return false
  return /^(?:CLOUDSDK_|GOOGLE_|GCE_|METADATA_|HOME$|APPDATA$)/i.test(name)
}
