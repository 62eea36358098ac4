import type { Backend } from './backend.ts'
import { followDefinitions } from './custom-resource-definitions.ts'
import { finishNamespaces } from './empty-namespace.ts'
import { createResourceCatalogue } from './resource-catalogue.ts'
import { createStore } from './store.ts'

export interface OwnedBackend extends Backend {
  /** Forgets the tasks that have not run yet. */
  readonly stop: () => void
}

/** The store, the catalogue, and the little that controllers do. */
export function createBackend({ now }: { readonly now: () => Date }): OwnedBackend {
  const store = createStore()
  const catalogue = createResourceCatalogue()
  const tasks = new Set<NodeJS.Immediate>()
  const soon = (task: () => void): void => {
    const immediate = setImmediate(() => {
      tasks.delete(immediate)
      task()
    })
    tasks.add(immediate)
  }
  const backend: Backend = { store, catalogue, now, soon }

  store.subscribe(() => {
    const event = store.eventAt(store.revision())
    if (event === undefined) return
    followDefinitions(backend, event)
    if (event.type === 'DELETED' && event.object.metadata.namespace !== undefined) soon(() => finishNamespaces(backend))
  })
  return {
    ...backend,
    stop() {
      for (const task of tasks) clearImmediate(task)
    },
  }
}
