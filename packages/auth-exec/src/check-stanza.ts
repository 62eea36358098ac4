import { type AuthInfoContext, ConfigError, type ExecConfig } from '@kubeclient/core/spec'
import { quote } from './quote.ts'

/**
 * Refuses what would make a run impossible, or let Node's error show a value. The rest of an entry was checked when the
 * kubeconfig was read, and who reads it puts the entry's name before the message.
 *
 * @returns the folder that the command is relative to
 * @throws {@link ConfigError}
 */
export function checkStanza({ command, args = [], env = [] }: ExecConfig, { directory }: AuthInfoContext): string {
  if (directory === undefined)
    throw new ConfigError('it runs commands for kubeconfigs that are files; use loadKubeconfig() or readKubeconfig()')
  if (command === '' || command.includes('\0')) throw new ConfigError('"command" is empty or holds a NUL')
  if (args.some((arg) => arg.includes('\0'))) throw new ConfigError('"args" holds a NUL, which no argument can')
  for (const { name, value } of env) {
    if (name === '' || /[=\0]/.test(name)) throw new ConfigError('a name in "env" is empty, or holds "=" or a NUL')
    if (value.includes('\0')) throw new ConfigError(`"env" ${quote(name, 40)} holds a NUL, which no variable can`)
  }
  return directory
}
