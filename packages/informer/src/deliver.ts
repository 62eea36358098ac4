import type { KubeObject } from '@kubeclient/core'
import type { ChangeQueue } from './change-queue.ts'
import type { InformerChange, InformerHandlers } from './informer.ts'
import { rethrow } from './rethrow.ts'

/** Calls handlers for changes, one at a time, until the queue ends. */
export async function deliver<O extends KubeObject>(
  queue: ChangeQueue<O>,
  handlers: InformerHandlers<O>,
): Promise<void> {
  try {
    while (await queue.more()) await deliverPending(queue, handlers)
  } catch (error) {
    rethrow(error) // the informer failed for good, and handlers have no other place to learn it
  }
}

/** Waits only for handlers that say so: an `await` for each change would cost half as much as parsing it. */
async function deliverPending<O extends KubeObject>(
  queue: ChangeQueue<O>,
  handlers: InformerHandlers<O>,
): Promise<void> {
  for (let change = queue.take(); change !== undefined; change = queue.take()) {
    try {
      const handling = call(handlers, change)
      if (handling !== undefined) await handling
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
