import type { KubeObject, Stored } from '@kubeclient/core'
import type { InformerChange } from '../../src/informer.ts'
import { objectKey } from '../../src/object-key.ts'

/** What a subscriber would keep, who complains about changes that cannot follow on each other. */
export class Replica<T extends KubeObject> {
  readonly objects = new Map<string, Stored<T>>()
  readonly complaints: string[] = []
  readonly #seen = new Set<string>()

  follow(change: InformerChange<Stored<T>>): void {
    const { type, object } = change
    const key = objectKey(object)
    const before = this.objects.get(key)
    if ((type === 'added') !== (before === undefined)) this.#complain(`${type} ${key} when it was ${describe(before)}`)
    if (type === 'updated' && change.previous !== before) this.#complain(`${key} was another before`)
    if (type === 'deleted') this.objects.delete(key)
    else {
      this.#checkIsNew(object)
      this.objects.set(key, object)
    }
  }

  #checkIsNew({ metadata: { uid, resourceVersion, name } }: Stored<T>): void {
    const state = `${uid} ${resourceVersion}`
    if (this.#seen.has(state)) this.#complain(`${name} at ${resourceVersion} was reported twice`)
    this.#seen.add(state)
  }

  #complain(complaint: string): void {
    this.complaints.push(complaint)
  }
}

function describe(before: unknown): string {
  return before === undefined ? 'not there' : 'there'
}
