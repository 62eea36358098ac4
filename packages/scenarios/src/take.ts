/** The first elements; then the loop is left, as `break` does. */
export async function take<T>(elements: AsyncIterable<T>, count: number): Promise<T[]> {
  const taken: T[] = []
  for await (const element of elements) {
    taken.push(element)
    if (taken.length === count) break
  }
  return taken
}

/** All elements of a loop that ends by itself. */
export async function collect<T>(elements: AsyncIterable<T>): Promise<T[]> {
  return take(elements, Number.POSITIVE_INFINITY)
}
