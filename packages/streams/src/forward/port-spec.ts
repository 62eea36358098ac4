import { InvalidRequestError } from '@kubeclient/core/spec'

/** `8080`, `'8888:http'`, or both by name; a local port of 0, or none, is chosen by the system. */
export type PortSpec = number | string | { readonly local?: number | undefined; readonly remote: number | string }

/** A local port, 0 for any, and the port of the target. */
export interface PortPair {
  readonly local: number
  readonly remote: number | string
}

/** As kubectl reads them: `5000` is the same on both sides, `8888:5000` and `8888:http` are not, `:5000` takes any. */
export function portPair(spec: PortSpec): PortPair {
  if (typeof spec === 'number') return { local: checkedPort(spec, 1), remote: spec }
  if (typeof spec === 'object') return { local: checkedPort(spec.local ?? 0, 0), remote: remotePort(spec.remote) }
  const [first = '', second, ...more] = spec.split(':')
  if (more.length > 0)
    throw new InvalidRequestError(`${JSON.stringify(spec)} is no port: write "5000", "8888:5000" or ":http"`)
  const remote = remotePort(second ?? first)
  if (second === undefined) return { local: typeof remote === 'number' ? remote : 0, remote }
  if (!/^\d*$/.test(first)) throw new InvalidRequestError(`${JSON.stringify(first)} is no local port: it is a number`)
  return { local: checkedPort(Number(first), 0), remote }
}

/** A number, or the name that a container or a service gives it. */
export function remotePort(port: number | string): number | string {
  if (typeof port === 'number') return checkedPort(port, 1)
  if (/^\d+$/.test(port)) return checkedPort(Number(port), 1)
  if (/^[a-z0-9-]{1,63}$/.test(port)) return port
  throw new InvalidRequestError(`${JSON.stringify(port)} is neither a port's number nor its name`)
}

function checkedPort(port: number, least: number): number {
  if (Number.isInteger(port) && port >= least && port <= 65_535) return port
  throw new InvalidRequestError(`${port} is no port: it is a whole number from ${least} to 65535`)
}
