import type { ResourceCatalogue } from './resource-catalogue.ts'
import type { Store } from './store.ts'

/** What the verbs work on. */
export interface Backend {
  readonly store: Store
  readonly catalogue: ResourceCatalogue
  readonly now: () => Date
  /** Runs soon after the answer, as the controllers of a whole cluster do their work. */
  readonly soon: (task: () => void) => void
}

export interface Answer {
  readonly status: number
  /** A string is plain text. */
  readonly body: object | string
  readonly headers?: Readonly<Record<string, string>>
}

/** RFC 3339 in whole seconds, as all timestamps of metadata are. */
export function timestamp(now: Date): string {
  return `${now.toISOString().slice(0, 19)}Z`
}
