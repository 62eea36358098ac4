import type { ApiWarning } from '../spec/client-config.ts'
import type { Middleware } from '../spec/middleware.ts'
import { mask } from './quote.ts'
import { requestSummary } from './request-summary.ts'
import { sentSecrets } from './sent-secrets.ts'

/** How many different texts are remembered; a server that invents more is repeated rather than hoarded. */
const remembered = 1000

/**
 * Reports each `Warning: 299` text of the server once.
 *
 * @see https://kubernetes.io/docs/reference/using-api/deprecation-policy/ and RFC 7234 section 5.5
 */
export function reportWarnings(server: URL, onWarning: (warning: ApiWarning) => void): Middleware {
  const seen = new Set<string>()
  return async (request, next) => {
    const response = await next(request)
    const header = response.headers['warning']
    if (header === undefined) return response
    const secrets = sentSecrets(request)?.read() ?? []
    for (const warning of parseWarnings(typeof header === 'string' ? header : header.join(', '))) {
      const text = mask(warning.text, secrets)
      if (seen.has(text)) continue
      if (seen.size >= remembered) seen.clear()
      seen.add(text)
      void tell(onWarning, { ...warning, text, request: requestSummary(server, request) })
    }
    return response
  }
}

/** The call has succeeded, and its write been applied, whatever a callback makes of a warning: what it throws is dropped. */
async function tell(onWarning: (warning: ApiWarning) => unknown, warning: ApiWarning): Promise<void> {
  try {
    await onWarning(warning) // an async function is one that returns nothing, too
  } catch {
    // see above
  }
}

// code SP agent SP "text", where the text may hold \" and \\.
const warningValue = /(\d{3}) ([^\s"]+) "((?:[^"\\]|\\.)*)"/g

/** The 299 warnings of a header, which may hold several. */
export function parseWarnings(header: string): Omit<ApiWarning, 'request'>[] {
  return [...header.matchAll(warningValue)].flatMap(([, code, agent, text]) =>
    code === '299' && agent !== undefined && text !== undefined
      ? [{ code: 299, agent, text: text.replaceAll(/\\(.)/g, '$1') }]
      : [],
  )
}
