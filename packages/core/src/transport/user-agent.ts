import type { Middleware } from '../spec/middleware.ts'
import { version } from '../version.ts'

/** Says who asks: the application's own product first, then ours. An explicit header wins. */
export function userAgent(application: string | undefined): Middleware {
  const own = `kubeclient-js/${version}`
  const value = application === undefined ? own : `${application} ${own}`
  return (request, next) => next({ ...request, headers: { 'user-agent': value, ...request.headers } })
}
