import { mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { CredentialError, type AuthInfo, type CredentialPlugin } from '@kubeclient/core/spec'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { checkCredentialPlugin, type PluginCases } from '../../src/index.ts'
import { isVault, type Parts, vaultAuth } from './vault-auth.ts'
import * as wrong from './wrong-plugins.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'kit-test-'))
afterAll(() => rmSync(folder, { recursive: true }))

const entryOf = (config: Record<string, string>): AuthInfo => ({ 'auth-provider': { name: 'vault', config } })
const authInfo = entryOf({ path: 'k8s', 'vault-token': 'hvs.the-vault-token' })
const responses = [Response.json({ token: 'the-cluster-token', ttl: 600 })]
const cases: PluginCases = {
  accepts: [{ authInfo, credentials: { token: 'the-cluster-token' }, responses }],
  declines: [{ 'auth-provider': { name: 'vault2' } }],
  fails: [{ authInfo, responses: [new Response('', { status: 403 })], message: /answered 403/ }],
  timeoutMs: 500,
}

/** Two entries, with a token each. */
const two: Partial<PluginCases> = {
  accepts: ['k8s', 'other'].map((name) => ({
    authInfo: entryOf({ path: name }),
    credentials: { token: `token-of-${name}` },
    fetch: async (input) => Response.json({ token: `token-of-${path.basename(new Request(input).url)}`, ttl: 600 }),
  })),
}

/** Whether the file system says when a file was read; not all do. */
function keepsAccessTimes(): boolean {
  const file = path.join(folder, 'read')
  writeFileSync(file, 'x')
  utimesSync(file, 0, new Date())
  readFileSync(file)
  return statSync(file).atimeMs > 0
}

function withFile(): Partial<PluginCases> {
  const file = path.join(folder, 'token')
  writeFileSync(file, 'the-token-of-the-file')
  return { accepts: [{ authInfo: entryOf({ path: 'k8s', 'token-path': file }), responses }] }
}

/** The lines of what the kit says. */
async function findings(plugin: CredentialPlugin, given: PluginCases = cases): Promise<readonly string[]> {
  const error = await checkCredentialPlugin(plugin, given).then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (error === undefined) return []
  if (!(error instanceof Error) || !error.message.startsWith('The credential plugin ')) throw error
  return error.message.split('\n').slice(1)
}

/** The rules that a plugin with these parts breaks. */
async function broken(parts: Partial<Parts>, given: Partial<PluginCases> = {}): Promise<readonly string[]> {
  const lines = await findings(vaultAuth(parts), { ...cases, ...given })
  return [...new Set(lines.map((line) => /^- (\w+): /.exec(line)?.[1] ?? line))].toSorted()
}

const takes = (how: Parts['takes']): Partial<Parts> => ({ takes: how })
const gets = (how: Parts['get']): Partial<Parts> => ({ get: how })
const offers = (fromAuthInfo: CredentialPlugin['fromAuthInfo']): Partial<Parts> => ({ plugin: { fromAuthInfo } })

describe('the kit', () => {
  it('finds nothing in a plugin that keeps all rules', async () => {
    expect(await findings(vaultAuth())).toEqual([])
    expect(await findings(vaultAuth(), { ...cases, ...two })).toEqual([])
  })

  it('refuses to check nothing', async () => {
    expect(await broken({}, { accepts: [] })).toEqual(['accepts'])
  })

  it('finds what is no plugin', async () => {
    expect(await findings({} as CredentialPlugin)).toHaveLength(3) // what JavaScript may pass
  })

  it('says of each broken rule what is wrong, and where it was seen', async () => {
    expect(await findings(vaultAuth({ takes: (entry) => entry['auth-provider'] !== undefined }))).toEqual([
      '- declines: it does not return undefined for an entry that is not its own (an auth-provider "kit.example.com/other", and 3 more)',
    ])
  })

  it('shows no secret itself', async () => {
    const lines = await findings(vaultAuth(gets(wrong.quotesAnswer)))
    expect(lines.join('\n')).not.toMatch(/hvs\.the-vault-token|the-cluster-token|kit-planted/)
  })
})

describe('the kit finds, and finds nothing else:', () => {
  afterEach(() => {
    for (const name of ['polluted', 'prototype']) Reflect.deleteProperty(Object.prototype, name)
  })

  it.each<[title: string, rules: readonly string[], Partial<Parts>, Partial<PluginCases>?]>([
    ['another version of the interface', ['interface'], { plugin: { specVersion: 'v2' as 'v1' } }],
    ['a name that could forge a line of a log', ['interface'], { plugin: { name: 'vault\nforged' } }],
    ['a process started for an offer', ['interface'], takes((entry) => isVault(entry) && wrong.startProcess())],
    ['every auth-provider taken', ['declines'], takes((entry) => entry['auth-provider'] !== undefined)],
    ['every command taken', ['declines'], takes((entry) => isVault(entry) || entry.exec !== undefined)],
    [
      'a name looked up in an object',
      ['declines'],
      takes((entry) => typeof entry['auth-provider']?.name === 'string' && entry['auth-provider'].name in { vault: 1 }),
    ],
    ['its own entries handed back', ['accepts', 'fails'], takes(() => false)],
    ['one entry served, ever', ['isolation'], takes(wrong.once()), { fails: [] }],
    ['another token than expected', ['credentials'], gets(wrong.changed(() => ({ token: 'other' })))],
    ['nothing where credentials belong', ['credentials'], gets(wrong.changed(() => ({})))],
    ['a line break in a token', ['credentials'], gets(wrong.changed(({ token }) => ({ token: `${token}\n` })))],
    [
      'a token beside basic auth',
      ['credentials'],
      gets(wrong.changed(({ token }) => ({ token, basic: { username: 'u', password: 'p' } }))),
    ],
    [
      'a certificate that is no PEM',
      ['credentials'],
      gets(wrong.changed(({ token }) => ({ token, clientCertificate: { cert: 'MII', key: 'MII' } }))),
    ],
    [
      'seconds for milliseconds',
      ['expiry'],
      gets(wrong.changed(({ token }) => ({ token, expiresAt: new Date(Date.now() / 1000) }))),
    ],
    [
      'milliseconds taken a thousand times',
      ['expiry'],
      gets(wrong.changed(({ token }) => ({ token, expiresAt: new Date(Date.now() * 1000) }))),
    ],
    ['an invalid date', ['expiry'], gets(wrong.changed(({ token }) => ({ token, expiresAt: new Date('soon') })))],
    ['a renewal with an end that has passed', ['expiry'], gets(wrong.renewsTooLate)],
    ['a cache that nothing empties', ['refresh'], offers(wrong.caching(() => false))],
    ['a cache that the end does not empty', ['refresh'], offers(wrong.caching(({ reason }) => reason === 'refused'))],
    ['a cache of all providers', ['isolation'], offers(wrong.sharing()), { fails: [] }],
    ['the entry that was offered last', ['isolation'], offers(wrong.servesLast()), { ...two, fails: [] }],
    ['a shared call that its first caller ends', ['concurrency'], offers(wrong.borrowsSignal)],
    ['a signal that nobody looks at', ['abort'], gets(wrong.looksAtNoSignal)],
    ['an abort told as a failure', ['abort'], gets(wrong.failsWhenAborted)],
    ['a wait without an end', ['time'], gets(wrong.waitsForEver)],
    ['a process for a configuration that is no file', ['directory'], gets(wrong.startsProcess)],
    ['an odd type met by chance', ['errors'], takes((entry) => entry['auth-provider']?.name.toLowerCase() === 'vault')],
    [
      'an entry changed',
      ['accepts', 'errors', 'fails'],
      takes((entry) => isVault(entry) && Reflect.set(Object.assign(entry, { seen: true }), 'seen', true)),
    ],
    ['`__proto__` merged', ['hostile'], takes((entry) => isVault(entry) && wrong.merge({}, entry))],
    [
      'a line forged',
      ['hostile'],
      takes(wrong.refusing(({ config }) => `no such path: ${String(config?.['path']).slice(0, 99)}`)),
    ],
    ['a line forged by the name of a user', ['hostile'], offers(wrong.namesUser), { fails: [] }],
    [
      'an entry quoted whole',
      ['errors'],
      takes(wrong.refusing(({ config }) => `no such path: ${JSON.stringify(config?.['path'])}`)),
    ],
    ['errors of others', ['errors', 'secrets'], gets(wrong.catchesNothing), { fails: [] }],
    [
      'a CredentialError of another provider',
      ['errors'],
      gets(wrong.failing(() => new CredentialError('vault answered 403', { provider: 'vlt' }))),
    ],
    [
      'an error without words',
      ['errors'],
      gets(wrong.failing(() => new CredentialError(' ', { provider: 'vault' }))),
      { fails: [] },
    ],
    [
      'a failure for another reason',
      ['fails'],
      {},
      { fails: [{ authInfo, responses: [new Response('')], message: /403/ }] },
    ],
    ['no failure where one belongs', ['fails'], {}, { fails: [{ authInfo, responses, message: /403/ }] }],
    ['the answer in a message', ['secrets'], gets(wrong.quotesAnswer)],
    ['the error of a library as the cause', ['secrets'], gets(wrong.passesCause), { fails: [] }],
    [
      'a secret in a field of an error',
      ['secrets'],
      gets(wrong.failing((error) => Object.assign(Object(error), { sent: 'hvs.the-vault-token' }))),
    ],
    [
      'a secret that only the case knows',
      ['secrets'],
      gets(wrong.failing((error) => Object.assign(Object(error), { role: 'the-role' }))),
      { secrets: ['the-role'] },
    ],
  ])('%s', async (_, rules, parts, given) => {
    expect(await broken(parts, given)).toEqual(rules)
  })

  it.runIf(keepsAccessTimes())('a file read for a configuration that is no file', async () => {
    expect(await broken(gets(wrong.readsFile), withFile())).toEqual(['directory'])
  })
})
