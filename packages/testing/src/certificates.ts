import { generateKeyPair as generateKeyPairWithCallback } from 'node:crypto'
import { promisify } from 'node:util'
import type { ClientCertificate } from '@kubeclient/core/spec'

/** Signs certificates for one test server and its users. All keys are EC P-256 in PKCS #8. */
export interface CertificateAuthority {
  /** PEM. */
  readonly cert: string
  /** PEM. */
  readonly key: string
  /** Makes a key and signs a certificate for it. */
  issue(options: IssueOptions): Promise<ClientCertificate>
}

export interface IssueOptions {
  /** To Kubernetes, the name of the user. */
  commonName: string
  /** To Kubernetes, the groups of the user. */
  organizations?: readonly string[] | undefined
  /** DNS names and IP addresses: makes it a server's certificate. @defaultValue none: a client's certificate */
  sans?: readonly string[] | undefined
  /** @defaultValue an hour ago, for clocks that differ */
  notBefore?: Date | undefined
  /** @defaultValue in a year */
  notAfter?: Date | undefined
}

/** PEM: PKCS #8 and SPKI. */
export interface KeyPair {
  readonly privateKey: string
  readonly publicKey: string
}

const hour = 3_600_000
const year = 365 * 24 * hour

const generateKeyPair = promisify(generateKeyPairWithCallback)

/** An EC P-256 key pair, such as service-account tokens are signed with. */
export async function createKeyPair(): Promise<KeyPair> {
  return await generateKeyPair('ec', {
    namedCurve: 'P-256',
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  })
}

/** A certificate authority that nobody trusts until told to. Valid for ten years. */
export async function createCertificateAuthority(options: { commonName: string }): Promise<CertificateAuthority> {
  // Tests over plain http do not load the encoder.
  const { signCertificate } = await import('./sign-certificate.ts')
  const issuer = { commonName: options.commonName, ...(await createKeyPair()) }
  const self = { ...issuer, organizations: [], sans: [], notBefore: hourAgo(), notAfter: after(10 * year) }

  return {
    cert: signCertificate(self, issuer),
    key: issuer.privateKey,
    async issue({ commonName, organizations = [], sans = [], notBefore = hourAgo(), notAfter = after(year) }) {
      const { privateKey, publicKey } = await createKeyPair()
      const subject = { commonName, organizations, sans, publicKey, notBefore, notAfter }
      return { cert: signCertificate(subject, issuer), key: privateKey }
    },
  }
}

function hourAgo(): Date {
  return after(-hour)
}

function after(milliseconds: number): Date {
  return new Date(Date.now() + milliseconds)
}
