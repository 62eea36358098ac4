import { parseArgs } from 'node:util'

/** What the command line asks for. */
export type Choice = Job | { readonly kind: 'help' } | { readonly kind: 'mistake'; readonly message: string }

/** Which server, and so what is done there. */
export type Job =
  | { readonly kind: 'in-memory' | 'control-plane' }
  | { readonly kind: 'kubeconfig'; readonly path: string }

export const usage = `Usage: npm run quickstart [-- OPTION]

  (no option)         create, apply, watch, patch and delete on an API server in memory
  --control-plane     the same on a real etcd and kube-apiserver, from $KUBEBUILDER_ASSETS
  --kubeconfig PATH   look at the cluster of that kubeconfig; nothing is written
  --help              show this`

export function parseChoice(args: readonly string[]): Choice {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { 'control-plane': { type: 'boolean' }, kubeconfig: { type: 'string' }, help: { type: 'boolean' } },
    })
    return choose(values)
  } catch (error) {
    return { kind: 'mistake', message: error instanceof Error ? error.message : String(error) }
  }
}

function choose(values: {
  'control-plane'?: boolean | undefined
  kubeconfig?: string | undefined
  help?: boolean | undefined
}): Choice {
  const { 'control-plane': controlPlane, kubeconfig, help } = values
  if (help === true) return { kind: 'help' }
  if (kubeconfig === undefined) return { kind: controlPlane === true ? 'control-plane' : 'in-memory' }
  if (controlPlane === true) return { kind: 'mistake', message: '--control-plane and --kubeconfig exclude each other' }
  if (kubeconfig === '') return { kind: 'mistake', message: '--kubeconfig needs a path' }
  return { kind: 'kubeconfig', path: kubeconfig }
}
