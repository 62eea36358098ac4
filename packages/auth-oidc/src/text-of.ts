import { type AuthInfo, ConfigError } from '@kubeclient/core/spec'

/** The fields of an `auth-provider` entry. */
export type Config = NonNullable<NonNullable<AuthInfo['auth-provider']>['config']>

/** A field; `''` is absent. Whoever made the entry may not have kept to its type. @throws {@link ConfigError} */
export function textOf(config: Config, name: string): string | undefined {
  const value: unknown = typeof config === 'object' && Object.hasOwn(config, name) ? config[name] : undefined
  if (value === undefined || value === null || value === '') return undefined
  if (typeof value === 'string') return value
  throw new ConfigError(`${JSON.stringify(name)} is no text`)
}
