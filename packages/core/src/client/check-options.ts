import { ConfigError, isKubeError } from '../spec/errors.ts'
import type { ClientConfig } from '../spec/client-config.ts'
import type { ClientCertificate } from '../spec/credentials.ts'
import { segment } from '../request/resource-path.ts'
import { certificateFault } from '../transport/check-credentials.ts'

/** The longest timer there is; a longer one would fire at once. */
const longestMs = 0x7fff_ffff

/** Numbers and texts of a configuration that would otherwise fail at the first request, or be something else in silence. */
export function checkOptions({
  tls,
  timeouts,
  retry,
  maxRedirects,
  userAgent,
  fieldManager,
  namespace,
}: ClientConfig): void {
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
  if (fieldManager === '') throw new ConfigError('`fieldManager` is empty: leave it out to write as kubeclient')
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

/** Of each option that nothing else looks at more closely. */
const types: Partial<Record<keyof ClientConfig, string>> = {
  tls: 'object',
  impersonate: 'object',
  allowInsecureCredentials: 'boolean',
  timeouts: 'object',
  http2: 'boolean',
  discoveryCache: 'object',
  maxRedirects: 'number',
  middleware: 'array',
  fieldManager: 'string',
  userAgent: 'string',
  onWarning: 'function',
  transport: 'function',
}

/**
 * What a program without types can pass, and what would be something else in silence: `'false'` is true to JavaScript.
 *
 * @throws {@link ConfigError}
 */
export function checkTypes(config: ClientConfig): void {
  const { tls, timeouts, retry, discoveryCache: cache, credentials } = config
  checkEach('', config, types)
  checkEach('tls.', tls, { serverName: 'string', insecureSkipVerify: 'boolean' })
  checkEach('timeouts.', timeouts, { connectMs: 'number', responseMs: 'number' })
  if (retry !== false) {
    checkType('retry', retry, 'object')
    checkEach('retry.', retry, { maxAttempts: 'number', maxDelayMs: 'number', totalMs: 'number' })
  }
  for (const name of ['get', 'set', 'delete'] as const) {
    if (cache !== undefined && typeof cache[name] !== 'function') throw wrong(`discoveryCache.${name}`, 'function')
  }
  if (typeof credentials === 'object' && credentials !== null && 'getCredentials' in credentials) {
    if (typeof credentials.getCredentials !== 'function') throw wrong('credentials.getCredentials', 'function')
    if (typeof credentials.name !== 'string') throw wrong('credentials.name', 'string') // every message about it has it
  }
}

function checkEach(path: string, options: object | undefined, wanted: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(options ?? {})) {
    if (Object.hasOwn(wanted, name)) checkType(path + name, value, wanted[name])
  }
}

function checkType(name: string, value: unknown, wanted: string | undefined): void {
  const type = value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value
  if (value !== undefined && type !== wanted) throw wrong(name, wanted)
}

function wrong(name: string, wanted: string | undefined): ConfigError {
  return new ConfigError(`\`${name}\` is of another type: it must be of the type ${wanted}`)
}
