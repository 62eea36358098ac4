import { ConfigError } from '@kubeclient/core/spec'

/** What is in them is looked at when they are used: they may change. @throws {@link ConfigError} */
export function checkSource(caller: string, source: unknown): void {
  if (source === undefined || typeof source === 'function') return
  if (typeof source === 'object' && source !== null) return
  throw new ConfigError(
    `${caller}: "credentials" are an object with accessKeyId and secretAccessKey, or a function for one`,
  )
}
