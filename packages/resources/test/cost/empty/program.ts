import { createClient } from '@kubeclient/core'

const client = createClient({ server: 'https://127.0.0.1:6443' })
console.log((await client.resource('pods').list()).items.length)
