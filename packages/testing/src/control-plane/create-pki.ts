import { randomBytes } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ClientCertificate } from '@kubeclient/core/spec'
import { type CertificateAuthority, createCertificateAuthority, createKeyPair } from '../certificates.ts'

/** What a control plane trusts and what its first users show. */
export interface Pki {
  /** Signs the API server's certificate and those of users. */
  readonly authority: CertificateAuthority
  /** In the group system:masters. */
  readonly admin: ClientCertificate
  /** Without any right. */
  readonly nobody: ClientCertificate
  /** A bearer token of a user in the group system:masters. */
  readonly token: string
}

const serverNames = [
  'localhost',
  '127.0.0.1',
  '::1',
  'kubernetes',
  'kubernetes.default',
  'kubernetes.default.svc',
  'kubernetes.default.svc.cluster.local',
  '10.96.0.1',
]

/** Makes all keys and certificates of a control plane, and writes those that the API server reads to `folder`. */
export async function createPki(folder: string): Promise<Pki> {
  const [authority, frontProxyAuthority, serviceAccount] = await Promise.all([
    createCertificateAuthority({ commonName: 'kubeclient-testing' }),
    createCertificateAuthority({ commonName: 'kubeclient-testing-front-proxy' }),
    createKeyPair(),
  ])
  const [server, frontProxy, admin, nobody] = await Promise.all([
    authority.issue({ commonName: 'kube-apiserver', sans: serverNames }),
    frontProxyAuthority.issue({ commonName: 'front-proxy-client' }),
    authority.issue({ commonName: 'admin', organizations: ['system:masters'] }),
    authority.issue({ commonName: 'nobody' }),
  ])
  const token = randomBytes(16).toString('hex')
  await writeFiles(folder, {
    'ca.crt': authority.cert,
    'apiserver.crt': server.cert,
    'apiserver.key': server.key,
    'front-proxy-ca.crt': frontProxyAuthority.cert,
    'front-proxy-client.crt': frontProxy.cert,
    'front-proxy-client.key': frontProxy.key,
    'sa.pub': serviceAccount.publicKey,
    'sa.key': serviceAccount.privateKey,
    'tokens.csv': `${token},token-admin,token-admin,"system:masters"\n`,
  })
  return { authority, admin, nobody, token }
}

async function writeFiles(folder: string, files: Record<string, string>): Promise<void> {
  await mkdir(folder, { mode: 0o700 })
  await Promise.all(Object.entries(files).map(([name, text]) => writeFile(join(folder, name), text, { mode: 0o600 })))
}
