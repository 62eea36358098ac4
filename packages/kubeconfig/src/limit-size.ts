import { type Source, fault } from './place.ts'

/** Our own decoder goes 7 deep; the rest is for `extensions`, which plugins may walk. */
const maxDepth = 64
/** Characters and values, each part counted wherever it is used. Three times what a file may have. */
const maxSize = 32 * 1024 * 1024

/**
 * Refuses data that is nested without end, or that would be too large if what YAML anchors share were written out, as it is in
 * JSON. Shared parts are walked once.
 *
 * @throws {@link ConfigError}
 */
export function limitSize(data: unknown, source: Source): void {
  const refuse = (text: string): Error => fault({ source, path: [], subject: 'the kubeconfig' }, text)
  const sizes = new WeakMap<object, number>()
  const sizeOf = (value: unknown, depth: number): number => {
    if (typeof value === 'string') return value.length + 1
    if (typeof value !== 'object' || value === null) return 1
    const known = sizes.get(value)
    if (known !== undefined) return known
    if (depth > maxDepth) throw refuse(`is nested more than ${maxDepth} levels deep, or contains itself`)
    let size = 1
    for (const [name, part] of Object.entries(value)) size += name.length + sizeOf(part, depth + 1)
    if (size > maxSize) throw refuse('repeats so much by YAML aliases that it is too large')
    sizes.set(value, size)
    return size
  }
  sizeOf(data, 0)
}
