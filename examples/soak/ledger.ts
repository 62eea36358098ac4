import type { KubeObject, Stored } from '@kubeclient/core'
import type { InformerChange } from '@kubeclient/informer'

/** What a subscriber knows, and what it has to complain about. */
export class Ledger {
  changes = 0
  /** Deletions that happened while nobody watched. */
  unseen = 0
  readonly complaints: string[] = []
  readonly #versions = new Map<string, string>()

  static of(objects: Iterable<Stored<KubeObject>>): Ledger {
    const ledger = new Ledger()
    for (const object of objects) ledger.note({ type: 'added', object })
    return ledger
  }

  note(change: InformerChange<Stored<KubeObject>>): void {
    this.changes += 1
    const { name, resourceVersion } = change.object.metadata
    const known = this.#versions.get(name)
    if ((change.type === 'added') === (known !== undefined)) this.complaints.push(`${change.type} ${name}, at ${known}`)
    if (change.type === 'deleted') {
      if (change.finalStateUnknown) this.unseen += 1
      this.#versions.delete(name)
      return
    }
    if (Number(resourceVersion) <= Number(known ?? 0))
      this.complaints.push(`${name} went from ${known} to ${resourceVersion}`)
    this.#versions.set(name, resourceVersion)
  }

  differences(wanted: readonly Stored<KubeObject>[], who: string): string[] {
    const names = new Set([...this.#versions.keys(), ...wanted.map(({ metadata }) => metadata.name)])
    const versions = new Map(wanted.map(({ metadata }) => [metadata.name, metadata.resourceVersion]))
    return [...names]
      .filter((name) => versions.get(name) !== this.#versions.get(name))
      .map((name) => `${who} has ${name} at ${this.#versions.get(name)}, the server at ${versions.get(name)}`)
  }
}
