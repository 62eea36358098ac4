/** What a line says of its time. */
interface LogTime {
  readonly second: number
  readonly text: string
}

/**
 * How far a log has been read. The server counts whole seconds: whoever begins again gets all lines of the last one once more, so
 * the lines of that second are counted by their times. Times need not be in order.
 */
export class LogPosition {
  #last: LogTime | undefined
  /** Lines of the last second, by the text of their time. */
  #seen = new Map<string, number>()
  /** While the log is read again: lines that will come once more. */
  #again: Map<string, number> | undefined

  /** RFC 3339; where to begin again. */
  get sinceTime(): string | undefined {
    return this.#last?.text
  }

  /** Lines that were seen will come once more. */
  restart(): void {
    this.#again = new Map(this.#seen)
  }

  /** Whether the line of such a time is one that was not seen before. */
  advance(text: string): boolean {
    const second = secondOf(text)
    if (second === undefined) return true
    if (this.#again !== undefined && this.#isSeen(this.#again, { second, text })) return false
    if (this.#last === undefined || second > this.#last.second) {
      this.#last = { second, text }
      this.#seen.clear()
    }
    if (second === this.#last.second) this.#seen.set(text, (this.#seen.get(text) ?? 0) + 1)
    return true
  }

  #isSeen(again: Map<string, number>, { second, text }: LogTime): boolean {
    const count = again.get(text) ?? 0
    if (count > 0) again.set(text, count - 1)
    if (count > 0 || second < (this.#last?.second ?? second)) return true
    if (second > (this.#last?.second ?? second)) this.#again = undefined
    return false
  }
}

/** Seconds since 1970. */
function secondOf(text: string): number | undefined {
  const [, start = '', zone = ''] = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/.exec(text) ?? []
  const milliseconds = Date.parse(start + zone)
  return Number.isNaN(milliseconds) ? undefined : milliseconds / 1000
}
