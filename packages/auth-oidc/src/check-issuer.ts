import { ConfigError } from '@kubeclient/core/spec'

/** Messages quote it whole; no real one comes near. */
const maxLength = 2048

/**
 * The issuer as a URL that tokens may be sent to.
 *
 * @param name - what the user calls the field; no message holds its value, which may be somebody's mistake
 * @throws {@link ConfigError}
 * @see https://openid.net/specs/openid-connect-discovery-1_0.html#IssuerDiscovery
 */
export function checkIssuer(issuer: string | URL, name: string): URL {
  if (String(issuer).length > maxLength) throw new ConfigError(`${name} is longer than 2,048 characters`)
  if (/[\s\p{C}]/u.test(String(issuer))) throw new ConfigError(`${name} holds blanks or control characters`)
  const url = URL.canParse(String(issuer)) ? new URL(issuer) : undefined
  if (url === undefined) throw new ConfigError(`${name} is no URL; it looks like https://login.example.com`)
  if (url.username !== '' || url.password !== '')
    throw new ConfigError(`${name} holds a user name or password; a public address needs none`)
  if (url.search !== '' || url.hash !== '' || url.pathname.includes('/.well-known/'))
    throw new ConfigError(`${name} is the issuer alone, without "/.well-known/…", "?" and "#"`)
  if (isClearText(url))
    throw new ConfigError(`${name} is not https, so everybody on the way could read the tokens; write https://`)
  return url
}

/** Anything but https, save http on this machine, where nobody is on the way. */
export function isClearText({ protocol, hostname }: URL): boolean {
  if (protocol === 'https:') return false
  return protocol !== 'http:' || !/^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(hostname)
}
