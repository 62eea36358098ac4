import { isForbidden } from '@kubeclient/core'
import { Pod } from './sample-kinds.ts'
import { client } from './client.ts'

const jane = client.with({
  impersonate: { user: 'jane', groups: ['dev'] },
  namespace: 'team-a',
  headers: { 'x-audit': 'yes' },
})
const pods = await jane
  .resource(Pod)
  .list()
  .catch((error: unknown) => {
    if (isForbidden(error)) return undefined
    throw error
  })
console.log(pods?.items.length ?? 'not allowed')
