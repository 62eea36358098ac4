import type { Handler, Middleware } from '../spec/middleware.ts'

/** Wraps `send` so that `middleware[0]` sees the request first and the response last. */
export function compose(middleware: readonly Middleware[], send: Handler): Handler {
  return middleware.reduceRight<Handler>((next, layer) => (request) => layer(request, next), send)
}
