import type { TransportFactory } from '../spec/transport.ts'
import { fetchArguments } from './fetch-arguments.ts'
import { FetchExchange } from './fetch-exchange.ts'
import { refuseForFetch } from './fetch-limits.ts'
import { transportError } from './transport-error.ts'

/** Requests over a `fetch`. Connections are its own business: it decides how many there are, and how each is verified. */
export function fetchTransport(fetch: typeof globalThis.fetch): TransportFactory {
  return (connection) => {
    refuseForFetch(connection)
    const { server } = connection
    const inFlight = new Set<FetchExchange>()
    let closing: Error | undefined

    return {
      async send(request) {
        if (closing !== undefined) throw transportError(server, request, closing, false)
        const [url, init] = fetchArguments(server, request)
        const exchange = new FetchExchange((signal) => fetch(url, { ...init, signal }), request, connection)
        inFlight.add(exchange)
        void exchange.over.then(() => inFlight.delete(exchange))
        return exchange.response
      },
      async close(reason) {
        closing = reason ?? new Error('the client is closed')
        if (reason !== undefined) for (const exchange of inFlight) exchange.abort(reason)
        await Promise.all([...inFlight].map((exchange) => exchange.over))
      },
    }
  }
}
