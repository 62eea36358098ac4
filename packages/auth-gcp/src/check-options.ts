import { ConfigError } from '@kubeclient/core/spec'
import { fieldsOf } from './fields-of.ts'

/** @throws {@link ConfigError} for what cannot work. */
export function checkOptions(caller: string, options: unknown): void {
  if (typeof options !== 'object' || options === null) throw new ConfigError(`${caller}: the options are an object`)
  const { scopes, authClient, timeoutMs } = fieldsOf(options)
  if (scopes !== undefined && !isTextList(scopes)) throw new ConfigError(`${caller}: "scopes" is a list of URLs`)
  if (authClient !== undefined && typeof Object(authClient).getAccessToken !== 'function')
    throw new ConfigError(
      `${caller}: "authClient" is a client of google-auth-library, such as a JWT or an OAuth2Client`,
    )
  if (timeoutMs !== undefined && !isDuration(timeoutMs))
    throw new ConfigError(`${caller}: "timeoutMs" is a number of milliseconds from 1 on`)
}

function isTextList(value: unknown): boolean {
  return Array.isArray(value) && value.every((scope) => typeof scope === 'string' && scope !== '')
}

function isDuration(value: unknown): boolean {
  return typeof value === 'number' && value >= 1 && value <= 2 ** 31 - 1
}
