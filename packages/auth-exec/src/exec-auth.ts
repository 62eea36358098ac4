import { ConfigError, type CredentialPlugin } from '@kubeclient/core/spec'
import { checkAllow } from './allow-list.ts'
import { checkStanza } from './check-stanza.ts'
import { execProvider } from './exec-provider.ts'
import { nodeHost } from './host.ts'
import { checkTimeout } from './run-command.ts'

export interface ExecAuthOptions {
  /**
   * Commands that a kubeconfig may run, as names or absolute paths. A name stands for the file that PATH finds for it, and
   * both sides are compared as files. `any`: whatever the author of the kubeconfig chose. Arguments and environment are still
   * the author's: do not list a shell or an interpreter.
   */
  allow: 'any' | readonly string[]
  /**
   * Ends the command, and all that it has started, after this long, in milliseconds. The client waits for 60 s at most.
   *
   * @defaultValue 55_000
   */
  timeoutMs?: number | undefined
  /** Told of the command's stderr as it comes, at most 64 KiB for each run. @defaultValue the process's stderr */
  onStderr?: ((text: string) => void) | undefined
}

/**
 * Serves `user.exec` entries: runs the command that they name, without a shell, and reads the `ExecCredential` that it prints.
 *
 * @throws {@link ConfigError} for options that cannot work
 * @see https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins
 */
export function execAuth(options: ExecAuthOptions): CredentialPlugin {
  const allow = checkAllow(options?.allow)
  const timeoutMs = checkTimeout(options.timeoutMs)
  if (options.onStderr !== undefined && typeof options.onStderr !== 'function')
    throw new ConfigError('auth-exec: "onStderr" must be a function')
  const onStderr = options.onStderr ?? ((text: string): void => void process.stderr.write(text))
  return {
    specVersion: 'v1',
    name: 'exec',
    fromAuthInfo({ exec }, context) {
      if (exec === undefined) return undefined
      const directory = checkStanza(exec, context)
      return execProvider(exec, { ...context, directory }, { allow, timeoutMs, onStderr, host: nodeHost() })
    },
  }
}
