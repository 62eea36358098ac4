import { InvalidRequestError } from '../spec/errors.ts'
import type { RequestHeaders } from '../spec/request.ts'

/**
 * Headers over others of the same names. Who names a user to impersonate names all of it, as with client-go: the groups of
 * one user are not those of another.
 */
export function headersOver(beneath: RequestHeaders, own: RequestHeaders): RequestHeaders {
  if (own['impersonate-user'] === undefined) return { ...beneath, ...own }
  const others = Object.entries(beneath).filter(([name]) => !name.startsWith('impersonate-'))
  return { ...Object.fromEntries(others), ...own }
}

/** RFC 9110 section 5.1. */
const fieldName = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/
/**
 * RFC 9110 section 5.5: no control characters, which could begin another header, and nothing beyond a byte. Blanks at its
 * ends are not part of a value: the server would read another.
 */
const fieldValue = /^(?![\t ])[\t\u0020-\u007e\u0080-\u00ff]*(?<![\t ])$/
/** Where the API server takes an empty value for none at all, or for a group of that name. */
const neverEmpty = new Set(['impersonate-user', 'impersonate-uid', 'impersonate-group'])

/**
 * Headers that a caller gives, under lower-case names: otherwise one could be sent beside ours of the same name.
 *
 * @throws {@link InvalidRequestError} for one that cannot be sent; never quotes its value
 */
export function headerFields(headers: Readonly<Record<string, string>> | undefined): Readonly<Record<string, string>> {
  if (headers === undefined) return {}
  const fields = new Map<string, string>()
  for (const [given, value] of Object.entries(headers)) {
    if (!fieldName.test(given)) throw new InvalidRequestError(`${JSON.stringify(given)} is no name of a header`)
    const name = given.toLowerCase()
    if (typeof value !== 'string' || !fieldValue.test(value)) {
      throw new InvalidRequestError(`the value of the header "${name}" cannot be sent in one`)
    }
    if (fields.has(name)) throw new InvalidRequestError(`the header "${name}" is given twice`)
    if (value === '' && neverEmpty.has(name)) throw new InvalidRequestError(`the header "${name}" is empty`)
    fields.set(name, value)
  }
  return Object.fromEntries(fields)
}
