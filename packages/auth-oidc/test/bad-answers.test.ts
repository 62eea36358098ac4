import { describe, expect, it } from 'vitest'
import { refreshTokens } from '../src/refresh-tokens.ts'
import { type Answer, type Script, scriptedProvider, tokens } from './support/scripted-provider.ts'
import { everythingShown, failure } from './support/failure.ts'
import { askedWith, clientFetch, providerOf } from './support/sign-in.ts'

const secret = 'hunter2/hunter2'
const secrets = [secret, encodeURIComponent(secret), 'the-client-secret', 'access-hunter2']

function userOf(issuer: string): ReturnType<typeof providerOf> {
  const client = { 'client-id': 'kubernetes', 'client-secret': 'the-client-secret' }
  return providerOf({ 'idp-issuer-url': issuer, ...client, 'refresh-token': secret })
}

async function messageOf(script: Script): Promise<string> {
  const { issuer } = await scriptedProvider(script)
  const error = await failure(userOf(issuer).getCredentials(askedWith()))
  expect(error.cause).toBeUndefined()
  for (const value of secrets) expect(everythingShown(error)).not.toContain(value)
  expect(error.message).toMatch(/^user "u": the OpenID provider http:\/\/127\.0\.0\.1:\d+ /)
  return error.message.replaceAll(issuer, 'ISSUER')
}

/** @see https://www.rfc-editor.org/rfc/rfc6749#section-5.2 */
function oauthError(error: string, fields: object = {}): Answer {
  return { status: 400, body: { error, ...fields } }
}

describe('discovery', () => {
  it.each<[string, NonNullable<Script['discovery']>, string]>([
    [
      'of another issuer',
      () => ({ issuer: 'https://evil.example.com' }),
      'another issuer, "https://evil.example.com"; "idp-issuer-url" must be exactly that',
    ],
    ['of an issuer with a folder more', (issuer) => ({ issuer: `${issuer}/realm` }), 'another issuer, "ISSUER/realm"'],
    ['without an issuer', () => ({ issuer: undefined }), '"response" body "issuer" property must be a string'],
    ['without an endpoint for tokens', () => ({ token_endpoint: undefined }), 'token_endpoint'],
    [
      'that sends tokens over http',
      () => ({ token_endpoint: 'http://example.com/token' }),
      'names "http://example.com/token", which is not https; nothing is sent there',
    ],
    [
      'that is a page',
      { body: '<html>Sign in</html>' },
      'answers 200 at "ISSUER/.well-known/openid-configuration", "<html>Sign in</html>"; is it the right issuer?',
    ],
    ['that is not there', { status: 404, body: { error: 'not found' } }, 'answers 404'],
    ['that is broken', { headers: { 'content-type': 'application/json' }, body: '{"issuer": "h' }, 'broken JSON'],
    ['that is a list', { body: [1] }, '"response" body must be a top level object'],
    [
      'that leads elsewhere',
      { status: 302, headers: { location: 'https://evil.example.com/' }, body: '' },
      'redirects from "ISSUER/.well-known/openid-configuration", which is not followed',
    ],
    [
      'that is endless',
      { headers: { 'content-type': 'application/json' }, body: ' '.repeat((1 << 20) + 1) },
      'longer than 1 MiB',
    ],
    ['that fails', { status: 503, body: 'over capacity\u001b[31m' }, '"over capacity\\u001b[31m"; try again later'],
  ])('%s is an error that says so', async (_, discovery, message) => {
    expect(await messageOf({ discovery })).toContain(message)
  })
})

describe('an answer to the refresh token', () => {
  it.each<[string, (issuer: string) => Answer, string]>([
    [
      'that repeats it',
      () => oauthError('invalid_grant', { error_description: `bad: ${secret} ${encodeURIComponent(secret)}` }),
      '("invalid_grant", 400: "bad: *** ***")',
    ],
    [
      'that quotes a header',
      () => oauthError('invalid_grant', { error_description: 'Basic aHVudGVyMjpodW50ZXIy' }),
      '"Basic ***"',
    ],
    [
      'that forges a line of a log',
      () => oauthError('invalid_grant', { error_description: 'a\nb\u2028c' }),
      '"a\\nb\\u{2028}c"',
    ],
    [
      'whose description is no text',
      () => oauthError('invalid_grant', { error_description: { text: secret } }),
      'refuses the refresh token ("invalid_grant", 400); it has expired',
    ],
    ['whose name for it repeats it', () => oauthError(`no ${secret}`), 'gives no tokens ("no ***", 400)'],
    ['of an unknown kind', () => oauthError('interaction_required'), 'gives no tokens ("interaction_required", 400)'],
    [
      'that is a failure of its own',
      () => ({ status: 500, body: `<html>${secret}` }),
      'answers 500 at "ISSUER/token", "<html>***"; try again later',
    ],
    ['that is a page', () => ({ body: '<html>' }), 'answers 200'],
    ['that is a page with a failure', () => ({ status: 403, body: '<html>' }), 'answers 403'],
    [
      'that leads elsewhere',
      () => ({ status: 307, headers: { location: 'https://evil.example.com/' }, body: '' }),
      'redirects',
    ],
    [
      'that is null',
      () => ({ headers: { 'content-type': 'application/json' }, body: 'null' }),
      'must be a top level object',
    ],
    [
      'without an access token',
      (issuer) => ({ body: tokens(issuer, {}, { access_token: undefined }) }),
      'access_token',
    ],
    [
      'whose id token is no string',
      (issuer) => ({ body: tokens(issuer, {}, { id_token: 1 }) }),
      '"id_token" property must be a string',
    ],
    [
      'whose id token is broken',
      (issuer) => ({ body: tokens(issuer, {}, { id_token: 'eyJhbGciOiJSUzI1NiJ9.eyJ.x' }) }),
      'broken',
    ],
    [
      'whose id token is of another issuer',
      (issuer) => ({ body: tokens(issuer, { iss: 'https://evil.example.com' }) }),
      'another client, or of another issuer',
    ],
    [
      'whose id token is for another client',
      (issuer) => ({ body: tokens(issuer, { aud: 'grafana' }) }),
      'it must be for the client "kubernetes"',
    ],
    [
      'whose id token is not signed',
      (issuer) => ({ body: tokens(issuer, {}, {}, 'none') }),
      'unexpected JWT "alg" header parameter',
    ],
    [
      'whose id token has no end',
      (issuer) => ({ body: tokens(issuer, { exp: undefined }) }),
      'JWT "exp" (expiration time) claim missing',
    ],
    [
      'without an id token',
      (issuer) => ({ body: tokens(issuer, {}, { id_token: undefined }) }),
      'gave no id token; sign in with the scope "openid"',
    ],
  ])('%s is an error that says what to do', async (_, answer, message) => {
    expect(await messageOf({ token: (_request, issuer) => answer(issuer) })).toContain(message)
  })

  it('without an id token, but with another refresh token, does not lose that', async () => {
    const { issuer, requests } = await scriptedProvider({
      token: (_, at) => ({
        body: requests.length > 1 ? tokens(at) : tokens(at, {}, { id_token: undefined, refresh_token: 'second' }),
      }),
    })
    const user = userOf(issuer)
    await failure(user.getCredentials(askedWith()))

    expect((await user.getCredentials(askedWith())).token).toMatch(/^eyJ/)
    expect(requests.map(({ form }) => form['refresh_token'])).toEqual([secret, 'second'])
  })

  it('that is long in coming is waited for until the time is over', async () => {
    const { issuer, requests } = await scriptedProvider({ token: () => ({}) })
    const call = refreshTokens({
      issuer: new URL(issuer),
      clientId: 'kubernetes',
      refreshToken: secret,
      ca: undefined,
      fetch: clientFetch(),
      timeoutMs: 100,
      signal: new AbortController().signal,
    })

    await expect(call).rejects.toThrow(`did not answer within 0.1 s at "${issuer}/token"`)
    expect(requests).toHaveLength(1)
  })

  it('of a provider whose clock is behind is used, with a warning', async () => {
    const exp = Math.floor(Date.now() / 1000) - 7200
    const { issuer } = await scriptedProvider({ token: (_, at) => ({ body: tokens(at, { exp, nbf: exp + 1e6 }) }) })
    const user = userOf(issuer)

    const previous = await user.getCredentials(askedWith())
    expect(previous.expiresAt).toEqual(new Date(exp * 1000))
    await user.getCredentials(askedWith({ previous, now: () => Date.now() + 5000 }))
    expect(user.warnings).toEqual([
      expect.stringMatching(/^user "u": its new id token ended 720\d s ago by the clock here/),
    ])
  })

  it.each([true, 'polluted'])('with __proto__ in it is data: %j', async (value) => {
    const { issuer } = await scriptedProvider({
      token: (_, at) => ({
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(tokens(at)).replace('{', `{"__proto__":{"polluted":${JSON.stringify(value)}},`),
      }),
    })

    expect((await userOf(issuer).getCredentials(askedWith())).token).toMatch(/^eyJ/)
    expect('polluted' in {}).toBe(false)
  })
})

describe('the client', () => {
  // As a form has it. https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1
  const inHeader = `Basic ${btoa('kubernetes:the%2Dclient%2Dsecret')}`
  const inBody = { client_id: 'kubernetes', client_secret: 'the-client-secret' }

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['both ways', ['client_secret_post', 'client_secret_basic']],
    ['only the header', ['client_secret_basic']],
    ['what is no list', 5],
  ])('says who it is in a header where discovery tells of %s', async (_, methods) => {
    const { issuer, requests } = await scriptedProvider({
      discovery: () => ({ token_endpoint_auth_methods_supported: methods }),
    })
    await userOf(issuer).getCredentials(askedWith())

    expect(requests).toEqual([
      { authorization: inHeader, form: { grant_type: 'refresh_token', refresh_token: secret } },
    ])
  })

  it('says it in the body where discovery tells of that alone', async () => {
    const { issuer, requests } = await scriptedProvider({
      discovery: () => ({ token_endpoint_auth_methods_supported: ['client_secret_post'] }),
    })
    await userOf(issuer).getCredentials(askedWith())

    expect(requests).toMatchObject([{ authorization: undefined, form: inBody }])
  })

  it.each<[string, Answer]>([
    ['invalid_client', { status: 401, body: { error: 'invalid_client' } }],
    ['a challenge', { status: 401, headers: { 'www-authenticate': 'Basic realm="x"' }, body: '' }],
    ['invalid_request', { status: 400, body: { error: 'invalid_request' } }],
  ])('says it in the body after the header was answered with %s', async (_, refusal) => {
    const { issuer, requests } = await scriptedProvider({
      token: ({ authorization }, at) => (authorization === undefined ? { body: tokens(at) } : refusal),
    })
    await userOf(issuer).getCredentials(askedWith())

    expect(requests).toMatchObject([{ authorization: inHeader }, { authorization: undefined, form: inBody }])
  })

  it('never sends the refresh token again that was refused', async () => {
    const { issuer, requests } = await scriptedProvider({
      token: () => ({ status: 400, body: { error: 'invalid_grant' } }),
    })
    await failure(userOf(issuer).getCredentials(askedWith()))

    expect(requests).toHaveLength(1)
  })
})
