import type { AuthInfo, CredentialFetch } from '@kubeclient/core/spec'
import { checkCredentialPlugin } from '@kubeclient/testing'
import { expect, it } from 'vitest'
import { oidcAuth } from '../src/index.ts'
import { tokens } from './support/scripted-provider.ts'

const issuer = 'https://login.example.com'

function entry(config: Readonly<Record<string, string>>): AuthInfo {
  const own = { 'idp-issuer-url': issuer, 'client-id': 'kubernetes', 'client-secret': 'secret-of-the-client' }
  return { 'auth-provider': { name: 'oidc', config: { ...own, ...config } } }
}

function json(body: object, status = 200): Response {
  return Response.json(body, { status })
}

/** A provider that gives another id token each time. */
function answering(): CredentialFetch {
  let count = 0
  return async (input) => {
    if (!new Request(input).url.endsWith('/token')) return json({ issuer, token_endpoint: `${issuer}/token` })
    count += 1
    return json(tokens(issuer, { jti: count }, { refresh_token: `refresh-token-${count}` }))
  }
}

const idToken = String(Reflect.get(tokens(issuer), 'id_token'))
const discovery = json({ issuer, token_endpoint: `${issuer}/token` })

it('keeps what a credential plugin has to keep', async () => {
  const checked = checkCredentialPlugin(oidcAuth({ onWarning: () => undefined }), {
    accepts: [
      {
        authInfo: entry({ 'id-token': idToken, 'refresh-token': 'refresh-token-0' }),
        fetch: answering(),
        credentials: { token: idToken },
      },
      { authInfo: entry({ 'refresh-token': 'refresh-token-0' }), fetch: answering() },
    ],
    declines: [{ 'auth-provider': { name: 'OIDC', config: {} } }],
    fails: [
      { authInfo: entry({}), message: /sign in, and store what you get/ },
      {
        authInfo: entry({ 'refresh-token': 'refresh-token-0' }),
        responses: [new Response('<html>', { status: 500 })],
        message: /answers 500/,
      },
      {
        authInfo: entry({ 'refresh-token': 'refresh-token-0' }),
        responses: [discovery, json({ error: 'invalid_grant', error_description: 'refresh-token-0' }, 400)],
        message: /sign in again/,
      },
    ],
  })

  await expect(checked).resolves.toBeUndefined()
})
