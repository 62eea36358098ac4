/** What a plugin promises. Each is a name that a message begins with. */
export type Rule =
  | 'interface'
  | 'declines'
  | 'accepts'
  | 'fails'
  | 'credentials'
  | 'expiry'
  | 'refresh'
  | 'concurrency'
  | 'abort'
  | 'time'
  | 'isolation'
  | 'directory'
  | 'hostile'
  | 'errors'
  | 'secrets'

/** Broken rules. What is found in several places is told once. */
export class Findings {
  readonly #places = new Map<string, string[]>()

  /** @param text - what is wrong, and what to do about it; holds no value of an entry */
  add(rule: Rule, place: string, text: string): void {
    const key = `${rule}: ${text}`
    const places = this.#places.get(key)
    if (places === undefined) this.#places.set(key, [place])
    else if (!places.includes(place)) places.push(place)
  }

  get isEmpty(): boolean {
    return this.#places.size === 0
  }

  throwIfAny(plugin: string): void {
    if (this.isEmpty) return
    const lines = [...this.#places].map(([key, [first, ...others]]) => {
      return `- ${key} (${first}${others.length === 0 ? '' : `, and ${others.length} more`})`
    })
    throw new Error(`The credential plugin ${plugin} breaks what it promises:\n${lines.join('\n')}`)
  }
}
