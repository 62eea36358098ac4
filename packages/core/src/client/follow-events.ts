import type { KubeObject } from '../spec/object.ts'
import { decide, type ResumeState } from './resume-policy.ts'
import { ResumePoint } from './resume-point.ts'
import { WatchConnection } from './watch-connection.ts'
import type { BookmarkEvent, WatchEvent } from './watch-event.ts'
import type { WatchPlan } from './watch-plan.ts'

/** What comes over connection after connection; over one where `resume` is false. Ends only by an error, or with that one. */
export async function* followEvents<O extends KubeObject>(
  plan: WatchPlan<O>,
  signal: AbortSignal,
): AsyncGenerator<WatchEvent<O> | BookmarkEvent, void, undefined> {
  const { resume = true, allowBookmarks = false } = plan.options
  const point = new ResumePoint<O>(plan.options)
  let state: ResumeState = { established: point.version !== undefined, failures: 0, shortEnds: 0 }
  for (;;) {
    const connection = new WatchConnection<O>(plan, point, signal)
    try {
      for await (const batch of connection.batches()) {
        for (const event of resume ? batch.flatMap((each) => point.pass(each)) : batch) {
          if (event.type !== 'BOOKMARK') yield { type: event.type, object: plan.shaped(event.object) }
          else if (allowBookmarks) yield event
          signal.throwIfAborted() // more events may have arrived before the abort
        }
      }
      if (!resume) return
    } catch (error) {
      if (!resume || signal.aborted || plan.session.closed) throw error
      connection.error = error
    }
    state = await untilNext(plan, connection, state, signal)
    point.lost()
  }
}

/** Waits as long as the next connection should. @throws what ended the last one, if there should be no other */
async function untilNext<O extends KubeObject>(
  { session }: WatchPlan<O>,
  connection: WatchConnection<O>,
  before: ResumeState,
  signal: AbortSignal,
): Promise<ResumeState> {
  const decision = decide(before, connection, session.effects.random)
  if (decision.action === 'fail') throw connection.error
  if (decision.action === 'expire') throw connection.forgotten()
  try {
    await session.effects.sleep(decision.delayMs, signal)
  } catch (error) {
    if (!session.closed) throw error // else the next connection says that the client is closed
  }
  return decision.state
}
