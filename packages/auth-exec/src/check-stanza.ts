import { type AuthInfoContext, ConfigError, type ExecConfig } from '@kubeclient/core/spec'
import { quote } from './quote.ts'

/**
 * Refuses what is no entry at all (not every caller has read it from a kubeconfig), what would make a run impossible, and what
 * would let Node's error show a value. Who reads the kubeconfig puts the entry's name before the message.
 *
 * @returns the folder that the command is relative to
 * @throws {@link ConfigError}
 */
export function checkStanza(exec: ExecConfig, { directory }: AuthInfoContext): string {
  if (directory === undefined)
    throw new ConfigError('it runs commands for kubeconfigs that are files; use loadKubeconfig() or readKubeconfig()')
  if (!isStanza(exec)) throw new ConfigError('a field of its "exec" is missing, or of another type than it should be')
  const { command, args = [], env = [] } = exec
  if (command === '' || command.includes('\0')) throw new ConfigError('"command" is empty or holds a NUL')
  if (args.some((arg) => arg.includes('\0'))) throw new ConfigError('"args" holds a NUL, which no argument can')
  for (const { name, value } of env) {
    if (name === '' || /[=\0]/.test(name)) throw new ConfigError('a name in "env" is empty, or holds "=" or a NUL')
    if (value.includes('\0')) throw new ConfigError(`"env" ${quote(name, 40)} holds a NUL, which no variable can`)
  }
  return directory
}

function isStanza(value: unknown): value is ExecConfig {
  if (typeof value !== 'object' || value === null) return false
  const { apiVersion, command, args = [], env = [], ...rest }: Partial<Record<keyof ExecConfig, unknown>> = value
  const { installHint = '', provideClusterInfo = false, interactiveMode = 'IfAvailable' } = rest
  return (
    [apiVersion, command, installHint].every(isText) &&
    Array.isArray(args) &&
    args.every(isText) &&
    Array.isArray(env) &&
    env.every((entry: unknown) => isText(Object(entry).name) && isText(Object(entry).value)) &&
    typeof provideClusterInfo === 'boolean' &&
    (interactiveMode === 'Never' || interactiveMode === 'IfAvailable' || interactiveMode === 'Always')
  )
}

function isText(value: unknown): value is string {
  return typeof value === 'string'
}
