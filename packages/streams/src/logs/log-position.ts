/** A time as the kubelet writes it: seconds since 1970, and nanoseconds. */
interface LogTime {
  readonly seconds: number
  readonly nanoseconds: number
}

/** How far a log has been read: the time of its last line, and how many lines of that time there were. */
export class LogPosition {
  #time: LogTime | undefined
  #text = ''
  #count = 0
  #toSkip = 0

  /** RFC 3339; where to begin again. */
  get sinceTime(): string | undefined {
    return this.#time === undefined ? undefined : this.#text
  }

  /** The server begins again at a whole second: lines of the time reached come once more. */
  restart(): void {
    this.#toSkip = this.#count
  }

  /** Whether a line is one that was not seen before. */
  advance(timeText: string): boolean {
    const time = parseTime(timeText)
    if (time === undefined) return true
    const order = this.#time === undefined ? 1 : compare(time, this.#time)
    if (order < 0) return false
    if (order > 0) {
      this.#time = time
      this.#text = timeText
      this.#count = 1
      this.#toSkip = 0
      return true
    }
    if (this.#toSkip > 0) {
      this.#toSkip -= 1
      return false
    }
    this.#count += 1
    return true
  }
}

function parseTime(text: string): LogTime | undefined {
  const [, start = '', fraction = '', zone = ''] =
    /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/.exec(text) ?? []
  const milliseconds = Date.parse(start + zone)
  if (Number.isNaN(milliseconds)) return undefined
  return { seconds: milliseconds / 1000, nanoseconds: Number(fraction.padEnd(9, '0')) }
}

function compare(a: LogTime, b: LogTime): number {
  return a.seconds - b.seconds || a.nanoseconds - b.nanoseconds
}
