import type { AuthInfo, ExecConfig } from '@kubeclient/core/spec'
import { quote } from './place.ts'

/**
 * How an entry signs in that no plugin takes, and what to install for it. `undefined`: it needs no plugin.
 *
 * @param asked - names of the plugins that did not take it
 */
export function pluginHint(
  { exec, 'auth-provider': provider }: AuthInfo,
  directory: string | undefined,
  asked: readonly string[] = [],
): string | undefined {
  if (exec !== undefined)
    return `signs in with the command ${quote(exec.command)}; ${remedyForCommand(exec, directory, asked)}`
  if (provider !== undefined)
    return `signs in with the auth-provider ${quote(provider.name)}${remedyForProvider(provider.name)}`
  return undefined
}

function remedyForCommand(exec: ExecConfig, directory: string | undefined, asked: readonly string[]): string {
  const run = use('auth-exec', `execAuth({ allow: [${quote(allowed(exec.command, directory))}] })`)
  const native = nativePlugin(exec)
  if (native === undefined || asked.includes(native)) return run
  return `${use(`auth-${native}`, `${native}Auth()`)}, which runs nothing; or ${run}`
}

/** The plugin that does in process what a command does. */
function nativePlugin({ command, args = [] }: ExecConfig): 'eks' | 'gcp' | undefined {
  const program = (command.split(/[/\\]/).at(-1) ?? '').replace(/\.exe$/i, '')
  if (program === 'gke-gcloud-auth-plugin') return 'gcp'
  const isEks = program === 'aws' ? args.includes('get-token') : eksCommands.has(program)
  return isEks ? 'eks' : undefined
}

/** The second is what it was called once. */
const eksCommands: ReadonlySet<string> = new Set(['aws-iam-authenticator', 'heptio-authenticator-aws'])

/** A path in the list is absolute; one in a kubeconfig is relative to its folder. */
function allowed(command: string, directory: string | undefined): string {
  const isRelative = /[/\\]/.test(command) && !/^(?:[/\\]|[A-Za-z]:)/.test(command)
  return isRelative && directory !== undefined ? `${directory}/${command.replace(/^\.[/\\]/, '')}` : command
}

function remedyForProvider(name: string): string {
  if (name === 'gcp') return `, which Kubernetes has removed; ${use('auth-gcp', 'gcpAuth()')}`
  if (name === 'azure') {
    const run = use('auth-exec', 'execAuth({ allow: ["kubelogin"] })')
    return `, which Kubernetes has removed; run "kubelogin convert-kubeconfig", then ${run}`
  }
  return name === 'oidc'
    ? `; ${use('auth-oidc', 'oidcAuth()')}`
    : `, which Kubernetes does not know; pass a plugin of your own that takes it`
}

function use(packageName: string, plugin: string): string {
  return `npm install @kubeclient/${packageName} and pass { plugins: [${plugin}] }`
}
