import { InvalidRequestError } from '@kubeclient/core/spec'

/** `web-0`, `pod/web-0`, `service/web`, `deployment/web`, or an object of such a kind. */
export type PortTarget =
  | string
  | {
      readonly apiVersion: string
      readonly kind: string
      readonly metadata: { readonly name: string; readonly namespace?: string | undefined }
    }

/** What a target says. */
export interface NamedTarget {
  /** As `client.resource` takes it. */
  readonly resource: string | { readonly apiVersion: string; readonly kind: string }
  readonly name: string
  readonly namespace: string | undefined
}

/** @throws {@link InvalidRequestError} for text that is no `kind/name` */
export function namedTarget(target: PortTarget): NamedTarget {
  if (typeof target !== 'string') {
    const { apiVersion, kind, metadata } = target
    return { resource: { apiVersion, kind }, name: metadata.name, namespace: metadata.namespace }
  }
  const parts = target.split('/')
  const [resource, name] = parts.length === 1 ? ['pods', target] : parts
  if (resource !== undefined && resource !== '' && name !== undefined && name !== '' && parts.length <= 2)
    return { resource, name, namespace: undefined }
  throw new InvalidRequestError(
    `${JSON.stringify(target)} is no target: write a pod's name, or "service/web", "deployment/web"`,
  )
}
