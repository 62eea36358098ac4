import type { KubeObject, ObjectMeta } from '../spec/object.ts'
import type { WatchEvent } from './watch-event.ts'

/**
 * The objects that a watch begins with, which come as ADDED, until they are complete. If the connection is lost meanwhile they
 * all come once more: then the reader sees what is new to him, what has changed, and, when they are complete, what is gone.
 */
export class InitialState<O extends KubeObject> {
  #seen = new Map<string, Trace>()
  /** Seen before, and not since they began to come again. */
  #missing = new Map<string, Trace>()

  add(object: O): readonly WatchEvent<O>[] {
    const key = JSON.stringify([object.metadata?.namespace, object.metadata?.name])
    const before = this.#missing.get(key)
    const trace = traceOf(object)
    this.#seen.set(key, trace)
    this.#missing.delete(key)
    if (before === undefined) return [{ type: 'ADDED', object }]
    const { uid, resourceVersion } = trace.metadata
    if (before.metadata.uid !== uid) return [deleted(before), { type: 'ADDED', object }]
    return before.metadata.resourceVersion === resourceVersion ? [] : [{ type: 'MODIFIED', object }]
  }

  /** The connection was lost. */
  beginAgain(): void {
    // An object that was missing already, and has not come before this connection was lost too, still is.
    this.#missing = new Map([...this.#missing, ...this.#seen])
    this.#seen = new Map()
  }

  /** All have come. */
  complete(): readonly WatchEvent<O>[] {
    return [...this.#missing.values()].map((trace) => deleted<O>(trace))
  }
}

/** What is kept of an object: whole ones would fill memory with a state that the reader may only be counting. */
type Trace = KubeObject & { metadata: ObjectMeta }

function traceOf({ apiVersion, kind, metadata }: KubeObject): Trace {
  const { name, namespace, uid, resourceVersion, creationTimestamp, labels } = metadata ?? {}
  const kept = { name, namespace, uid, resourceVersion, creationTimestamp, labels }
  return { apiVersion, kind, metadata: kept } as Trace // what the object does not have is undefined instead of absent
}

function deleted<O extends KubeObject>(trace: Trace): WatchEvent<O> {
  return { type: 'DELETED', object: trace as KubeObject as O } // its last state is not known; `watch` says so
}
