import {
  allNamespaces,
  type AnyKubeError,
  type Client,
  type DynamicObject,
  isKubeError,
  type PageOptions,
  type Stored,
} from '@kubeclient/core'

export interface Everything {
  objects: Stored<DynamicObject>[]
  /** What is missing from `objects`, and why. */
  failures: { what: string; error: AnyKubeError }[]
}

/** The objects of every kind in every namespace, each kind in the version that the server likes best. */
export async function allObjects(client: Client, options: PageOptions = {}): Promise<Everything> {
  const { objects, failures }: Everything = { objects: [], failures: [] }
  const attempt = async (what: string, work: () => Promise<void>): Promise<void> => {
    try {
      await work()
    } catch (error) {
      if (!isKubeError(error)) throw error // an abort of the caller's ends it all
      failures.push({ what, error })
    }
  }
  // Fails with the name of every version that does not answer; below, group by group, the others are still read.
  await attempt('discovery', async () => void (await client.discovery.resources()))
  for (const { name: group } of await client.discovery.groups()) {
    await attempt(group, async () => {
      const served = await client.discovery.resources({ group, verb: 'list' })
      for (const [info] of Map.groupBy(served, ({ resource }) => resource).values()) {
        if (info === undefined) continue
        await attempt(`${info.resource} in ${info.apiVersion}`, async () => {
          const kind = client.resource(info, { namespace: allNamespaces })
          for await (const object of kind.items(options)) objects.push(object)
        })
      }
    })
  }
  return { objects, failures }
}
