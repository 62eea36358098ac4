import { ConfigError, isKubeError } from '../spec/errors.ts'
import type { ClientConfig } from '../spec/client-config.ts'
import type { ClientCertificate } from '../spec/credentials.ts'
import { segment } from '../request/resource-path.ts'
import { certificateFault } from '../transport/check-credentials.ts'

/** The longest timer there is; a longer one would fire at once. */
const longestMs = 0x7fff_ffff

/** Numbers and texts of a configuration that would otherwise fail at the first request, or be something else in silence. */
export function checkOptions({ tls, timeouts, retry, maxRedirects, userAgent, namespace }: ClientConfig): void {
  if (tls?.ca !== undefined && typeof tls.ca !== 'function') checkCa(tls.ca)
  if (tls?.clientCertificate !== undefined) checkCertificate(tls.clientCertificate)
  within('timeouts.connectMs', timeouts?.connectMs, 1, longestMs)
  within('timeouts.responseMs', timeouts?.responseMs, 1, longestMs)
  within('maxRedirects', maxRedirects, 0, 1000)
  if (retry !== undefined && retry !== false) {
    within('retry.maxAttempts', retry.maxAttempts, 1, 1000)
    within('retry.maxDelayMs', retry.maxDelayMs, 0, longestMs)
    within('retry.totalMs', retry.totalMs, 0, longestMs)
  }
  if (userAgent !== undefined && !visible.test(userAgent)) {
    throw new ConfigError('`userAgent` holds what no header can: it is text such as "inventory/1.0"')
  }
  if (namespace !== undefined) checkNamespace(namespace)
}

const visible = /^[\u0021-\u007e](?:[\u0020-\u007e]*[\u0021-\u007e])?$/

/** An empty one would be taken for none, and every CA of the system be trusted. */
function checkCa(ca: string): void {
  if (typeof ca === 'string' && ca.includes('-----BEGIN ')) return
  throw new ConfigError('`tls.ca` is no PEM: it must hold certificates, and not their path or base64')
}

function checkCertificate(certificate: ClientCertificate): void {
  const fault = certificateFault(certificate)
  if (fault !== undefined) throw new ConfigError(`\`tls.clientCertificate\` cannot be used: ${fault}`)
}

function within(name: string, value: number | undefined, least: number, most: number): void {
  if (value === undefined || (value >= least && value <= most)) return
  throw new ConfigError(`\`${name}\` is ${value}: it must be a number from ${least} to ${most}`)
}

/** A namespace of the configuration is one of every request. */
function checkNamespace(namespace: string): void {
  try {
    segment(namespace, 'namespace')
  } catch (error) {
    if (!isKubeError(error)) throw error
    throw new ConfigError(`\`namespace\` cannot be used: ${error.message}`)
  }
}
