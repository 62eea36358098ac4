import type { IncomingHttpHeaders } from 'node:http'

/** One request that the server got, as it came in. */
export interface RecordedRequest {
  readonly method: string
  /** Without the query; still percent-encoded. */
  readonly path: string
  /** The last value of each parameter. */
  readonly query: Readonly<Record<string, string>>
  /** Lower-case names. Credentials are masked. */
  readonly headers: Readonly<Record<string, string>>
  /** Parsed if it is JSON, else the text; undefined without a body. */
  readonly body: unknown
}

export interface RequestParts {
  readonly method: string
  readonly url: URL
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

export function recordedRequest({ method, url, headers, body }: RequestParts): RecordedRequest {
  const named = Object.entries(headers).map(([name, value]) => [name, headerText(name, value)])
  return {
    method,
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    headers: Object.fromEntries(named),
    body: body === '' ? undefined : parsed(body),
  }
}

function headerText(name: string, value: string | string[] | undefined): string {
  const text = Array.isArray(value) ? value.join(', ') : (value ?? '')
  if (name === 'cookie') return '***'
  return name === 'authorization' ? text.replace(/^(\S+)\s.*$/s, '$1 ***') : text
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return body
  }
}
