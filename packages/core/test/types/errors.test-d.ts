import { isAlreadyExists, isKubeError, isNotFound } from '@kubeclient/core'
import { ConfigMap } from './sample-kinds.ts'
import { client } from './client.ts'

export function explain(error: unknown): string {
  if (isNotFound(error)) return `no ${error.details?.kind ?? 'object'} ${error.details?.name ?? ''}`
  if (isKubeError(error, 'KUBE_TRANSPORT') && error.maybeApplied) return `read before you repeat: ${error.request.url}`
  if (!isKubeError(error)) return String(error)
  switch (error.code) {
    case 'KUBE_API':
      return `${error.status} ${error.reason ?? ''} ${error.causes.map((cause) => cause.field).join()}`
    case 'KUBE_CREDENTIALS':
      return `cannot sign in with ${error.provider}`
    case 'KUBE_NO_MATCH':
      return `the server has no ${error.ref}`
    default:
      return error.message
  }
}

const maps = client.resource(ConfigMap)
await maps.create({ metadata: { name: 'once' } }).catch((error: unknown) => {
  if (!isAlreadyExists(error)) throw new Error(explain(error), { cause: error })
})
