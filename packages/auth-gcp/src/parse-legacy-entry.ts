import { type AuthProviderConfig, ConfigError } from '@kubeclient/core/spec'

/** An `auth-provider: gcp` entry. */
export interface LegacyEntry {
  readonly scopes: readonly string[] | undefined
  /** Absent: application-default credentials. */
  readonly command: LegacyCommand | undefined
}

export interface LegacyCommand {
  readonly command: string
  readonly args: readonly string[]
  /** Names of fields, from the outside in, in what it prints. */
  readonly tokenPath: readonly string[]
  /** Absent: its times are written in a way that is not known here. */
  readonly expiryPath: readonly string[] | undefined
}

type Config = NonNullable<AuthProviderConfig['config']>

/** Layouts of Go for the times that can be read: RFC 3339, and the same with a blank and no zone. */
const knownLayouts: ReadonlySet<string | undefined> = new Set([
  undefined,
  '2006-01-02T15:04:05.999999999Z07:00',
  '2006-01-02T15:04:05Z07:00',
  '2006-01-02 15:04:05.999999999',
  '2006-01-02 15:04:05',
])

/** @throws {@link ConfigError} that quotes no value: whoever reads the kubeconfig masks them. */
export function parseLegacyEntry(config: unknown = {}): LegacyEntry {
  if (typeof config !== 'object' || config === null) throw new ConfigError('its "config" is no mapping')
  const fields = config as Config // each field is looked at
  const scopes = textOf(fields, 'scopes')?.split(',')
  if (!Object.hasOwn(fields, 'cmd-path')) return { scopes, command: undefined }
  if (scopes !== undefined) throw new ConfigError('"scopes" and "cmd-path" are both set, and a command knows no scopes')
  return { scopes, command: commandOf(fields) }
}

function commandOf(config: Config): LegacyCommand {
  const path = textOf(config, 'cmd-path') ?? ''
  const line = textOf(config, 'cmd-args')
  // Without arguments of its own, the path is a whole command line. There are no quotes in either.
  const [command, ...args] = line === undefined ? words(path) : [path, ...words(line)]
  if (command === undefined || command === '') throw new ConfigError('"cmd-path" is empty')
  if ([command, ...args].some((word) => word.includes('\0')))
    throw new ConfigError('"cmd-path" or "cmd-args" holds a NUL')
  const expiryPath = pathOf(config, 'expiry-key', '{.token_expiry}')
  return {
    command,
    args,
    tokenPath: pathOf(config, 'token-key', '{.access_token}'),
    expiryPath: knownLayouts.has(textOf(config, 'time-fmt')) ? expiryPath : undefined,
  }
}

function words(line: string): readonly string[] {
  return line.split(/\s+/).filter(Boolean)
}

/** `{.credential.access_token}`: the part of JSONPath that gcloud writes; braces and the first dot may be missing. */
function pathOf(config: Config, key: string, usual: string): readonly string[] {
  const [, inner = ''] = /^(?:\{\.?([^{}]+)\}|\.?([^{}]+))$/.exec(textOf(config, key) ?? usual)?.filter(Boolean) ?? []
  const names = inner.split('.')
  if (names.every((name) => /^[\w-]+$/.test(name))) return names
  throw new ConfigError(`${JSON.stringify(key)} is no path of names with dots, such as "{.credential.access_token}"`)
}

/** A field; `''` is absent. @throws {@link ConfigError} */
function textOf(config: Config, name: string): string | undefined {
  const value: unknown = Object.hasOwn(config, name) ? config[name] : undefined
  if (value === undefined || value === '') return undefined
  if (typeof value === 'string') return value
  throw new ConfigError(`${JSON.stringify(name)} is no text`)
}
