import { execAuth } from '@kubeclient/auth-exec'
import { ConfigError, type CredentialPlugin } from '@kubeclient/core/spec'

/** Runs the commands that `--allow-exec` names; without one, says that it is needed. */
export function signInPlugin(allowExec: readonly string[]): CredentialPlugin {
  if (allowExec.length > 0) return execAuth({ allow: allowExec })
  return {
    specVersion: 'v1',
    name: 'allow-exec',
    fromAuthInfo({ exec }) {
      if (exec === undefined) return undefined
      throw new ConfigError(`it signs in with a command; if that may run, give --allow-exec ${exec.command}`)
    },
  }
}
