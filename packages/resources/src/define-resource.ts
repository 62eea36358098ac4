import type { KubeObject, ResourceDescriptor } from '@kubeclient/core/spec'

/**
 * A descriptor of a kind that you have written the type of yourself. With literal types for its `apiVersion` and `kind`, a
 * descriptor of another kind does not compile.
 *
 * @see https://kubernetes.io/docs/concepts/extend-kubernetes/api-extension/custom-resources/
 */
export function defineResource<T extends KubeObject>(
  descriptor: Pick<ResourceDescriptor<T>, 'apiVersion' | 'kind' | 'resource' | 'namespaced'>,
): ResourceDescriptor<T> {
  return descriptor
}
