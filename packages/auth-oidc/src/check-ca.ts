import { ConfigError } from '@kubeclient/core/spec'

/** A PEM bundle, as it is. @throws {@link ConfigError} */
export function checkCa(pem: string, name: string): string {
  if (/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/.test(pem)) return pem
  throw new ConfigError(`${name} holds no certificate; it is PEM text, "-----BEGIN CERTIFICATE-----"`)
}
