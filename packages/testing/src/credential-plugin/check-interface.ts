import type { CredentialPlugin } from '@kubeclient/core/spec'
import type { Findings } from './findings.ts'

/** Whether it is a plugin at all. */
export function checkInterface(plugin: CredentialPlugin, findings: Findings): void {
  const { specVersion, name, fromAuthInfo }: Partial<Record<keyof CredentialPlugin, unknown>> = Object(plugin)
  if (typeof fromAuthInfo !== 'function') findings.add('interface', 'plugin', 'it has no function `fromAuthInfo`')
  if (specVersion !== 'v1') findings.add('interface', 'plugin', '`specVersion` is not "v1"')
  if (typeof name !== 'string' || !/^[\w.@/-]{1,64}$/.test(name))
    findings.add('interface', 'plugin', '`name` is no short name of letters, digits, ".", "-", "_", "@" and "/"')
}
