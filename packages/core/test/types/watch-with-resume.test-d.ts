import { isKubeError } from '@kubeclient/core'
import { Pod } from './sample-kinds.ts'
import { readFile, writeFile } from 'node:fs/promises'
import { client } from './client.ts'

const pods = client.resource(Pod)
let resourceVersion = await readFile('version', 'utf8').catch(() => undefined)

while (true) {
  try {
    for await (const event of pods.watch({ resourceVersion, allowBookmarks: true })) {
      if (event.type === 'BOOKMARK') await writeFile('version', event.object.metadata.resourceVersion)
      else console.log(event.type, event.object.metadata.name, event.object.spec?.nodeName)
      resourceVersion = event.object.metadata.resourceVersion
    }
  } catch (error) {
    if (!isKubeError(error, 'KUBE_WATCH_EXPIRED')) throw error
    console.log('version', error.resourceVersion, 'is gone; starting over')
    resourceVersion = (await pods.list({ limit: 1 })).metadata.resourceVersion
  }
}
