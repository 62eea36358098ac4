import { Deployment } from './sample-kinds.ts'
import { client } from './client.ts'

export async function rolledOut(name: string, signal?: AbortSignal): Promise<number> {
  for await (const { type, object } of client.resource(Deployment).watch({ name, signal, timeoutMs: 120_000 })) {
    if (type === 'DELETED') throw new Error(`${name} was deleted`)
    const ready = object.status?.readyReplicas ?? 0
    if (ready === object.spec?.replicas && object.status?.observedGeneration === object.metadata.generation)
      return ready
  }
  throw new Error(`${name} is not ready after two minutes`)
}
