import type { KubeObject, ResourceReader, Stored } from '@kubeclient/core'
import { InvalidRequestError, KubeError } from '@kubeclient/core/spec'
import { createInformer } from './create-informer.ts'
import type { Informer, WaitOptions } from './informer.ts'

/** Whether it is as it should be; `undefined`: it is not there. Throws to give up. */
export type Condition<T extends KubeObject> = (object: Stored<T> | undefined) => boolean

/** Options of {@link waitForCondition}. */
export interface WaitForConditionOptions extends WaitOptions {
  /** @defaultValue the resource's or the client's namespace */
  namespace?: string | undefined
  /** Give up after this long, in milliseconds. @defaultValue none */
  timeoutMs?: number | undefined
}

/** The time was over first. `cause` is what the server last refused, if it did. */
export class ConditionTimeoutError extends KubeError {
  override readonly name = 'ConditionTimeoutError'
  readonly code = 'KUBE_CONDITION_TIMEOUT'
}

/**
 * Waits until one object is as it should be, through lost connections and restarted servers; resolves with it, or with
 * `undefined` where its absence was waited for.
 *
 * @example
 * await waitForCondition(client.resource(Deployment), 'web', isRolledOut, { timeoutMs: 120_000 })
 *
 * @throws {@link ConditionTimeoutError} after `timeoutMs`, `signal.reason`, what the condition throws, and
 * {@link InvalidRequestError} for an empty name, and for a `timeoutMs` that is none
 */
export async function waitForCondition<T extends KubeObject>(
  resource: ResourceReader<T>,
  name: string,
  condition: Condition<T>,
  { namespace, timeoutMs, signal }: WaitForConditionOptions = {},
): Promise<Stored<T> | undefined> {
  if (name === '') throw new InvalidRequestError('the name to wait for is empty')
  const timeIsUp = timeoutMs === undefined ? undefined : after(timeoutMs)
  const limit = AbortSignal.any([signal, timeIsUp].filter((each) => each !== undefined))
  const informer = createInformer(resource, {
    fieldSelector: `metadata.name=${name.replaceAll(/[\\,=]/g, String.raw`\$&`)}`,
    ...(namespace !== undefined && { namespaces: [namespace] }),
  })
  try {
    return await until(informer, condition, limit)
  } catch (error) {
    throw timeIsUp?.aborted === true && error === timeIsUp.reason ? late(name, timeoutMs, informer) : error
  } finally {
    await informer.stop()
  }
}

/** The longest timer there is, almost 25 days: a longer one would fire at once. */
const longestMs = 2 ** 31 - 1

function after(timeoutMs: number): AbortSignal | undefined {
  if (typeof timeoutMs !== 'number' || !(timeoutMs >= 0)) {
    throw new InvalidRequestError(`\`timeoutMs\` is ${String(timeoutMs)}: it is a number of milliseconds, 0 or more`)
  }
  return timeoutMs > longestMs ? undefined : AbortSignal.timeout(Math.ceil(timeoutMs))
}

async function until<T extends KubeObject>(
  informer: Informer<T>,
  condition: Condition<T>,
  signal: AbortSignal,
): Promise<Stored<T> | undefined> {
  await informer.synced({ signal })
  const [present, other] = informer.list()
  if (other !== undefined) throw new InvalidRequestError('several namespaces have one of this name: give `namespace`')
  if (present === undefined && condition(undefined)) return undefined
  for await (const { type, object } of informer.changes({ signal })) {
    const now = type === 'deleted' ? undefined : object
    if (condition(now)) return now
  }
  throw new Error('the informer ended') // its source can no longer be asked
}

function late(name: string, timeoutMs: number | undefined, informer: Informer<KubeObject>): ConditionTimeoutError {
  const [object] = informer.list()
  const { state, lastError } = informer.health
  const version = object === undefined ? 'is not there' : `is at version ${object.metadata.resourceVersion}`
  const known = informer.resourceVersion === undefined ? 'was not read yet' : version
  const hint = state === 'degraded' ? ', and the server could not be read: see `cause`' : ''
  return new ConditionTimeoutError(
    `${JSON.stringify(name)} ${known}; it did not meet the condition within ${timeoutMs} ms (\`timeoutMs\`)${hint}`,
    lastError === undefined ? {} : { cause: lastError },
  )
}
