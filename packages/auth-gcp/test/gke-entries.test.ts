import type { AuthInfo } from '@kubeclient/core/spec'
import { describe, expect, it, vi } from 'vitest'
import { gcpAuth } from '../src/index.ts'
import { authInfoContext, credentialContext } from './support/context.ts'
import { authorizedUser, useGcloudFile } from './support/credential-files.ts'
import { useNoGoogle } from './support/environment.ts'
import { failure } from './support/failure.ts'
import { startFakeGoogle } from './support/fake-google.ts'
import { type EntrySignIn, signInAs } from './support/sign-in.ts'

useNoGoogle()

const ofGoogle = { body: { access_token: 'ya29.of-google', expires_in: 3600 } }
const authClient = { credentials: {}, getAccessToken: () => Promise.resolve({ token: 'of-client' }) }

function entryOf(line: string, env: Record<string, string> = {}): AuthInfo {
  const [command = '', ...args] = line.split(' ')
  const variables = Object.entries(env).map(([name, value]) => ({ name, value }))
  return { exec: { apiVersion: 'client.authentication.k8s.io/v1beta1', command, args, env: variables } }
}

/** What `gcloud container clusters get-credentials` writes. */
const written: AuthInfo = {
  exec: {
    apiVersion: 'client.authentication.k8s.io/v1beta1',
    command: 'gke-gcloud-auth-plugin',
    installHint: 'Install gke-gcloud-auth-plugin',
    provideClusterInfo: true,
  },
}

async function tokenOf(authInfo: AuthInfo, options: EntrySignIn = {}): Promise<string | undefined> {
  const google = await startFakeGoogle({ '/token': ofGoogle })
  useGcloudFile(authorizedUser)
  const { token } = await signInAs(authInfo, { ...options, request: { fetch: google.fetch } })
  return token
}

describe('an entry of gcloud', () => {
  it.each<[string, AuthInfo]>([
    ['as it is written', written],
    ['with a path', entryOf('/opt/google-cloud-sdk/bin/gke-gcloud-auth-plugin --use_application_default_credentials')],
    ['of Windows', entryOf(String.raw`C:\sdk\gke-gcloud-auth-plugin.exe --use_application_default_credentials=true`)],
    ['with a variable that is not about Google', entryOf('gke-gcloud-auth-plugin', { LANG: 'de' })],
  ])('%s: application-default credentials sign in', async (_, entry) => {
    expect(await tokenOf(entry)).toBe('ya29.of-google')
  })

  it.each([
    'gke-gcloud-auth-plugin --account robot@example.com',
    'gke-gcloud-auth-plugin --impersonate_service_account=robot@example.com',
    'gke-gcloud-auth-plugin --use_edge_cloud --project p --location l --cluster c',
    'gke-gcloud-auth-plugin --use_application_default_credentials=false',
    'gke-gcloud-auth-plugin version',
    'gcloud config config-helper',
  ])('that asks for something else is left to others: %s', (line) => {
    expect(gcpAuth().fromAuthInfo(entryOf(line), authInfoContext())).toBeUndefined()
  })

  it.each(['CLOUDSDK_CORE_ACCOUNT', 'CLOUDSDK_CONFIG', 'GOOGLE_APPLICATION_CREDENTIALS', 'GCE_METADATA_HOST', 'HOME'])(
    'that sets %s is left to others',
    (name) => {
      const entry = entryOf('gke-gcloud-auth-plugin', { [name]: 'x' })
      expect(gcpAuth().fromAuthInfo(entry, authInfoContext())).toBeUndefined()
    },
  )

  it('may sign in with an auth client of the program', async () => {
    expect(await tokenOf(written, { options: { authClient } })).toBe('of-client')
  })

  it.each([{ args: 'x' }, { args: [1] }, { env: {} }, { env: [{ name: 'x' }] }])(
    'that is malformed is refused: %j',
    (part) => {
      const entry = { exec: { ...written.exec, ...part } } as AuthInfo // what is tested
      expect(() => gcpAuth().fromAuthInfo(entry, authInfoContext())).toThrow(
        expect.objectContaining({
          code: 'KUBE_CONFIG',
          message: '"args" or "env" is of another type than it should be',
        }),
      )
    },
  )
})

describe('CLOUDSDK_AUTH_ACCESS_TOKEN', () => {
  it('is the token, as it is when it is asked for', async () => {
    vi.stubEnv('CLOUDSDK_AUTH_ACCESS_TOKEN', 'ya29.of-process')
    expect(await signInAs(written)).toEqual({ token: 'ya29.of-process' })
  })

  it('of the entry wins', async () => {
    vi.stubEnv('CLOUDSDK_AUTH_ACCESS_TOKEN', 'ya29.of-process')
    const entry = entryOf('gke-gcloud-auth-plugin', { CLOUDSDK_AUTH_ACCESS_TOKEN: 'ya29.of-entry' })
    expect(await signInAs(entry)).toEqual({ token: 'ya29.of-entry' })
  })

  it('has no say where application-default credentials are asked for, or the program gave a client', async () => {
    vi.stubEnv('CLOUDSDK_AUTH_ACCESS_TOKEN', 'ya29.of-process')
    expect(await tokenOf(entryOf('gke-gcloud-auth-plugin --use_application_default_credentials'))).toBe(
      'ya29.of-google',
    )
    expect(await tokenOf(written, { options: { authClient } })).toBe('of-client')
  })

  it('that no header could carry is refused', async () => {
    vi.stubEnv('CLOUDSDK_AUTH_ACCESS_TOKEN', 'ya29.of process')
    expect((await failure(signInAs(written))).message).toBe(
      'user "u": CLOUDSDK_AUTH_ACCESS_TOKEN holds an access token with a blank, a line break or the like in it',
    )
  })
})

describe('a kubeconfig that is no file', () => {
  const { directory: _, ...context } = authInfoContext()

  it.each<[string, AuthInfo]>([
    ['gke-gcloud-auth-plugin', written],
    ['auth-provider: gcp', { 'auth-provider': { name: 'gcp' } }],
  ])('gets no token of the machine: %s', (_name, entry) => {
    expect(() => gcpAuth().fromAuthInfo(entry, context)).toThrow(
      expect.objectContaining({
        code: 'KUBE_CONFIG',
        message:
          'it uses application-default credentials for kubeconfigs that are files; use loadKubeconfig() or readKubeconfig(), or say who signs in: gcpAuth({ authClient })',
      }),
    )
    expect(gcpAuth({ authClient }).fromAuthInfo(entry, context)).toMatchObject({ name: 'gcp' })
  })

  it('signs in with its own token', async () => {
    vi.stubEnv('CLOUDSDK_AUTH_ACCESS_TOKEN', 'ya29.of-process')
    const entry = entryOf('gke-gcloud-auth-plugin', { CLOUDSDK_AUTH_ACCESS_TOKEN: 'ya29.of-entry' })
    const provider = gcpAuth().fromAuthInfo(entry, context)
    expect(await provider?.getCredentials(credentialContext())).toEqual({ token: 'ya29.of-entry' })
  })

  it.each([
    entryOf('gke-gcloud-auth-plugin', { CLOUDSDK_AUTH_ACCESS_TOKEN: '' }),
    entryOf('gke-gcloud-auth-plugin --use_application_default_credentials', { CLOUDSDK_AUTH_ACCESS_TOKEN: 'own' }),
  ])('has none that is not used', (entry) => {
    vi.stubEnv('CLOUDSDK_AUTH_ACCESS_TOKEN', 'ya29.of-process')
    expect(() => gcpAuth().fromAuthInfo(entry, context)).toThrow(/^it uses application-default credentials for/)
  })
})
