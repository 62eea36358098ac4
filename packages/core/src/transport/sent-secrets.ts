import type { Credentials } from '../spec/credentials.ts'
import type { KubeRequest } from '../spec/request.ts'

const key = Symbol('sent secrets')

type Tracked = KubeRequest & { readonly [key]?: SentSecrets }

/**
 * The secrets that a request was sent with, for whoever quotes its answer: the cache may hold newer ones by then. It travels
 * with the copies that middleware makes of a request, and shows nothing when one is logged.
 */
export class SentSecrets {
  #secrets: readonly string[] | undefined

  /** `undefined`: the request has not been sent, or a middleware has made another of it. A method, which no log calls. */
  read(): readonly string[] | undefined {
    return this.#secrets
  }

  note(values: readonly string[]): void {
    this.#secrets = values
  }
}

export function track(request: KubeRequest, secrets: SentSecrets): KubeRequest {
  const tracked: Tracked = { ...request, [key]: secrets }
  return tracked
}

export function sentSecrets(request: KubeRequest): SentSecrets | undefined {
  return (request as Tracked)[key] // a property that only this file can name
}

/** What of credentials travels in a header, in each spelling in which somebody could repeat it. */
export function secretsOf({ token, basic }: Credentials): string[] {
  if (token !== undefined) return [token]
  return basic === undefined ? [] : [basicValue(basic), ...(basic.password === '' ? [] : [basic.password])]
}

/** The same of an Authorization header that somebody else has made. */
export function secretsOfHeader(authorization: string | readonly string[]): string[] {
  return [authorization].flat().flatMap((line) => {
    const [, scheme = '', value = line.trim()] = /^(\S+) +(.+)$/.exec(line.trim()) ?? []
    return [value, scheme.toLowerCase() === 'basic' ? passwordIn(value) : ''].filter((secret) => secret !== '')
  })
}

/** The value of a Basic Authorization header. @see RFC 7617 */
export function basicValue({ username, password }: NonNullable<Credentials['basic']>): string {
  const bytes = new TextEncoder().encode(`${username}:${password}`)
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
}

/** `''` when there is none. */
function passwordIn(value: string): string {
  try {
    const bytes = Uint8Array.from(atob(value), (character) => character.charCodeAt(0))
    const [, password = ''] = /^[^:]*:(.*)$/s.exec(new TextDecoder().decode(bytes)) ?? []
    return password
  } catch {
    return '' // no base64, so nothing is in it
  }
}
