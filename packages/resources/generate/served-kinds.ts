import type { Served } from '@kubeclient/type-generator'
import type { GroupVersionKind, OpenApiDocument } from './documents.ts'

interface Operation {
  readonly 'x-kubernetes-group-version-kind'?: GroupVersionKind
}

/** Where each kind is served, by `apps/v1/Deployment`: its collection's path says all of it. */
export function servedKinds({ paths }: OpenApiDocument): Map<string, Served> {
  const served = new Map<string, Served>()
  for (const [path, item] of Object.entries(paths)) {
    const [, inNamespace, resource] =
      /^\/(?:api|apis\/[^/]+)\/[^/]+(\/namespaces\/\{namespace\})?\/([a-z0-9]+)$/.exec(path) ?? []
    const operation = (item['post'] ?? item['get']) as Operation | undefined // OpenAPI's path item
    const gvk = operation?.['x-kubernetes-group-version-kind']
    if (resource === undefined || gvk === undefined) continue
    const key = `${gvk.group === '' ? '' : `${gvk.group}/`}${gvk.version}/${gvk.kind}`
    // The list of all namespaces comes without a namespace.
    const namespaced = inNamespace !== undefined || served.get(key)?.namespaced === true
    served.set(key, {
      resource,
      namespaced,
      createOnly: item['get'] === undefined && served.get(key)?.createOnly !== false,
    })
  }
  return served
}
