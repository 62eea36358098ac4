import type { KubeconfigDocument } from './document.ts'

/** As kubectl merges the files of $KUBECONFIG: the first that has an entry wins it whole, field by field nothing is mixed. */
export function mergeDocuments(documents: readonly KubeconfigDocument[]): KubeconfigDocument {
  const currentContext = documents.find((document) => document.currentContext !== undefined)?.currentContext
  return {
    clusters: firstOfEach(documents.map(({ clusters }) => clusters)),
    users: firstOfEach(documents.map(({ users }) => users)),
    contexts: firstOfEach(documents.map(({ contexts }) => contexts)),
    ...(currentContext !== undefined && { currentContext }),
  }
}

function firstOfEach<T>(maps: readonly ReadonlyMap<string, T>[]): ReadonlyMap<string, T> {
  const merged = new Map<string, T>()
  for (const [name, entry] of maps.flatMap((map) => [...map])) {
    if (!merged.has(name)) merged.set(name, entry)
  }
  return merged
}
