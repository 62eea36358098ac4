import { createClient, type Middleware } from '@kubeclient/core'
import { AsyncLocalStorage } from 'node:async_hooks'

const traceparent = new AsyncLocalStorage<string>()

const tracing: Middleware = async (request, next) => {
  const parent = traceparent.getStore()
  const start = performance.now()
  const traced = parent === undefined ? request : { ...request, headers: { ...request.headers, traceparent: parent } }
  const response = await next(traced)
  const span =
    request.operation === undefined ? request.path : `${request.operation.verb} ${request.operation.resource}`
  console.log(span, response.status, response.headers['audit-id'], performance.now() - start)
  return response
}

const client = createClient({ server: 'https://api', credentials: { token: 'abc' }, middleware: [tracing] })
await client.version()
