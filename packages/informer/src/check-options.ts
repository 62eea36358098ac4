import type { KubeObject } from '@kubeclient/core'
import { InvalidRequestError } from '@kubeclient/core/spec'
import type { InformerOptions } from './informer.ts'
import { matchLabels } from './match-labels.ts'

/** Here, where the mistake is, and not later by the server; and what a program without types may pass. @throws {@link InvalidRequestError} */
export function checkOptions<T extends KubeObject>(options: InformerOptions<T, string>): void {
  const { labelSelector, namespaces, transform, signal } = options
  matchLabels(labelSelector ?? '')
  // A text would be taken for its letters.
  if (namespaces !== undefined && !Array.isArray(namespaces)) throw refusal('`namespaces` is no list: name some in one')
  if (namespaces?.length === 0) throw refusal('`namespaces` is empty: leave it out, or name some')
  if (transform !== undefined && typeof transform !== 'function') throw refusal('`transform` is no function')
  if (signal !== undefined && typeof signal.addEventListener !== 'function') {
    throw refusal('`signal` is no AbortSignal: that of an AbortController is `controller.signal`')
  }
}

function refusal(message: string): InvalidRequestError {
  return new InvalidRequestError(message)
}
