import { Scalar, type ScalarTag, isNode } from 'yaml'

/** Entries that `<<` copies; a kubeconfig with merge keys has a few hundred. */
const maxMerged = 100_000

/**
 * The merge key as kubectl's parser has it: entries count in the order of the text, so that what is merged replaces an own
 * entry above it. Of a list of mappings the first wins. Copies no more than a kubeconfig needs, for one document.
 *
 * @param tag - the YAML parser's, which lets the own entry win wherever it is
 */
export function mergeTag(tag: ScalarTag): ScalarTag {
  let copied = 0
  const addToJSMap: Scalar['addToJSMap'] = (context, target, value) => {
    const merged: unknown = isNode(value) ? value.toJSON('', context) : value
    const sources: readonly unknown[] = Array.isArray(merged) ? merged.toReversed() : [merged]
    for (const source of sources) {
      if (typeof source !== 'object' || source === null) throw new Error('only mappings can be merged')
      const entries = Object.entries(source)
      copied += entries.length
      if (copied > maxMerged) throw new Error('too much is merged')
      for (const [name, entry] of entries) define(target, name, entry)
    }
  }
  return { ...tag, resolve: () => Object.assign(new Scalar(Symbol('<<')), { addToJSMap }) }
}

/** `__proto__` is a name like any other. */
export function define(target: object, name: string | number, value: unknown): void {
  Object.defineProperty(target, name, { value, configurable: true, enumerable: true, writable: true })
}
