import { mkdtempSync, rmSync } from 'node:fs'
import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { AuthInfoContext, CredentialContext, Credentials, ExecConfig } from '@kubeclient/core/spec'
import { onTestFinished } from 'vitest'
import { execAuth, type ExecAuthOptions } from '../../src/index.ts'

export const v1 = 'client.authentication.k8s.io/v1'
export const v1beta1 = 'client.authentication.k8s.io/v1beta1'

/** A temporary folder that goes with the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'auth-exec-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** An executable file with these lines of sh; returns its path. */
export async function script(file: string, ...lines: readonly string[]): Promise<string> {
  await mkdir(path.dirname(file), { recursive: true })
  await writeFile(file, ['#!/bin/sh', ...lines, ''].join('\n'))
  await chmod(file, 0o755)
  return file
}

/** The line of sh that prints this. */
export function print(output: unknown): string {
  return `cat <<'end'\n${typeof output === 'string' ? output : JSON.stringify(output)}\nend`
}

export const printsToken: string = print({ apiVersion: v1, kind: 'ExecCredential', status: { token: 'the-token' } })

export interface SignIn {
  /** What is not the usual of the entry. */
  readonly exec?: Partial<ExecConfig>
  readonly options?: Partial<ExecAuthOptions>
  readonly context?: Partial<AuthInfoContext>
  readonly signal?: AbortSignal
  readonly previous?: Credentials
}

export function authInfoContext(context: Partial<AuthInfoContext> = {}): AuthInfoContext {
  const cluster = { server: 'https://127.0.0.1:6443', tls: {}, extensions: [] }
  return { userName: 'u', cluster, directory: tmpdir(), ...context }
}

/** Asks the plugin as a client does. */
export async function signIn({ exec = {}, options = {}, context, signal, previous }: SignIn): Promise<Credentials> {
  const plugin = execAuth({ allow: 'any', onStderr: () => undefined, ...options })
  const stanza: ExecConfig = { apiVersion: v1, command: 'absent', interactiveMode: 'Never', ...exec }
  const provider = plugin.fromAuthInfo({ exec: stanza }, authInfoContext(context))
  if (provider === undefined) throw new Error('the plugin did not take the entry')
  return provider.getCredentials(credentialContext(signal, previous))
}

export function credentialContext(signal?: AbortSignal, previous?: Credentials): CredentialContext {
  return {
    signal: signal ?? new AbortController().signal,
    reason: previous === undefined ? 'initial' : 'refused',
    now: Date.now,
    fetch: () => Promise.reject(new Error('no network is needed')),
    ...(previous !== undefined && { previous }),
  }
}
