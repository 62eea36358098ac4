import { type Source, fault } from './place.ts'

/** Our own decoder goes 7 deep; the rest is for `extensions`, which plugins may walk. */
const maxDepth = 64

/** Refuses data that is nested without end, as YAML anchors allow. Shared parts are walked once. @throws {@link ConfigError} */
export function limitDepth(data: unknown, source: Source): void {
  const finished = new WeakSet()
  const walk = (value: unknown, depth: number): void => {
    if (typeof value !== 'object' || value === null || finished.has(value)) return
    if (depth > maxDepth) {
      throw fault(
        { source, path: [], subject: 'the kubeconfig' },
        `is nested more than ${maxDepth} levels deep, or contains itself`,
      )
    }
    for (const part of Object.values(value)) walk(part, depth + 1)
    finished.add(value)
  }
  walk(data, 0)
}
