import { type Client, type DynamicObject, isExpired, type Stored, type WatchEvent } from '@kubeclient/core'

type Pod = Stored<DynamicObject>

export interface FollowOptions {
  labelSelector?: string | undefined
  signal?: AbortSignal | undefined
}

/**
 * The pods of a namespace as they are, each as ADDED, and then what becomes of them. The watch survives lost connections by itself.
 * When the server has forgotten where it was, the pods are listed again, and what happened meanwhile is found by comparison.
 */
export async function* followPods(client: Client, options: FollowOptions): AsyncGenerator<WatchEvent<Pod>> {
  const pods = client.resource('pods')
  const known = new Map<string, Pod>()
  for (;;) {
    const { items, metadata } = await pods.list(options)
    for (const event of changes(known, items)) yield noted(known, event)
    try {
      const watch = pods.watch({ ...options, resourceVersion: metadata.resourceVersion })
      for await (const event of watch) yield noted(known, event)
      return
    } catch (error) {
      if (!isExpired(error)) throw error
    }
  }
}

function changes(known: ReadonlyMap<string, Pod>, items: readonly Pod[]): WatchEvent<Pod>[] {
  const uids = new Set(items.map(({ metadata }) => metadata.uid))
  const gone = [...known.values()].filter(({ metadata }) => !uids.has(metadata.uid))
  const news = items.filter(
    ({ metadata }) => known.get(metadata.uid)?.metadata.resourceVersion !== metadata.resourceVersion,
  )
  return [
    ...gone.map((object): WatchEvent<Pod> => ({ type: 'DELETED', object })),
    ...news.map((object): WatchEvent<Pod> => ({ type: known.has(object.metadata.uid) ? 'MODIFIED' : 'ADDED', object })),
  ]
}

function noted(known: Map<string, Pod>, event: WatchEvent<Pod>): WatchEvent<Pod> {
  const { type, object } = event
  if (type === 'DELETED') known.delete(object.metadata.uid)
  else known.set(object.metadata.uid, object)
  return event
}
