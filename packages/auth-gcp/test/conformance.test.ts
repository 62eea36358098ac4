import type { AuthInfo } from '@kubeclient/core/spec'
import { checkCredentialPlugin } from '@kubeclient/testing'
import { chmodSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { gcpAuth } from '../src/index.ts'
import { authorizedUser, clientSecret, refreshToken, useGcloudFile } from './support/credential-files.ts'
import { temporaryFolder, useNoGoogle } from './support/environment.ts'

useNoGoogle()

function gke(...args: readonly string[]): AuthInfo {
  return {
    exec: { apiVersion: 'client.authentication.k8s.io/v1beta1', command: 'gke-gcloud-auth-plugin', args, env: [] },
  }
}

function legacy(config: Record<string, string> = {}): AuthInfo {
  return { 'auth-provider': { name: 'gcp', config } }
}

const responses = [Response.json({ access_token: 'ya29.token', expires_in: 3600, token_type: 'Bearer' })]
const broken = { 'cmd-path': '/bin/echo', 'token-key': '{.a[0]}' }

describe('gcpAuth', () => {
  it('keeps what a credential plugin promises', { timeout: 60_000 }, async () => {
    useGcloudFile(authorizedUser)
    const check = checkCredentialPlugin(gcpAuth(), {
      accepts: [
        { authInfo: gke('--use_application_default_credentials'), responses, credentials: { token: 'ya29.token' } },
        { authInfo: legacy({ scopes: 'https://www.googleapis.com/auth/cloud-platform' }), responses },
      ],
      declines: [gke('--account', 'robot@example.com'), { 'auth-provider': { name: 'azure' } }],
      fails: [
        { authInfo: gke(), message: /Google cannot be asked at .*: the request failed/ },
        { authInfo: legacy({ 'cmd-path': '/bin/echo' }), message: /is not allowed to run; if you trust it/ },
        { authInfo: legacy(broken), message: /"token-key" is no path of names/ },
      ],
      secrets: [refreshToken, clientSecret],
    })
    await expect(check).resolves.toBeUndefined()
  })

  it('keeps it with a command', { timeout: 60_000 }, async () => {
    const command = path.join(temporaryFolder(), 'gcloud')
    writeFileSync(command, `#!/bin/sh\necho '{"access_token":"ya29.of-command"}'\n`)
    chmodSync(command, 0o755)
    const check = checkCredentialPlugin(gcpAuth({ allow: [command] }), {
      accepts: [{ authInfo: legacy({ 'cmd-path': command, 'cmd-args': 'config config-helper' }) }],
    })
    await expect(check).resolves.toBeUndefined()
  })
})
