/** A collection and its history, without a wire. */
export class SimulatedServer {
  revision = 100
  compacted = 0
  readonly objects = new Map<string, number>()
  readonly #log: LogEntry[] = []

  write(key: string): void {
    this.revision += 1
    this.#log.push({ revision: this.revision, key, deleted: false })
    this.objects.set(key, this.revision)
  }

  delete(key: string): void {
    if (!this.objects.delete(key)) return
    this.revision += 1
    this.#log.push({ revision: this.revision, key, deleted: true })
  }

  compact(): void {
    this.compacted = this.revision
  }

  since(revision: number): readonly LogEntry[] {
    return this.#log.filter((entry) => entry.revision > revision)
  }
}

export interface LogEntry {
  readonly revision: number
  readonly key: string
  readonly deleted: boolean
}
