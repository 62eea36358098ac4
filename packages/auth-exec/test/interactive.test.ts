import { spawn } from 'node:child_process'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import type { ExecConfig } from '@kubeclient/core/spec'
import { describe, expect, it } from 'vitest'
import { execProvider } from '../src/exec-provider.ts'
import { type Host, nodeHost } from '../src/host.ts'
import { failure } from './support/failure.ts'
import { authInfoContext, credentialContext, script, temporaryFolder, v1, v1beta1 } from './support/sign-in.ts'

const program = fileURLToPath(new URL('programs/sign-in.ts', import.meta.url))

/** A command whose token is what it was told about interaction, and the line that it could read. */
const asks = (): Promise<string> =>
  script(
    path.join(temporaryFolder(), 'plugin'),
    String.raw`interactive=$(printf %s "$KUBERNETES_EXEC_INFO" | sed 's/.*"interactive":\([a-z]*\).*/\1/')`,
    'read -r line',
    `printf '{"apiVersion":"${v1}","status":{"token":"%s/%s"}}' "$interactive" "$line"`,
  )

/** What a program of its own prints, with a pipe as its standard input, which holds an answer. */
async function printed(...args: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, [program, ...args], { stdio: ['pipe', 'pipe', 'inherit'] })
  child.stdin.end('answer\n')
  return (await text(child.stdout)).trim()
}

describe('without a terminal', () => {
  it.each(['Never', 'IfAvailable'])('a command of mode %s is told so, and gets no standard input', async (mode) => {
    expect(await printed(await asks(), mode)).toBe('false/')
  })

  it('a command of mode Always does not run, and the error says why', async () => {
    const why = 'must be able to ask questions (interactiveMode "Always"), and standard input is not a terminal'
    const command = await asks()
    expect(await printed(command, 'Always')).toBe(`user "u": the command "${command}" ${why}`)
  })
})

const terminal: Host = { ...nodeHost(), isTerminal: () => true }
const options = { allow: 'any', timeoutMs: 1000, onStderr: () => undefined, host: terminal } as const

describe('with a terminal', () => {
  it.each([
    ['Never', 'false/'],
    ['IfAvailable', 'true/answer'],
    ['Always', 'true/answer'],
  ])('a command of mode %s is told %s', async (mode, token) => {
    expect(await printed(await asks(), mode, 'terminal')).toBe(token)
  })

  it('a command of v1beta1 without a mode is told so', async () => {
    const command = await script(
      path.join(temporaryFolder(), 'plugin'),
      `case "$KUBERNETES_EXEC_INFO" in *'"interactive":true'*) printf '{"apiVersion":"${v1beta1}","status":{"token":"told"}}' ;; esac`,
    )
    const provider = execProvider({ apiVersion: v1beta1, command }, { ...authInfoContext(), directory: '/' }, options)

    expect(await provider.getCredentials(credentialContext())).toEqual({ token: 'told' })
  })

  it('a command that does not end is ended, though it is in the group of the process', async () => {
    const command = await script(path.join(temporaryFolder(), 'plugin'), 'exec sleep 300')
    const exec: ExecConfig = { apiVersion: v1, command, interactiveMode: 'Always' }
    const provider = execProvider(exec, { ...authInfoContext(), directory: '/' }, options)

    expect((await failure(provider.getCredentials(credentialContext()))).message).toContain('did not end within 1 s')
  })
})
