import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { vi } from 'vitest'
import { temporaryFolder } from './environment.ts'

export const refreshToken = 'refresh-token-of-nobody'
export const clientSecret = 'secret-of-nobody'

/** As `gcloud auth application-default login` leaves it behind. */
export const authorizedUser = {
  type: 'authorized_user',
  client_id: 'client.apps.googleusercontent.com',
  client_secret: clientSecret,
  refresh_token: refreshToken,
} as const

export interface ServiceAccount {
  readonly file: { readonly client_email: string; readonly private_key: string }
  readonly publicKey: KeyObject
}

/** A key as Google makes it. */
export function serviceAccount(): ServiceAccount {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  const client = { client_email: 'robot@project.iam.gserviceaccount.com', client_id: '1', private_key_id: 'k' }
  const file = { type: 'service_account', project_id: 'project', ...client, private_key: pem }
  return { file, publicKey }
}

/** Of a workload elsewhere, whose own token is in a file or at a URL. */
export function externalAccount(url: string, source: object): object {
  return {
    type: 'external_account',
    audience: '//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/pool/providers/p',
    subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
    token_url: `${url}/v1/token`,
    credential_source: source,
  }
}

/** Makes it the file that GOOGLE_APPLICATION_CREDENTIALS names; returns its path. */
export function useCredentialFile(content: unknown): string {
  const file = path.join(temporaryFolder(), 'key.json')
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content))
  vi.stubEnv('GOOGLE_APPLICATION_CREDENTIALS', file)
  return file
}

/** Makes it what `gcloud` has left behind. */
export function useGcloudFile(content: unknown): void {
  writeFileSync(
    path.join(process.env['CLOUDSDK_CONFIG'] ?? '', 'application_default_credentials.json'),
    JSON.stringify(content),
  )
}
