import type { KubeObject, Stored } from '@kubeclient/core'
import { InvalidRequestError } from '@kubeclient/core/spec'
import { deepFreeze } from './deep-freeze.ts'
import type { InformerOptions } from './informer.ts'

/** What is stored of an object. @throws what `transform` throws, and {@link InvalidRequestError} when it made another object of it */
export function prepareObject<T extends KubeObject>(
  object: Stored<T>,
  { transform, freeze = false }: Pick<InformerOptions<T>, 'transform' | 'freeze'>,
): Stored<T> {
  const result = transform === undefined ? object : transformed(object, transform)
  return freeze ? deepFreeze(result) : result
}

const identity = ['name', 'namespace', 'uid', 'resourceVersion'] as const

function transformed<T extends KubeObject>(object: Stored<T>, transform: (object: Stored<T>) => Stored<T>): Stored<T> {
  const before = identity.map((field) => object.metadata[field])
  const result = transform(object)
  for (const [index, field] of identity.entries()) {
    if (result.metadata[field] !== before[index]) {
      throw new InvalidRequestError(
        `transform changed metadata.${field} of ${JSON.stringify(before[0])}, which tells objects apart: leave it as it is`,
      )
    }
  }
  return result
}
