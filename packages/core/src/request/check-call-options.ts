import { InvalidRequestError } from '../spec/errors.ts'
import type { CallOptions } from './options.ts'

/** What a program without types can pass: taken for nothing, it would be another call. @throws {@link InvalidRequestError} */
export function checkCallOptions(options: CallOptions): void {
  checkIsObject(options)
  const { signal, timeoutMs } = options
  if (signal !== undefined && typeof signal?.throwIfAborted !== 'function') {
    throw new InvalidRequestError('`signal` is no AbortSignal: that of an AbortController is `controller.signal`')
  }
  if (timeoutMs === undefined || (typeof timeoutMs === 'number' && timeoutMs >= 0)) return
  throw new InvalidRequestError(`\`timeoutMs\` is ${String(timeoutMs)}: it must be a number of milliseconds, 0 or more`)
}

/** A text would be a namespace that counts for nothing. @throws {@link InvalidRequestError} */
export function checkIsObject(options: object): void {
  if (typeof options === 'object' && options !== null) return
  throw new InvalidRequestError('the options of a call are an object, as in { namespace: "team-a" }')
}

/** Whether a write is to be tried only. @throws {@link InvalidRequestError} for what, taken for nothing, would be stored */
export function isRehearsal(dryRun: boolean | undefined): boolean {
  if (dryRun === undefined || typeof dryRun === 'boolean') return dryRun === true
  throw new InvalidRequestError('`dryRun` must be true or false: `All` is what the server is sent for true')
}
