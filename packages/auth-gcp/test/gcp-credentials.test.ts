import { verify } from 'node:crypto'
import { chmodSync, existsSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Credentials } from '@kubeclient/core/spec'
import { Compute, JWT, OAuth2Client, PassThroughClient, UserRefreshClient } from 'google-auth-library'
import { describe, expect, it, vi } from 'vitest'
import { gcpAuth, gcpCredentials, type GcpCredentialsOptions } from '../src/index.ts'
import { authInfoContext, credentialContext } from './support/context.ts'
import {
  authorizedUser,
  externalAccount,
  serviceAccount,
  useCredentialFile,
  useGcloudFile,
} from './support/credential-files.ts'
import { temporaryFolder, useNoGoogle } from './support/environment.ts'
import { startFakeGoogle } from './support/fake-google.ts'
import { signIn } from './support/sign-in.ts'

const metadataPath = '/computeMetadata/v1/instance/service-accounts/default/token'
const bothScopes = 'https://www.googleapis.com/auth/cloud-platform https://www.googleapis.com/auth/userinfo.email'
const ofGoogle = { 'metadata-flavor': 'Google' }

useNoGoogle()

/** Google's answer, with another token each time. */
function tokens(): () => { body: object } {
  let given = 0
  return () => {
    given += 1
    return { body: { access_token: `ya29.token-${given}`, expires_in: 3600, token_type: 'Bearer' } }
  }
}

/** An hour from now, give or take what a test lasts. */
function expectAnHour({ expiresAt }: Credentials): void {
  const seconds = ((expiresAt?.getTime() ?? 0) - Date.now()) / 1000
  expect(seconds).toBeLessThanOrEqual(3600)
  expect(seconds).toBeGreaterThan(3500)
}

describe('the key of a service account', () => {
  it('signs for a token', async () => {
    const google = await startFakeGoogle({ '/token': tokens() })
    const { file, publicKey } = serviceAccount()
    useCredentialFile(file)

    const credentials = await signIn(google)

    expect(credentials.token).toBe('ya29.token-1')
    expectAnHour(credentials)
    const form = google.requests[0]?.form
    const [header = '', claims = '', signature = ''] = form?.['assertion']?.split('.') ?? []
    expect(form).toMatchObject({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer' })
    expect(JSON.parse(Buffer.from(claims, 'base64url').toString())).toMatchObject({
      iss: file.client_email,
      aud: 'https://oauth2.googleapis.com/token',
      scope: bothScopes,
    })
    const signed = Buffer.from(`${header}.${claims}`)
    expect(verify('RSA-SHA256', signed, publicKey, Buffer.from(signature, 'base64url'))).toBe(true)
  })

  it('signs for the scopes that the program names', async () => {
    const google = await startFakeGoogle({ '/token': tokens() })
    useCredentialFile(serviceAccount().file)

    await signIn(google, { scopes: ['https://www.googleapis.com/auth/cloud-platform.read-only'] })

    const [, claims = ''] = google.requests[0]?.form['assertion']?.split('.') ?? []
    expect(JSON.parse(Buffer.from(claims, 'base64url').toString())).toMatchObject({
      scope: 'https://www.googleapis.com/auth/cloud-platform.read-only',
    })
  })
})

describe('who has signed in with gcloud', () => {
  it('gets a token for the refresh token', async () => {
    const google = await startFakeGoogle({ '/token': tokens() })
    useGcloudFile(authorizedUser)

    const credentials = await signIn(google)

    expect(credentials.token).toBe('ya29.token-1')
    expectAnHour(credentials)
    const { type: _, ...sent } = authorizedUser
    expect(google.requests.map(({ form }) => form)).toEqual([{ ...sent, grant_type: 'refresh_token' }])
  })

  it('is not asked for while GOOGLE_APPLICATION_CREDENTIALS names a file', async () => {
    const google = await startFakeGoogle({ '/token': tokens() })
    useGcloudFile(authorizedUser)
    useCredentialFile({ ...authorizedUser, refresh_token: '1//of-another' })

    await signIn(google)

    expect(google.requests[0]?.form).toMatchObject({ refresh_token: '1//of-another' })
  })
})

describe('a machine of Google', () => {
  it('gets the token of its service account', async () => {
    const google = await startFakeGoogle({ [metadataPath]: () => ({ ...tokens()(), headers: ofGoogle }) })
    vi.stubEnv('METADATA_SERVER_DETECTION', 'assume-present')
    vi.stubEnv('GCE_METADATA_HOST', google.url)

    const credentials = await signIn()

    expect(credentials.token).toBe('ya29.token-1')
    expectAnHour(credentials)
    const [{ headers, query } = { headers: {}, query: '' }] = google.requests
    expect(headers).toMatchObject({ 'metadata-flavor': 'Google' })
    expect(new URLSearchParams(query).get('scopes')).toBe(bothScopes.replace(' ', ','))
  })

  it('is recognised by its metadata server, also when that was late', async () => {
    const google = await startFakeGoogle({
      '/computeMetadata/v1/instance': { headers: ofGoogle, body: 'attributes/' },
      [metadataPath]: () => ({ ...tokens()(), headers: ofGoogle }),
    })
    vi.stubEnv('METADATA_SERVER_DETECTION', 'ping-only')
    vi.stubEnv('GCE_METADATA_HOST', '127.0.0.1:1')
    await expect(signIn()).rejects.toThrow('there are no application-default credentials')

    vi.stubEnv('GCE_METADATA_HOST', google.url)

    expect((await signIn()).token).toBe('ya29.token-1')
  })
})

describe('a workload elsewhere', () => {
  it.each(['file', 'url'])('exchanges its own token, from a %s', async (source) => {
    const google = await startFakeGoogle({ '/v1/token': tokens(), '/subject': { body: 'own-token' } })
    const file = path.join(temporaryFolder(), 'subject')
    writeFileSync(file, 'own-token')
    useCredentialFile(externalAccount(google.url, source === 'file' ? { file } : { url: `${google.url}/subject` }))

    const credentials = await signIn(google)

    expect(credentials.token).toBe('ya29.token-1')
    expectAnHour(credentials)
    expect(google.requests.at(-1)?.form).toMatchObject({ subject_token: 'own-token', scope: bothScopes })
  })

  it('goes on as a service account', async () => {
    const expireTime = new Date(Date.now() + 3_600_000).toISOString()
    const robot = '/v1/projects/-/serviceAccounts/robot@project.iam.gserviceaccount.com:generateAccessToken'
    const google = await startFakeGoogle({
      '/v1/token': tokens(),
      '/subject': { body: 'own-token' },
      [robot]: { body: { accessToken: 'ya29.of-robot', expireTime } },
    })
    const account = externalAccount(google.url, { url: `${google.url}/subject` })
    useCredentialFile({ ...account, service_account_impersonation_url: `${google.url}${robot}` })

    expect(await signIn(google)).toEqual({ token: 'ya29.of-robot', expiresAt: new Date(expireTime) })
    expect(google.requests.at(-1)?.headers).toMatchObject({ authorization: 'Bearer ya29.token-1' })
  })
})

describe('each call', () => {
  it('asks Google again', async () => {
    const google = await startFakeGoogle({ '/token': tokens() })
    useGcloudFile(authorizedUser)
    const provider = gcpCredentials()

    const first = await provider.getCredentials(credentialContext(google))
    const second = await provider.getCredentials(credentialContext({ ...google, reason: 'refused', previous: first }))

    expect([first.token, second.token]).toEqual(['ya29.token-1', 'ya29.token-2'])
  })

  it('uses the credentials as they are then', async () => {
    const google = await startFakeGoogle({ '/token': tokens() })
    useGcloudFile(authorizedUser)
    const provider = gcpCredentials()
    await provider.getCredentials(credentialContext(google))

    useGcloudFile({ ...authorizedUser, refresh_token: '1//of-the-next-sign-in' })
    await provider.getCredentials(credentialContext(google))

    expect(google.requests.at(-1)?.form).toMatchObject({ refresh_token: '1//of-the-next-sign-in' })
  })

  it('runs no gcloud, which the library would ask for a project', async () => {
    const google = await startFakeGoogle({ '/token': tokens() })
    const folder = temporaryFolder()
    const trace = path.join(folder, 'has-run')
    writeFileSync(path.join(folder, 'gcloud'), `#!/bin/sh\n: > '${trace}'\n`)
    chmodSync(path.join(folder, 'gcloud'), 0o755)
    vi.stubEnv('PATH', `${folder}${path.delimiter}${process.env['PATH']}`)
    useGcloudFile(authorizedUser)

    await signIn(google)

    expect(existsSync(trace)).toBe(false)
  })
})

describe('an auth client that is given', () => {
  it('may be any of the library', () => {
    const clients = [new JWT(), new OAuth2Client(), new UserRefreshClient(), new PassThroughClient(), new Compute()]
    const options: GcpCredentialsOptions[] = clients.map((authClient) => ({ authClient })) // compiled
    expect(options.map((option) => gcpCredentials(option).name)).toEqual(['gcp', 'gcp', 'gcp', 'gcp', 'gcp'])
  })

  it('gives its token, and a new one when a cluster refuses it or it is about to end', async () => {
    const google = await startFakeGoogle({ '/token': tokens() })
    const { file } = serviceAccount()
    const transporterOptions = { fetchImplementation: google.fetch }
    const authClient = new JWT({
      email: file.client_email,
      key: file.private_key,
      scopes: 'x',
      transporterOptions,
    })
    const provider = gcpCredentials({ authClient })

    const first = await provider.getCredentials(credentialContext())
    const same = await provider.getCredentials(credentialContext())
    const second = await provider.getCredentials(credentialContext({ reason: 'refused', previous: first }))
    // Somebody else has renewed it: that one is still good.
    const third = await provider.getCredentials(credentialContext({ reason: 'refused', previous: first }))
    const fourth = await provider.getCredentials(credentialContext({ reason: 'expiring', previous: third }))

    const given = [first, same, second, third, fourth].map(({ token }) => token?.slice(-1))
    expect(given).toEqual(['1', '1', '2', '2', '3'])
    expectAnHour(fourth)
  })

  it('keeps what it needs to get another', async () => {
    const google = await startFakeGoogle({ '/token': tokens() })
    const { client_id: clientId, client_secret: clientSecret, refresh_token: refreshToken } = authorizedUser
    const authClient = new UserRefreshClient({
      clientId,
      clientSecret,
      refreshToken,
      transporterOptions: { fetchImplementation: google.fetch },
    })
    const provider = gcpCredentials({ authClient })

    const previous = await provider.getCredentials(credentialContext())
    await provider.getCredentials(credentialContext({ reason: 'refused', previous }))

    expect(google.requests.map(({ form }) => form['refresh_token'])).toEqual([refreshToken, refreshToken])
  })

  it('may be that of a machine, for a kubeconfig that is no file', async () => {
    const google = await startFakeGoogle({ [metadataPath]: () => ({ ...tokens()(), headers: ofGoogle }) })
    vi.stubEnv('GCE_METADATA_HOST', google.url)
    const entry = { 'auth-provider': { name: 'gcp' } }
    const { directory: _, ...context } = authInfoContext()
    const provider = gcpAuth({ authClient: new Compute({ scopes: ['x'] }) }).fromAuthInfo(entry, context)
    expect(await provider?.getCredentials(credentialContext())).toMatchObject({ token: 'ya29.token-1' })
  })

  it('needs no more than a token', async () => {
    const authClient = { getAccessToken: () => Promise.resolve({ token: 'its-token' }), credentials: {} }
    const previous = { token: 'its-token' }
    expect(await signIn({ reason: 'refused', previous }, { authClient })).toEqual({ token: 'its-token' })
  })
})
