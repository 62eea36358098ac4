import type { ExecConfig } from '@kubeclient/core/spec'
import type { Entry, UserFields } from './document.ts'
import { fault, quote } from './place.ts'

/**
 * The `exec` part of the chosen user, complete. Checked even when a token makes it unused, as kubectl does.
 *
 * @throws {@link ConfigError}
 */
export function execStanza({ fields, place }: Entry<UserFields>): ExecConfig | undefined {
  const { exec } = fields
  if (exec === undefined) return undefined
  const inner = { ...place, path: [...place.path, 'exec'] }
  const { apiVersion, command, interactiveMode: mode, ...rest } = exec
  if (command === undefined) throw fault(inner, 'its "exec" has no "command"', 'command')
  if (apiVersion === undefined || !/^client\.authentication\.k8s\.io\/v1(?:beta1)?$/.test(apiVersion)) {
    const found = apiVersion === undefined ? 'has no "apiVersion"' : `has the apiVersion ${quote(apiVersion)}`
    const known = '"client.authentication.k8s.io/v1" or "client.authentication.k8s.io/v1beta1"'
    throw fault(inner, `its "exec" ${found}; it must be ${known}, and the command must support it`, 'apiVersion')
  }
  if (rest.env?.some(({ name }) => name === '') === true)
    throw fault(inner, 'its "exec" has an "env" entry without a name', 'env')
  if (mode !== undefined && !isMode(mode)) {
    throw fault(inner, `its "exec" has the interactiveMode ${quote(mode)}; ${modes}`, 'interactiveMode')
  }
  if (mode === undefined && apiVersion.endsWith('/v1'))
    throw fault(inner, `its "exec" has no "interactiveMode"; ${modes}`, 'interactiveMode')
  return { ...rest, apiVersion, command, ...(mode !== undefined && { interactiveMode: mode }) }
}

const modes = 'it must be "Never", "IfAvailable" or "Always"'

function isMode(mode: string): mode is NonNullable<ExecConfig['interactiveMode']> {
  return mode === 'Never' || mode === 'IfAvailable' || mode === 'Always'
}
