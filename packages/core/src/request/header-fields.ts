import { InvalidRequestError } from '../spec/errors.ts'

/** RFC 9110 section 5.1. */
const fieldName = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/
/** RFC 9110 section 5.5: no control characters, which could begin another header, and nothing beyond a byte. */
const fieldValue = /^[\t\u0020-\u007e\u0080-\u00ff]*$/

/**
 * Headers that a caller gives, under lower-case names: otherwise one could be sent beside ours of the same name.
 *
 * @throws {@link InvalidRequestError} for one that cannot be sent; never quotes its value
 */
export function headerFields(headers: Readonly<Record<string, string>> | undefined): Readonly<Record<string, string>> {
  if (headers === undefined) return {}
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => {
      if (!fieldName.test(name)) throw new InvalidRequestError(`${JSON.stringify(name)} is no name of a header`)
      if (typeof value !== 'string' || !fieldValue.test(value)) {
        throw new InvalidRequestError(`the value of the header ${JSON.stringify(name)} cannot be sent in one`)
      }
      return [name.toLowerCase(), value]
    }),
  )
}
