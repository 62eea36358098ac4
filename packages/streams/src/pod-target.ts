import { InvalidRequestError } from '@kubeclient/core/spec'

/** A pod by name in the client's namespace, or any object that names it. */
export type PodTarget =
  | string
  | { readonly metadata: { readonly name: string; readonly namespace?: string | undefined } }

/** A pod's place in the API. */
export interface PodPlace {
  readonly name: string
  readonly namespace: string
}

/**
 * Where a pod is: what the call says, else what the object says, else the client's namespace.
 *
 * @throws {@link InvalidRequestError} for names that no URL should hold
 */
export function podPlace(pod: PodTarget, own: string | undefined, client: { readonly namespace: string }): PodPlace {
  const { name, namespace } = typeof pod === 'string' ? { name: pod, namespace: undefined } : metadataOf(pod)
  if (own !== undefined && namespace !== undefined && own !== namespace)
    throw new InvalidRequestError(
      `the pod ${JSON.stringify(name)} is in the namespace ${JSON.stringify(namespace)}, and the call names ${JSON.stringify(own)}`,
    )
  return {
    name: checkedName(name, 'name of the pod'),
    namespace: checkedName(own ?? namespace ?? client.namespace, 'namespace'),
  }
}

/** A subresource of a pod. */
export function podPath({ name, namespace }: PodPlace, subresource: string): string {
  return `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(name)}/${subresource}`
}

function metadataOf(pod: Exclude<PodTarget, string> | undefined): Exclude<PodTarget, string>['metadata'] {
  if (pod?.metadata !== undefined) return pod.metadata
  throw new InvalidRequestError('the pod is neither a name nor an object with metadata')
}

function checkedName(name: unknown, what: string): string {
  if (typeof name === 'string' && name !== '' && !/^\.{1,2}$|[/%]|\p{Cc}/u.test(name)) return name
  throw new InvalidRequestError(`the ${what} is ${JSON.stringify(name)}: it is text, not empty, without "/" and "%"`)
}
