import { allNamespaces, type Client, isForbidden } from '@kubeclient/core'
import type { Narrator } from './narrator.ts'

/** Looks at a cluster: its version, its kinds, its namespaces, its pods. Reads only. */
export async function lookAround(client: Client, { step }: Narrator): Promise<void> {
  step('version', `Kubernetes ${(await client.version()).gitVersion}`)
  step('discover', await whatIsServed(client))
  step('list', `namespaces: ${await unlessForbidden(namespaceNames(client))}`)
  step('count', `pods, page by page: ${await unlessForbidden(podCount(client))}`)
}

async function whatIsServed({ discovery }: Client): Promise<string> {
  const [resources, groups] = await Promise.all([discovery.resources(), discovery.groups()])
  const kinds = new Set(resources.map(({ group, kind }) => `${kind}.${group}`))
  return `${kinds.size} kinds in ${groups.length} groups`
}

async function namespaceNames(client: Client): Promise<string> {
  const { items } = await client.resource('namespaces').list()
  const names = items.map(({ metadata }) => metadata.name)
  const shown = 8
  return names.length > shown ? `${names.slice(0, shown).join(', ')} … ${names.length} in all` : names.join(', ')
}

async function podCount(client: Client): Promise<string> {
  let count = 0
  const pods = client.resource('pods', { namespace: allNamespaces }).metadata() // names and labels only
  for await (const page of pods.pages()) count += page.items.length
  return String(count)
}

/** Not everybody may read everything, and the rest is worth seeing. */
async function unlessForbidden(answer: Promise<string>): Promise<string> {
  try {
    return await answer
  } catch (error) {
    if (isForbidden(error)) return 'you may not (403 Forbidden)'
    throw error
  }
}
