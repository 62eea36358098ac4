import type { ClusterFields, ContextFields, Entry, KubeconfigDocument, UserFields } from './document.ts'
import { type Place, fault, quote, quoteAll } from './place.ts'

/** A context with the entries that it names. */
export interface ResolvedContext {
  readonly context: Entry<ContextFields>
  readonly cluster: Entry<ClusterFields>
  /** Absent: anonymous. */
  readonly user?: Entry<UserFields>
}

/** @throws {@link ConfigError} that lists the names there are */
export function resolveContext(document: KubeconfigDocument, name: string | undefined, whole: Place): ResolvedContext {
  const context = chooseContext(document, name || undefined, whole)
  refuseBadNamespace(context)
  const cluster = clusterOf(document, context)
  const user = userOf(document, context)
  return { context, cluster, ...(user !== undefined && { user }) }
}

function chooseContext(document: KubeconfigDocument, name: string | undefined, whole: Place): Entry<ContextFields> {
  const { contexts, currentContext } = document
  const choice = contexts.size === 0 ? 'it has no contexts' : `it has the contexts ${quoteAll(contexts.keys())}`
  if (name !== undefined) {
    const context = contexts.get(name)
    if (context === undefined) throw fault(whole, `has no context ${quote(name)}; ${choice}`)
    return context
  }
  if (currentContext === undefined) {
    throw fault(
      whole,
      `has no current-context; ${choice}. Pass { context: name }, or set it: kubectl config use-context NAME`,
    )
  }
  const context = contexts.get(currentContext.name)
  if (context !== undefined) return context
  throw fault(
    currentContext.place,
    `has the current-context ${quote(currentContext.name)}, but no such context; ${choice}`,
  )
}

function clusterOf({ clusters }: KubeconfigDocument, context: Entry<ContextFields>): Entry<ClusterFields> {
  const { cluster: name } = context.fields
  if (name === undefined) throw fault(context.place, 'names no cluster; add "cluster"')
  const cluster = clusters.get(name)
  if (cluster !== undefined) return cluster
  throw fault(
    context.place,
    `names the cluster ${quote(name)}, which is not there; ${known('clusters', clusters)}`,
    'cluster',
  )
}

function userOf({ users }: KubeconfigDocument, context: Entry<ContextFields>): Entry<UserFields> | undefined {
  const { user: name } = context.fields
  if (name === undefined) return undefined
  const user = users.get(name)
  if (user !== undefined) return user
  const remedy = `${known('users', users)}. Remove "user" to be anonymous`
  throw fault(context.place, `names the user ${quote(name)}, which is not there; ${remedy}`, 'user')
}

function known(kind: string, entries: ReadonlyMap<string, unknown>): string {
  return entries.size === 0 ? `there are no ${kind}` : `the ${kind} are ${quoteAll(entries.keys())}`
}

function refuseBadNamespace({ fields: { namespace }, place }: Entry<ContextFields>): void {
  if (namespace === undefined) return
  if (namespace !== '.' && namespace !== '..' && !/[/?#%\p{Cc}]/u.test(namespace)) return
  throw fault(place, `has the namespace ${quote(namespace)}, which cannot be one`, 'namespace')
}
