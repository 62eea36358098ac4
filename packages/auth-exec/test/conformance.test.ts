import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { AuthInfo, ExecConfig } from '@kubeclient/core/spec'
import { checkCredentialPlugin } from '@kubeclient/testing'
import { afterAll, describe, expect, it } from 'vitest'
import { execAuth } from '../src/index.ts'
import { print, printsToken, script, v1 } from './support/sign-in.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'auth-exec-kit-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** An entry whose command is an sh of these lines. */
async function entry(name: string, lines: readonly string[], exec: Partial<ExecConfig> = {}): Promise<AuthInfo> {
  const command = await script(path.join(folder, name), ...lines)
  return { exec: { apiVersion: v1, command, interactiveMode: 'Never', ...exec } }
}

describe('execAuth', () => {
  it('keeps what a credential plugin promises', async () => {
    const expirationTimestamp = new Date(Date.now() + 600_000).toISOString()
    const withExpiry = print({ apiVersion: v1, status: { token: 'the-other-token', expirationTimestamp } })
    const env = [{ name: 'SECRET', value: 'value-of-the-env' }]
    const check = checkCredentialPlugin(execAuth({ allow: 'any', onStderr: () => undefined }), {
      everyCommand: true,
      accepts: [
        {
          authInfo: await entry('token', [printsToken], { args: ['--password=value-of-the-flag'] }),
          credentials: { token: 'the-token' },
        },
        {
          authInfo: await entry('expiring', [withExpiry], { env }),
          credentials: { token: 'the-other-token', expiresAt: new Date(expirationTimestamp) },
        },
      ],
      fails: [
        {
          authInfo: await entry('failing', ['echo "refused $SECRET $1" >&2', 'exit 3'], {
            env,
            args: ['--password=value-of-the-flag'],
          }),
          message: /exit code 3; its stderr: "refused \*\*\*/,
        },
        { authInfo: await entry('garbage', ['echo value-of-the-env']), message: /it is no object/ },
        {
          authInfo: { exec: { apiVersion: v1, command: path.join(folder, 'absent'), interactiveMode: 'Never' } },
          message: /is not there/,
        },
        {
          authInfo: await entry('repeating', [
            "printf 'status:\\n  token: token-in-yaml\\n'",
            'echo token-in-yaml >&2',
            'exit 4',
          ]),
          message: /exit code 4; its stderr: "\*\*\*"/,
        },
      ],
      secrets: ['value-of-the-flag', 'token-in-yaml'],
    })
    await expect(check).resolves.toBeUndefined()
  })
})
