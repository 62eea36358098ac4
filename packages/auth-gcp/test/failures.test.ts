import path from 'node:path'
import { TransportError } from '@kubeclient/core/spec'
import { OAuth2Client, PassThroughClient } from 'google-auth-library'
import { describe, expect, it, vi } from 'vitest'
import { type GcpAuthOptions, gcpAuth, type GcpCredentialsOptions, gcpCredentials } from '../src/index.ts'
import {
  authorizedUser,
  clientSecret,
  externalAccount,
  refreshToken,
  serviceAccount,
  useCredentialFile,
  useGcloudFile,
} from './support/credential-files.ts'
import { useNoGoogle } from './support/environment.ts'
import { everythingShown, failure } from './support/failure.ts'
import { type FakeAnswer, type FakeRequest, startFakeGoogle } from './support/fake-google.ts'
import { signIn } from './support/sign-in.ts'

const metadataPath = '/computeMetadata/v1/instance/service-accounts/default/token'
const again = 'sign in again with "gcloud auth application-default login"'

useNoGoogle()

const external = (source: object): object => externalAccount('http://127.0.0.1:1', source)

/** What comes of an answer for each sort of credential file; neither may be seen in it. */
async function messagesFor(answer: FakeAnswer | ((request: FakeRequest) => FakeAnswer)): Promise<readonly string[]> {
  const messages: string[] = []
  const { file } = serviceAccount()
  // The library tries an outage four times, for two seconds: once is enough of it.
  const contents =
    typeof answer === 'object' && (answer.status ?? 200) >= 500 ? [authorizedUser] : [authorizedUser, file]
  for (const content of contents) {
    const google = await startFakeGoogle({ '/token': answer })
    useCredentialFile(content)
    const error = await failure(signIn(google))
    const assertion = google.requests[0]?.form['assertion'] ?? refreshToken
    for (const secret of [refreshToken, clientSecret, file.private_key, assertion])
      expect(everythingShown(error)).not.toContain(secret)
    expect(error.cause).toBeUndefined()
    messages.push(error.message)
  }
  return messages
}

function repeatsHeader({ headers }: FakeRequest): FakeAnswer {
  const description = `not ${clientSecret}, ${String(headers['authorization'])}`
  return { status: 400, body: { error: 'invalid_request', error_description: description } }
}

describe('without credentials', () => {
  it('the error says how to get them', async () => {
    const error = await failure(signIn())
    expect(error.message).toBe(
      'Google Cloud: there are no application-default credentials of Google; run "gcloud auth application-default login", ' +
        'or set GOOGLE_APPLICATION_CREDENTIALS to the path of a key; a machine of Google needs a service account',
    )
    expect(error.provider).toBe('gcp')
  })
})

describe("Google's answer", () => {
  it.each<[string, FakeAnswer | ((request: FakeRequest) => FakeAnswer), RegExp]>([
    [
      'that they have expired',
      { status: 400, body: { error: 'invalid_grant', error_description: 'Token has been expired or revoked.' } },
      /refuses the credentials \("invalid_grant", 400, "Token has been expired or revoked."\) at "https:\/\/oauth2.googleapis.com\/token"; they have expired or were revoked, or the clock of this machine is wrong: replace it, or .* "gcloud auth application-default login"$/,
    ],
    [
      'that repeats what it was sent',
      ({ form }) => ({
        status: 400,
        body: { error: 'invalid_grant', error_description: Object.values(form).join(' ') },
      }),
      /\("invalid_grant", 400, "(?:\*\*\* ?)+"\)/,
    ],
    [
      'that the client is unknown',
      { status: 401, body: { error: 'invalid_client' } },
      /does not accept the credentials \("invalid_client", 401\) at/,
    ],
    [
      'with a code that is none',
      { status: 403, body: { error: { status: refreshToken, message: 'Not enabled' } } },
      /gives no access token \(403, "Not enabled"\) at .*; check the credentials and what they may do$/,
    ],
    ['500', { status: 500, body: { error: 'oops' } }, /cannot answer now \("oops", 500\) at .*; try again later$/],
    [
      '503 as a page',
      { status: 503, body: `<html>${refreshToken}` },
      /cannot answer now \(503\) at .*; try again later$/,
    ],
    ['404 as a page', { status: 404, body: `<html>${refreshToken}` }, /gives no access token \(404\) at/],
    [
      '200 as a page',
      { body: `<html>${refreshToken}` },
      /no access token in what Google answered, or something is missing/,
    ],
    ['nothing', { body: '' }, /no access token in what Google answered/],
    ['{}', { body: {} }, /no access token in what Google answered/],
    ['a redirect', { status: 307, headers: { location: 'http://127.0.0.1:1/' }, body: '' }, /redirects \(307\) at/],
    [
      'a token with a line break',
      { body: { access_token: 'a\nb' } },
      /gave an access token with a blank, a line break/,
    ],
    ['a token that is no text', { body: { access_token: 7 } }, /gave an access token that is no text/],
    ['a token of 70 kB', { body: { access_token: 'x'.repeat(70_000) } }, /gave an access token of more than 64 kB/],
    [
      'an end that is no time',
      { body: { access_token: 'a', expires_in: 'soon' } },
      /gave an access token with an end that is no time/,
    ],
  ])('%s: the error says so', { timeout: 20_000 }, async (_, answer, message) => {
    for (const text of await messagesFor(answer)) expect(text).toMatch(message)
  })

  it('to a workload elsewhere that repeats its own token is masked, too', async () => {
    const answer = { status: 400, body: { error: 'invalid_request', error_description: 'not good: own-token' } }
    const google = await startFakeGoogle({ '/v1/token': answer, '/subject': { body: 'own-token' } })
    useCredentialFile(externalAccount(google.url, { url: `${google.url}/subject` }))
    const error = await failure(signIn(google))
    expect(error.message).toMatch(/gives no access token \("invalid_request", 400, "not good: \*\*\*"\) at/)
    expect(everythingShown(error)).not.toContain('own-token')
  })

  it('to a workload elsewhere is not quoted where the library does not say what was sent', async () => {
    const google = await startFakeGoogle({ '/v1/token': repeatsHeader, '/subject': { body: 'own-token' } })
    const account = externalAccount(google.url, { url: `${google.url}/subject` })
    useCredentialFile({ ...account, client_id: 'me', client_secret: clientSecret })
    const error = await failure(signIn(google))
    expect(google.requests.at(-1)?.headers['authorization']).toMatch(/^Basic /)
    expect(error.message).toContain('gives no access token ("invalid_request", 400) at')
    expect(everythingShown(error)).not.toContain(clientSecret)
  })

  it('that repeats what its URL and headers were sent is masked, too', async () => {
    const description = 'bad: query-of-nobody, request-token-of-nobody, key-of-nobody'
    const answer = { status: 403, body: { error: 'denied', error_description: description } }
    const google = await startFakeGoogle({ '/subject': answer })
    const source = {
      url: `${google.url}/subject?id=query-of-nobody`,
      headers: { Authorization: 'Bearer request-token-of-nobody', 'X-Api-Key': 'key-of-nobody' },
      format: { type: 'json', subject_token_field_name: 'value' },
    }
    useCredentialFile(externalAccount(google.url, source))
    const error = await failure(signIn(google))
    expect(error.message).toContain('("denied", 403, "bad: ***, ***, ***")')
    expect(everythingShown(error)).not.toContain('of-nobody')
  })

  it('that does not come is not waited for', async () => {
    const google = await startFakeGoogle({ '/token': {} })
    useGcloudFile(authorizedUser)
    const error = await failure(signIn(google, { timeoutMs: 100 }))
    expect(error.message).toBe('Google Cloud: Google gave no access token within 0.1 s; try again later')
  })

  it('is not waited for when nobody waits any longer', async () => {
    const controller = new AbortController()
    const { promise: asked, resolve } = Promise.withResolvers<void>()
    const google = await startFakeGoogle({
      '/token': () => {
        resolve()
        return {}
      },
    })
    useGcloudFile(authorizedUser)
    const call = signIn({ ...google, signal: controller.signal })
    await asked
    const reason = new Error('enough')
    controller.abort(reason)
    await expect(call).rejects.toBe(reason)
  })

  it('is not asked for when nobody waits', async () => {
    const google = await startFakeGoogle({ '/token': { body: { access_token: 'a' } } })
    useGcloudFile(authorizedUser)
    const reason = new Error('enough')
    await expect(signIn({ ...google, signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
    expect(google.requests).toEqual([])
  })
})

describe('credentials that are half a character', () => {
  const broken = 'secret-\uD800-of-nobody'

  it.each<[string, FakeAnswer, RegExp]>([
    [
      'are refused',
      { status: 400, body: { error: 'invalid_grant', error_description: broken } },
      /\("invalid_grant", 400/,
    ],
    [
      'are repeated',
      { status: 400, body: { error: 'x', error_description: `no ${broken}` } },
      /\("x", 400, "no \*\*\*"\)/,
    ],
  ])('%s: the error says so', async (_, answer, message) => {
    const google = await startFakeGoogle({ '/v1/token': answer, '/token': answer })
    useGcloudFile({ ...authorizedUser, client_secret: broken })
    const error = await failure(signIn({ ...google, previous: { token: broken } }))
    expect(error.message).toMatch(message)
    expect(everythingShown(error)).not.toContain('of-nobody')
  })
})

describe('a network that is down', () => {
  it("is told in the words of the client's fetch", async () => {
    useGcloudFile(authorizedUser)
    const request = { method: 'POST', url: 'https://oauth2.googleapis.com/token' }
    const fetch = (): Promise<never> =>
      Promise.reject(new TransportError('nothing listens at oauth2.googleapis.com:443', { request }))
    const error = await failure(signIn({ fetch }))
    expect(error.message).toBe(
      'Google Cloud: Google cannot be asked at "https://oauth2.googleapis.com/token": nothing listens at oauth2.googleapis.com:443',
    )
  })

  it('is told by its code, and nothing else of a foreign error', async () => {
    useGcloudFile(authorizedUser)
    const cause = Object.assign(new Error(`connect ${refreshToken}`), { code: 'ECONNREFUSED', request: authorizedUser })
    const error = await failure(signIn({ fetch: () => Promise.reject(cause) }))
    expect(error.message).toMatch(/cannot be asked at "https:\/\/oauth2.googleapis.com\/token": ECONNREFUSED$/)
    expect(everythingShown(error)).not.toContain(refreshToken)
  })
})

describe('the metadata server', () => {
  const ofGoogle = { 'metadata-flavor': 'Google' }

  it.each<[string, FakeAnswer, RegExp]>([
    [
      '404',
      { status: 404, headers: ofGoogle, body: 'x' },
      /this machine has no service account \(404\) at .*; give it one$/,
    ],
    ['403', { status: 403, headers: ofGoogle, body: 'x' }, /gives no access token \(403\) at/],
    ['503', { status: 503, headers: ofGoogle, body: 'x' }, /cannot answer now \(503\) at .*; try again later$/],
    ['a page', { headers: ofGoogle, body: '<html>ya29.x' }, /no access token in what Google answered/],
    [
      'as somebody else',
      { body: { access_token: 'ya29.x' } },
      /cannot be used: "Invalid response from metadata service/,
    ],
  ])('that answers %s', { timeout: 20_000 }, async (_, answer, message) => {
    const google = await startFakeGoogle({ [metadataPath]: answer })
    vi.stubEnv('METADATA_SERVER_DETECTION', 'assume-present')
    vi.stubEnv('GCE_METADATA_HOST', google.url)
    const error = await failure(signIn())
    expect(error.message).toMatch(message)
    expect(everythingShown(error)).not.toContain('ya29')
  })

  it('that does not answer is not waited for', async () => {
    const google = await startFakeGoogle({ [metadataPath]: {} })
    vi.stubEnv('METADATA_SERVER_DETECTION', 'assume-present')
    vi.stubEnv('GCE_METADATA_HOST', google.url)
    expect((await failure(signIn({}, { timeoutMs: 100 }))).message).toMatch(/no access token within 0.1 s/)
  })
})

describe('a credential file', () => {
  it.each<[string, unknown, string]>([
    ['that is empty', '', 'cannot be used: it is no JSON'],
    ['that is no JSON', `refresh_token: ${refreshToken}`, 'cannot be used: it is no JSON'],
    ['that is null', 'null', 'there is no access token in what Google answered, or something is missing in the file'],
    ['of a sort that is unknown', { type: 'other' }, 'does not contain a client_email field'],
    ['with half of it', { type: 'authorized_user', refresh_token: refreshToken }, 'does not contain a client_id field'],
    ['with a broken key', { ...serviceAccount().file, private_key: clientSecret }, 'the "private_key" of the file'],
    [
      'whose token is in a file that is absent',
      external({ file: '/absent' }),
      "no such file or directory, lstat '/absent'",
    ],
    [
      'that names a program',
      external({ executable: { command: '/bin/true' } }),
      'Pluggable Auth executables need to be explicitly allowed to run',
    ],
  ])('%s: the error names it, and quotes nothing of it', async (_, content, fault) => {
    const file = useCredentialFile(content)
    const error = await failure(signIn())
    expect(error.message).toContain(fault)
    expect(error.message).toContain(`the file "${file}" (GOOGLE_APPLICATION_CREDENTIALS)`)
    expect(error.message).toMatch(/; (?:try again, or )?replace it, or unset that and sign in again with/)
    for (const secret of [refreshToken, clientSecret]) expect(everythingShown(error)).not.toContain(secret)
  })

  it('of gcloud, too', async () => {
    useGcloudFile({ type: 'authorized_user' })
    expect((await failure(signIn())).message).toBe(
      `Google Cloud: the application-default credentials cannot be used: "The incoming JSON object does not contain a client_id field"; ${again}`,
    )
  })

  it('that is absent is no reason to look elsewhere', async () => {
    useGcloudFile(authorizedUser)
    const absent = path.join(process.env['CLOUDSDK_CONFIG'] ?? '', 'absent.json')
    vi.stubEnv('GOOGLE_APPLICATION_CREDENTIALS', absent)
    expect((await failure(signIn())).message).toMatch(/the file ".*absent.json" .* does not exist/)
  })
})

/** An auth client that fails with an Error of these fields. */
function throwing(fields: object): GcpCredentialsOptions['authClient'] {
  return { credentials: {}, getAccessToken: () => Promise.reject(Object.assign(new Error(), fields)) }
}

describe('an auth client that is given', () => {
  it.each<[string, GcpCredentialsOptions['authClient'], RegExp]>([
    [
      'that has nothing',
      new OAuth2Client(),
      /the auth client that was given cannot be used: "No refresh token .*"; give it/,
    ],
    ['that gives no token', new PassThroughClient(), /Google gave no access token$/],
    [
      'that throws what it holds',
      {
        credentials: {},
        getAccessToken: () => Promise.reject(new Error('key 1//0abcdefgh ya29.a eyJhbGciOiJIUzI1NiJ9.e.s GOCSPX-x')),
      },
      /"key \*\*\* \*\*\* \*\*\* \*\*\*"/,
    ],
    ['that throws without words', throwing({ message: undefined }), /cannot be used: "no words"; give it/],
    ['that throws other things than words', throwing({ message: { x: 1 } }), /cannot be used: "no words"; give it/],
    ['that throws an odd code', throwing({ message: 'ouch', code: Object.create(null) }), /cannot be used: "ouch"/],
    [
      'that throws an odd answer',
      throwing({ config: { url: Object.create(null) }, response: { status: Object.create(null), data: 7 } }),
      /Google gives no access token \(no status\) at its server; check the credentials/,
    ],
  ])('%s', async (_, authClient, message) => {
    const error = await failure(signIn({}, { authClient }))
    expect(error.message).toMatch(message)
    expect(error.cause).toBeUndefined()
  })

  it('that throws what is no Error', async () => {
    // oxlint-disable-next-line prefer-promise-reject-errors -- what is tested
    const authClient = { credentials: {}, getAccessToken: () => Promise.reject('secret') }
    expect((await failure(signIn({}, { authClient }))).message).toMatch(
      /gave no access token: what was thrown is no Error$/,
    )
  })
})

describe('options that cannot work', () => {
  it.each([
    [null, 'the options are an object'],
    ['x', 'the options are an object'],
    [{ scopes: 'x' }, '"scopes" is a list of URLs'],
    [{ scopes: [''] }, '"scopes" is a list of URLs'],
    [{ authClient: {} }, '"authClient" is a client of google-auth-library, such as a JWT or an OAuth2Client'],
    [{ authClient: null }, '"authClient" is a client of google-auth-library, such as a JWT or an OAuth2Client'],
    [{ timeoutMs: 0 }, '"timeoutMs" is a number of milliseconds from 1 on'],
    [{ timeoutMs: Number.NaN }, '"timeoutMs" is a number of milliseconds from 1 on'],
  ])('%j', (options, message) => {
    const wrong = options as unknown as GcpCredentialsOptions & GcpAuthOptions // what JavaScript lets through
    const refusal = (caller: string): object =>
      expect.objectContaining({ code: 'KUBE_CONFIG', message: `${caller}: ${message}` })
    expect(() => gcpCredentials(wrong)).toThrow(refusal('gcpCredentials'))
    expect(() => gcpAuth(wrong)).toThrow(refusal('gcpAuth'))
  })
})
