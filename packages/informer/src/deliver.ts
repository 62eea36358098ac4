import type { KubeObject } from '@kubeclient/core'
import type { ChangeQueue } from './change-queue.ts'
import type { InformerChange, InformerHandlers } from './informer.ts'
import { rethrow } from './rethrow.ts'

/** Calls handlers for changes, one at a time, until the queue ends. */
export async function deliver<O extends KubeObject>(
  queue: ChangeQueue<O>,
  handlers: InformerHandlers<O>,
): Promise<void> {
  for (;;) {
    let change: InformerChange<O>
    try {
      const result = await queue.next()
      if (result.done === true) return
      change = result.value
    } catch (error) {
      rethrow(error) // the informer failed for good, and handlers have no other place to learn it
      return
    }
    try {
      await call(handlers, change)
    } catch (error) {
      rethrow(error)
    }
  }
}

function call<O>(handlers: InformerHandlers<O>, change: InformerChange<O>): void | Promise<void> {
  switch (change.type) {
    case 'added':
      return handlers.added?.(change.object)
    case 'updated':
      return handlers.updated?.(change.object, change.previous)
    case 'deleted':
      return handlers.deleted?.(change.object, { finalStateUnknown: change.finalStateUnknown })
  }
}
