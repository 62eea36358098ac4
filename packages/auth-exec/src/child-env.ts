import type { ExecConfig } from '@kubeclient/core/spec'
import type { Host } from './host.ts'

/**
 * The environment of the process, then that of the entry (the later of two wins), then KUBERNETES_EXEC_INFO, which an entry
 * cannot replace. Without a prototype: `__proto__` is a name like any other.
 */
export function childEnv(
  { env, platform }: Pick<Host, 'env' | 'platform'>,
  own: NonNullable<ExecConfig['env']>,
  info: string,
): NodeJS.ProcessEnv {
  // Windows knows no upper and lower case here, and Node would pass on the first of two spellings.
  const keyOf = (name: string): string => (platform === 'win32' ? name.toUpperCase() : name)
  const merged = new Map<string, readonly [string, string]>()
  for (const [name, value] of Object.entries(env)) {
    if (value !== undefined) merged.set(keyOf(name), [name, value])
  }
  for (const { name, value } of own) merged.set(keyOf(name), [name, value])
  merged.set('KUBERNETES_EXEC_INFO', ['KUBERNETES_EXEC_INFO', info])
  const result: NodeJS.ProcessEnv = Object.create(null) // Object.create is `any`; an object without a prototype is a ProcessEnv
  for (const [name, value] of merged.values()) result[name] = value
  return result
}
