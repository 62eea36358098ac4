import type { AuthInfo } from '@kubeclient/core/spec'
import { quote } from './place.ts'

/** How an entry signs in that no plugin takes, and what to install for it. `undefined`: it needs no plugin. */
export function pluginHint(
  { exec, 'auth-provider': provider }: AuthInfo,
  directory: string | undefined,
): string | undefined {
  if (exec !== undefined) {
    return `signs in with the command ${quote(exec.command)}; ${remedyForCommand(exec.command, directory)}`
  }
  if (provider !== undefined)
    return `signs in with the auth-provider ${quote(provider.name)}${remedyForProvider(provider.name)}`
  return undefined
}

function remedyForCommand(command: string, directory: string | undefined): string {
  return use('auth-exec', `execAuth({ allow: [${quote(allowed(command, directory))}] })`)
}

/** A path in the list is absolute; one in a kubeconfig is relative to its folder. */
function allowed(command: string, directory: string | undefined): string {
  const isRelative = /[/\\]/.test(command) && !/^(?:[/\\]|[A-Za-z]:)/.test(command)
  return isRelative && directory !== undefined ? `${directory}/${command.replace(/^\.[/\\]/, '')}` : command
}

function remedyForProvider(name: string): string {
  const own = 'pass a plugin of your own that takes it'
  if (name === 'gcp') {
    const run = use('auth-exec', 'execAuth({ allow: ["gke-gcloud-auth-plugin"] })')
    return `, which Kubernetes has removed; run "gcloud container clusters get-credentials" again, then ${run}; or ${own}`
  }
  if (name === 'azure') {
    const run = use('auth-exec', 'execAuth({ allow: ["kubelogin"] })')
    return `, which Kubernetes has removed; run "kubelogin convert-kubeconfig", then ${run}`
  }
  return name === 'oidc' ? `; ${use('auth-oidc', 'oidcAuth()')}` : `, which Kubernetes does not know; ${own}`
}

function use(packageName: string, plugin: string): string {
  return `npm install @kubeclient/${packageName} and pass { plugins: [${plugin}] }`
}
