import type { CredentialContext } from '@kubeclient/core/spec'
import { abortable } from './abortable.ts'
import type { Fail } from './resolve-credentials.ts'

/** AWS takes a signature from the future no longer than this, in milliseconds. */
const maxAheadMs = 5 * 60_000
/** A token is taken for this long after it was signed, in milliseconds. */
const maxBehindMs = 15 * 60_000
/** Longer than an answer takes, and short where AWS cannot be reached at all. */
const timeoutMs = 3000

/**
 * After a refusal: looks at AWS's clock, since nobody says so when it is ours that is wrong.
 *
 * @throws {@link CredentialError} that says how far it is off
 */
export async function checkClock(host: string, context: CredentialContext, fail: Fail): Promise<void> {
  const theirs = await timeOf(host, context)
  if (theirs === undefined) return
  const aheadMs = context.now() - theirs
  if (aheadMs <= maxAheadMs && aheadMs >= -maxBehindMs) return
  const how = `${Math.round(Math.abs(aheadMs) / 60_000)} minutes ${aheadMs > 0 ? 'ahead of' : 'behind'}`
  throw fail(`the clock of this machine is ${how} that of ${host}, so that its tokens are not valid: set the clock`)
}

/** Milliseconds since the epoch, to the second. Any answer has it, a refusal too. */
async function timeOf(host: string, { fetch, signal }: CredentialContext): Promise<number | undefined> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)])
  try {
    const answer = await abortable(
      fetch(`https://${host}/`, { method: 'HEAD', redirect: 'manual', signal: limit }),
      limit,
    )
    const time = Date.parse(answer.headers.get('date') ?? '')
    return Number.isNaN(time) ? undefined : time
  } catch {
    signal.throwIfAborted()
    // Where AWS cannot be reached, nothing is known of its clock, and a new token is as good as it can be.
    return undefined
  }
}
