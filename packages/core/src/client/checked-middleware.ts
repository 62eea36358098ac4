import { ConfigError } from '../spec/errors.ts'
import type { Handler, Middleware } from '../spec/middleware.ts'
import type { KubeRequest, KubeResponse } from '../spec/request.ts'
import { abortable } from '../transport/abortable.ts'
import { type WritesUnderWay, writes } from '../transport/writes-under-way.ts'

/**
 * A middleware of the user's own: what it forgets to pass on or to return is an error that names it, and a call does not wait
 * for it beyond its signal.
 *
 * @throws {@link ConfigError} for what is no function
 */
export function checkedMiddleware(layer: Middleware, index: number, underWay: WritesUnderWay): Middleware {
  const name = `\`middleware[${index}]\``
  if (typeof layer !== 'function')
    throw new ConfigError(`${name} is no function: it is (request, next) => next(request)`)
  return async (request, next) => {
    const answer = Promise.resolve(layer(request, checkedNext(name, request, next, underWay)))
    const response: Partial<KubeResponse> | undefined = await abortable(answer, request.signal).catch(
      (error: unknown) => {
        answer.then(giveUp, () => undefined) // it may still come, and nobody would read it
        throw error
      },
    )
    if (typeof response?.status === 'number') return response as KubeResponse // the rest of what it is the type says
    throw new ConfigError(`${name} gave no response: it returns what next(request) gives, or a response of its own`)
  }
}

function giveUp(response: Partial<KubeResponse> | undefined): void {
  response?.cancel?.()
}

function checkedNext(name: string, { signal }: KubeRequest, next: Handler, underWay: WritesUnderWay): Handler {
  return async (request: KubeRequest | undefined) => {
    if (request === undefined) throw new ConfigError(`${name} passed no request on: it calls next(request)`)
    // Under a signal of the middleware's own, nobody can tell for the call how far its write has come.
    const lost = signal !== undefined && request.signal !== signal && writes(request)
    return lost ? underWay.during(signal, () => next(request)) : next(request)
  }
}
