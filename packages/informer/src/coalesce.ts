import type { InformerChange } from './informer.ts'

type Changes<O> = readonly InformerChange<O>[]

/**
 * The changes of one object that a subscriber has not seen, with one more: as few as tell the same. Two at most: that it went
 * and that it came again.
 */
export function coalesce<O>(pending: Changes<O>, change: InformerChange<O>): Changes<O> {
  const last = pending.at(-1)
  if (last === undefined) return [change]
  const before = pending.slice(0, -1)
  switch (last.type) {
    case 'added':
      // Never seen, so it need not go.
      return change.type === 'deleted' ? before : [...before, { type: 'added', object: change.object }]
    case 'updated':
      return [...before, change.type === 'deleted' ? change : { ...last, object: change.object }]
    default:
      return [...pending, change]
  }
}
