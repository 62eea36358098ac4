import { createSecureContext } from 'node:tls'

/** Why a certificate and its key cannot be used, in words that hold neither. Goes on where `printed ` ended. */
export function keyPairFault(cert: string, key: string): string | undefined {
  if (!/-----BEGIN CERTIFICATE-----/.test(cert)) return notPem('clientCertificateData', 'CERTIFICATE', cert)
  if (!/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(key)) return notPem('clientKeyData', 'PRIVATE KEY', key)
  try {
    createSecureContext({ cert, key })
    return undefined
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'ERR_OSSL_X509_KEY_VALUES_MISMATCH')
      return 'a "clientKeyData" that is not the key of its "clientCertificateData"'
    return `a "clientCertificateData" or "clientKeyData" that cannot be used: OpenSSL answers ${typeof code === 'string' ? code : 'nothing more'}`
  }
}

function notPem(field: string, label: string, text: string): string {
  const isBase64 = /^[A-Za-z0-9+/=\s]+$/.test(text)
  return `a "${field}" without PEM text "BEGIN ${label}"${isBase64 ? '; the field takes the text itself, not base64 of it' : ''}`
}
