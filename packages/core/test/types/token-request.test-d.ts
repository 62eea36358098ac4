import { ServiceAccount } from './sample-kinds.ts'
import { client } from './client.ts'

const tokens = client.resource(ServiceAccount).subresource('token')
const { status } = await tokens.create('builder', { spec: { audiences: ['registry'], expirationSeconds: 3600 } })
console.log(status.token.length, new Date(status.expirationTimestamp))
