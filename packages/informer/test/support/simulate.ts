import type { Failure } from '../../src/classify-failure.ts'
import { reconnect, silenceMs } from '../../src/reconnect.ts'
import { type Activity, initialState, type Input, type ReconnectState } from '../../src/reconnect-state.ts'
import { type LogEntry, SimulatedServer } from './simulated-server.ts'

/** What goes wrong with one activity, after so many inputs, and what is written meanwhile. */
export interface Mishap {
  readonly after: number
  readonly outcome: 'none' | 'ended' | 'lost' | 'busy' | 'expired' | 'future' | 'refused' | 'invalid' | 'silent'
  readonly writes: readonly Write[]
  /** Milliseconds that the activity takes; negative when somebody sets the clock. */
  readonly takes: number
  readonly random: number
}

export type Write = { readonly put: string } | { readonly remove: string } | { readonly compact: true }

/** What came of a history. */
export interface Outcome {
  readonly server: SimulatedServer
  readonly copy: ReadonlyMap<string, number>
  readonly state: ReconnectState
  /** Every version that the copy was at, in order. */
  readonly versions: readonly number[]
  /** Activities that open a connection; and how many of them followed another without a wait between them. */
  readonly opened: number
  readonly longestRow: number
  readonly waits: readonly number[]
}

/** The end of an activity. */
class Interrupted extends Error {
  /** Absent: the machine has it already. */
  readonly input: Input | undefined

  constructor(input?: Input) {
    super(input?.type)
    this.input = input
  }
}

/** Runs the machine against a server in memory, in simulated time, until the history is over and the copy is complete. */
export function simulate(history: readonly Mishap[]): Outcome {
  return new Simulation(history).run()
}

const pageSize = 2
const mostActivities = 2000

class Simulation {
  readonly server = new SimulatedServer()
  readonly #history: Mishap[]
  #now = 0
  #state = initialState
  #copy = new Map<string, number>()
  #buffer = new Map<string, number>()
  readonly #versions: number[] = []
  #opened = 0
  #row = 0
  #longestRow = 0
  readonly #waits: number[] = []
  #next: Activity | undefined
  #mishap: Mishap = noMishap
  #left = 0

  constructor(history: readonly Mishap[]) {
    this.#history = [...history]
    for (const key of ['a', 'b', 'c', 'd', 'e']) this.server.write(key)
  }

  run(): Outcome {
    this.#feed({ type: 'start' })
    for (let count = 0; this.#next !== undefined && count < mostActivities; count += 1) {
      const activity = this.#next
      this.#next = undefined
      if (this.#perform(activity)) break
    }
    const [server, copy, state, versions] = [this.server, this.#copy, this.#state, this.#versions]
    return { server, copy, state, versions, opened: this.#opened, longestRow: this.#longestRow, waits: this.#waits }
  }

  /** True when there is nothing left to do. */
  #perform(activity: Activity): boolean {
    if (activity.do === 'wait') {
      this.#row = 0
      this.#waits.push(activity.ms)
      this.#now += activity.ms
      this.#feed({ type: 'waited' })
      return false
    }
    this.#opened += 1
    this.#row += 1
    this.#longestRow = Math.max(this.#longestRow, this.#row)
    this.#mishap = this.#history.shift() ?? noMishap
    this.#left = this.#mishap.after
    try {
      if (activity.do === 'list') this.#list(activity)
      else if (activity.do === 'stream') this.#stream()
      else if (activity.do === 'watch') this.#watch(Number(activity.version))
      return this.#state.phase === 'watching' && this.#next === undefined
    } catch (error) {
      if (!(error instanceof Interrupted)) throw error
      if (error.input !== undefined) this.#feed(error.input)
      return false
    }
  }

  #list({ whole }: Activity & { do: 'list' }): void {
    const snapshot = this.#entries()
    const { revision } = this.server
    this.#buffer = new Map()
    const size = whole ? snapshot.length + 1 : pageSize
    for (let from = 0; ; from += size) {
      this.#tick()
      if (from > 0 && revision < this.server.compacted) throw interruption('expired')
      for (const { key, revision: at } of snapshot.slice(from, from + size)) this.#buffer.set(key, at)
      const isLast = from + size >= snapshot.length
      this.#feed({ type: 'page', version: String(revision), isLast })
      if (isLast) return
    }
  }

  #stream(): void {
    this.#buffer = new Map()
    let { revision } = this.server
    const deliver = (entry: LogEntry): void => {
      this.#tick()
      this.#put(this.#buffer, entry)
      this.#feed({ type: 'event', version: String(entry.revision) })
    }
    // In no order of versions, as the server sends them.
    for (const entry of this.#entries().toReversed()) deliver(entry)
    for (const entry of this.server.since(revision)) {
      deliver(entry)
      revision = entry.revision
    }
    this.#tick()
    this.#feed({ type: 'bookmark', version: String(revision), endsInitial: true })
    this.#follow(revision)
  }

  #watch(version: number): void {
    if (version < this.server.compacted) throw interruption('expired')
    this.#follow(version)
  }

  #follow(version: number): void {
    let at = version
    for (;;) {
      this.#tick()
      const [entry] = this.server.since(at)
      if (entry === undefined) {
        if (this.#left <= 0 && this.#mishap.outcome === 'none') return
        this.#feed({ type: 'bookmark', version: String(at), endsInitial: false })
      } else {
        at = entry.revision
        this.#feed({ type: 'event', version: String(at) }, entry)
      }
    }
  }

  /** Time passes, others write, and when its turn has come the mishap happens. */
  #tick(): void {
    this.#now += this.#mishap.takes
    if (this.#left > 0) {
      this.#left -= 1
      return
    }
    const { outcome, writes } = this.#mishap
    this.#mishap = { ...this.#mishap, writes: [], outcome: outcome === 'silent' ? 'none' : outcome }
    for (const write of writes) this.#write(write)
    if (outcome === 'silent') this.#fallSilent()
    else if (outcome !== 'none') throw interruption(outcome)
  }

  /** Nothing comes any more, which matters only while initial events are waited for. The clock may have been set meanwhile. */
  #fallSilent(): void {
    while (this.#state.phase === 'streaming') {
      this.#now += silenceMs
      this.#feed({ type: 'checked' })
    }
    if (this.#next !== undefined) throw new Interrupted()
  }

  #write(write: Write): void {
    if ('put' in write) this.server.write(write.put)
    else if ('remove' in write) this.server.delete(write.remove)
    else this.server.compact()
  }

  #feed(input: Input, entry?: LogEntry): void {
    const before = this.#state
    const { state, store, activity } = reconnect(before, input, { now: this.#now, random: this.#mishap.random })
    this.#state = state
    if (store === 'swap') this.#copy = new Map(this.#buffer)
    if (store === 'apply' && entry !== undefined) this.#put(this.#copy, entry)
    if (state.version !== before.version) this.#versions.push(Number(state.version))
    if (activity !== undefined) this.#next = activity
  }

  #put(copy: Map<string, number>, { key, revision, deleted }: LogEntry): void {
    if (deleted) copy.delete(key)
    else copy.set(key, revision)
  }

  #entries(): LogEntry[] {
    return Array.from(this.server.objects, ([key, revision]) => ({ key, revision, deleted: false }))
  }
}

const noMishap: Mishap = { after: 0, outcome: 'none', writes: [], takes: 1, random: 0.5 }

const failures: Record<Exclude<Mishap['outcome'], 'none' | 'ended' | 'silent'>, Failure> = {
  lost: { kind: 'lost', retryAfterMs: 0 },
  busy: { kind: 'lost', retryAfterMs: 3000 },
  expired: { kind: 'expired' },
  future: { kind: 'future', retryAfterMs: 1000 },
  refused: { kind: 'refused' },
  invalid: { kind: 'invalid' },
}

function interruption(outcome: Exclude<Mishap['outcome'], 'none' | 'silent'>): Interrupted {
  if (outcome === 'ended') return new Interrupted({ type: 'ended' })
  return new Interrupted({ type: 'failed', failure: failures[outcome] })
}
