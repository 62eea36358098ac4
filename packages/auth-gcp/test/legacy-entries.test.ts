import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { CredentialError, Credentials } from '@kubeclient/core/spec'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { gcpAuth, type GcpAuthOptions } from '../src/index.ts'
import { authInfoContext } from './support/context.ts'
import { authorizedUser, useGcloudFile } from './support/credential-files.ts'
import { temporaryFolder, useNoGoogle } from './support/environment.ts'
import { everythingShown, failure } from './support/failure.ts'
import { startFakeGoogle } from './support/fake-google.ts'
import { type EntrySignIn, signInAs } from './support/sign-in.ts'

useNoGoogle()

const expiry = '2026-11-28T12:32:08Z'
const helper = { credential: { access_token: 'ya29.of-gcloud', token_expiry: expiry } }
const keys = { 'token-key': '{.credential.access_token}', 'expiry-key': '{.credential.token_expiry}' }

let folder: string
beforeEach(() => {
  folder = temporaryFolder()
})

/** An executable file with these lines of sh; returns its path. */
function script(name: string, ...lines: readonly string[]): string {
  const file = path.join(folder, name)
  mkdirSync(path.dirname(file), { recursive: true })
  writeFileSync(file, ['#!/bin/sh', ...lines, ''].join('\n'))
  chmodSync(file, 0o755)
  return file
}

function print(output: unknown): string {
  return `cat <<'end'\n${typeof output === 'string' ? output : JSON.stringify(output)}\nend`
}

function signIn(config: Record<string, string>, { context, ...options }: EntrySignIn = {}): Promise<Credentials> {
  const entry = { 'auth-provider': { name: 'gcp', config } }
  return signInAs(entry, { options: { allow: 'any' }, ...options, context: { directory: folder, ...context } })
}

describe('an entry without a command', () => {
  it('gets application-default credentials, for both scopes', async () => {
    const google = await startFakeGoogle({ '/token': { body: { access_token: 'ya29.of-google', expires_in: 3600 } } })
    useGcloudFile(authorizedUser)
    expect(await signIn({ 'access-token': 'old' }, { request: { fetch: google.fetch } })).toMatchObject({
      token: 'ya29.of-google',
    })
  })
})

describe('a command', () => {
  it('gives the token and its end', async () => {
    const command = script('gcloud', '[ "$*" = "config config-helper --format=json" ] || exit 1', print(helper))
    const config = { 'cmd-path': command, 'cmd-args': 'config config-helper  --format=json', ...keys }
    expect(await signIn(config)).toEqual({ token: 'ya29.of-gcloud', expiresAt: new Date(expiry) })
  })

  it('runs again each time', async () => {
    const count = `${folder}/count`
    const command = script('gcloud', `echo >> '${count}'`, `printf '{"access_token":"t%d"}' "$(wc -l < '${count}')"`)
    const tokens = [await signIn({ 'cmd-path': command }), await signIn({ 'cmd-path': command })]
    expect(tokens).toEqual([{ token: 't1' }, { token: 't2' }])
  })

  it('without "cmd-args" is a whole line', async () => {
    const command = script('gcloud', '[ "$*" = "a b" ] || exit 1', print({ access_token: 't', token_expiry: expiry }))
    expect(await signIn({ 'cmd-path': `${command} a  b` })).toEqual({ token: 't', expiresAt: new Date(expiry) })
  })

  it('is no line for a shell', async () => {
    const command = script('gcloud', '[ "$1" = "\'\\$HOME;x\'" ] || exit 1', print({ access_token: 't' }))
    expect(await signIn({ 'cmd-path': command, 'cmd-args': `'$HOME;x'` })).toEqual({ token: 't' })
  })

  it('may be relative to the kubeconfig, or a name that PATH finds', async () => {
    script('bin/gcloud', print({ access_token: 't' }))
    expect(await signIn({ 'cmd-path': 'bin/gcloud' })).toEqual({ token: 't' })
    vi.stubEnv('PATH', `.:${folder}/bin:${process.env['PATH']}`)
    expect(await signIn({ 'cmd-path': 'gcloud' })).toEqual({ token: 't' })
  })

  it.each<[Record<string, string>, object]>([
    [{ 'token-key': '.a.b' }, { a: { b: 't' } }],
    [{ 'token-key': 'a-b' }, { 'a-b': 't' }],
    [{ 'token-key': '{a}' }, { a: 't' }],
    [{ 'expiry-key': '{.absent}' }, { access_token: 't', token_expiry: 'x' }],
    [{ 'time-fmt': 'Mon Jan 2' }, { access_token: 't', token_expiry: 'Sat Nov 28' }],
  ])('has its token where %j says', async (config, output) => {
    const command = script('gcloud', print(output))
    expect(await signIn({ 'cmd-path': command, ...config })).toEqual({ token: 't' })
  })

  it.each([
    [undefined, '2026-11-28T12:32:08.123456789Z', '2026-11-28T12:32:08.123Z'],
    [undefined, '2026-11-28T13:32:08+01:00', '2026-11-28T12:32:08.000Z'],
    ['2006-01-02 15:04:05.999999999', '2026-11-28 12:32:08.5', '2026-11-28T12:32:08.500Z'],
  ])('may write times as %s', async (format, written, expected) => {
    const command = script('gcloud', print({ access_token: 't', token_expiry: written }))
    const config = { 'cmd-path': command, ...(format !== undefined && { 'time-fmt': format }) }
    expect((await signIn(config)).expiresAt?.toISOString()).toBe(expected)
  })
})

describe('what may run', () => {
  it('is nothing, unless the program says so', async () => {
    const command = script('gcloud', `: > '${folder}/ran'`, print(helper))
    for (const options of [{}, { allow: [] }, { allow: ['aws', '/bin/ls', `${folder}/absent`] }]) {
      const error = await failure(signIn({ 'cmd-path': command }, { options }))
      expect(error.message).toBe(
        `user "u": the command "${command}" is not allowed to run; if you trust it, pass gcpAuth({ allow: ["${command}"] })`,
      )
    }
    expect(existsSync(`${folder}/ran`)).toBe(false)
  })

  it('is a file, by name or by path', async () => {
    const command = script('bin/gcloud', print({ access_token: 't' }))
    symlinkSync(`${folder}/bin`, `${folder}/link`)
    vi.stubEnv('PATH', `${folder}/bin:${process.env['PATH']}`)
    for (const entry of ['gcloud', command, `${folder}/link/gcloud`]) {
      for (const asked of ['gcloud', command])
        expect(await signIn({ 'cmd-path': asked }, { options: { allow: [entry] } })).toEqual({ token: 't' })
    }
  })

  it('is not another file of the same name', async () => {
    script('bin/gcloud', print(helper))
    const other = script('other/gcloud', print(helper))
    vi.stubEnv('PATH', `${folder}/bin:${process.env['PATH']}`)
    const error = await failure(signIn({ 'cmd-path': other }, { options: { allow: ['gcloud'] } }))
    expect(error.message).toMatch(/is not allowed to run/)
  })

  it('is nothing of a kubeconfig that is no file', () => {
    const entry = { 'auth-provider': { name: 'gcp', config: { 'cmd-path': 'gcloud' } } }
    const { directory: _, ...context } = authInfoContext()
    expect(() => gcpAuth({ allow: 'any' }).fromAuthInfo(entry, context)).toThrow(
      /^it runs commands for kubeconfigs that are files; use loadKubeconfig\(\) or readKubeconfig\(\)$/,
    )
  })

  it.each([
    ['gcloud', `gcpAuth: "allow" is a list of commands, or 'any'`],
    [[''], 'gcpAuth: an entry of "allow" is no name'],
    [['./gcloud'], 'gcpAuth: "allow" holds "./gcloud"; an entry is a name without folders, or an absolute path'],
  ])('is a list: %j', (allow, message) => {
    const options = { allow } as unknown as GcpAuthOptions // what JavaScript lets through
    expect(() => gcpAuth(options)).toThrow(expect.objectContaining({ code: 'KUBE_CONFIG', message }))
  })
})

describe('a command that gives no token', () => {
  it.each<[string, readonly string[], RegExp]>([
    ['is told with its code and stderr', ['echo ouch >&2', 'exit 3'], /failed with exit code 3; its stderr: "ouch"$/],
    ['is told with its signal', ['kill -9 $$'], /was ended by SIGKILL$/],
    ['prints nothing', ['true'], /printed what is no JSON; does "cmd-args" have --format=json\?$/],
    ['prints YAML', [print('access_token: ya29.secret')], /printed what is no JSON/],
    ['prints a list', [print([])], /printed no access token at "token-key" \(access_token\)$/],
    ['prints null', [print('null')], /printed no access token/],
    ['prints a prototype', [print('{"__proto__":{"access_token":"ya29.secret"}}')], /printed no access token/],
    ['prints a number', [print({ access_token: 1 })], /printed an access token that is no text/],
    ['prints a line break', [print({ access_token: 'ya29.secret\n' })], /printed an access token with a blank/],
    [
      'prints no time',
      [print({ access_token: 'ya29.secret', token_expiry: 'soon' })],
      /printed what is no time at "expiry-key" \(token_expiry\); one is "2026-11-28T12:00:00Z"$/,
    ],
    [
      'prints a day that is none',
      [print({ access_token: 'ya29.secret', token_expiry: '2026-02-31T00:00:00Z' })],
      /no time/,
    ],
    ['prints a time that is no text', [print({ access_token: 'ya29.secret', token_expiry: 7 })], /no time/],
    ['prints too much', ['yes'], /printed more than 1 MiB$/],
  ])('%s', async (_, lines, message) => {
    const error: CredentialError = await failure(signIn({ 'cmd-path': script('gcloud', ...lines) }))
    expect(error.message).toMatch(message)
    expect(error.message).toContain(`user "u": the command "${folder}/gcloud" `)
    expect(everythingShown(error)).not.toContain('ya29')
  })

  it('is not believed to have printed what every object has', async () => {
    const config = { 'cmd-path': script('gcloud', print({})), 'token-key': '{.constructor.name}' }
    expect((await failure(signIn(config))).message).toMatch(
      /printed no access token at "token-key" \(constructor.name\)$/,
    )
  })

  it('is quoted without secrets', async () => {
    vi.stubEnv('MY_SECRET', 'a-secret-of-the-environment')
    const command = script(
      'gcloud',
      'printf \'{"access_token":"the-printed-token"\'',
      'echo "the-printed-token the-old-token $MY_SECRET ya29.x" >&2',
      'exit 1',
    )
    const request = { reason: 'refused', previous: { token: 'the-old-token' } } as const
    const error = await failure(signIn({ 'cmd-path': command }, { request }))
    expect(error.message).toMatch(/its stderr: "\*\*\* \*\*\* \*\*\* \*\*\*"$/)
  })

  it('is quoted from its end, and never with half of a secret', async () => {
    const secret = 'x'.repeat(400)
    const printed = `printf '{"access_token":"${secret}"'`
    const long = script('gcloud', printed, `yes '${secret} because' | head -n 150 >&2`, 'exit 1')
    const longer = script('gcloud2', printed, `yes '${secret} because' | head -n 200 >&2`, 'exit 1')

    const message = (await failure(signIn({ 'cmd-path': long }))).message

    expect(message).toMatch(/its stderr: "(?:….{0,20})?(?:\*{1,3} because\\n)+\*\*\* because"$/)
    expect(message).not.toContain('xx')
    expect((await failure(signIn({ 'cmd-path': longer }))).message).toMatch(/its stderr: "\(more than 64 KiB\)"$/)
  })

  it('is not looked for in a folder of PATH that is relative', async () => {
    script('gcloud', print({ access_token: 't' }))
    vi.stubEnv('PATH', path.relative('', folder))
    expect((await failure(signIn({ 'cmd-path': 'gcloud' }))).message).toMatch(/"gcloud" is not there/)
  })

  it('is not there', async () => {
    const error = await failure(signIn({ 'cmd-path': './absent' }))
    expect(error.message).toBe(
      'user "u": the command "./absent" is not there, or may not be executed; install it, or correct "cmd-path" or PATH',
    )
  })

  it('cannot be started', async () => {
    writeFileSync(path.join(folder, 'broken'), '#!/absent/interpreter\n')
    chmodSync(path.join(folder, 'broken'), 0o755)
    const line = `./broken ${'x'.repeat(200_000)}`
    expect((await failure(signIn({ 'cmd-path': line }))).message).toMatch(/cannot be started: the system answers E\w+$/)
    expect((await failure(signIn({ 'cmd-path': './broken' }))).message).toMatch(
      /cannot be started: the system answers ENOENT$/,
    )
  })

  it('is ended when it takes too long, with all that it has started', async () => {
    const command = script('gcloud', `sleep 60 & echo $! > '${folder}/pid'`, 'wait')
    const options = { allow: 'any', timeoutMs: 400 } as const
    const error = await failure(signIn({ 'cmd-path': command }, { options }))
    expect(error.message).toMatch(/did not end within 0.4 s$/)
    await vi.waitFor(() => expect(isAlive(folder)).toBe(false))
  })

  it('is ended when nobody waits any longer', async () => {
    const controller = new AbortController()
    const command = script('gcloud', `sleep 60 & echo $! > '${folder}/pid'`, 'wait')
    const call = signIn({ 'cmd-path': command }, { request: { signal: controller.signal } })
    await vi.waitFor(() => expect(isAlive(folder)).toBe(true))
    const reason = new Error('enough')
    controller.abort(reason)
    await expect(call).rejects.toBe(reason)
    await vi.waitFor(() => expect(isAlive(folder)).toBe(false))
  })

  it('does not keep anybody waiting for what it left running', async () => {
    const command = script('gcloud', 'sleep 60 &', `echo $! > '${folder}/pid'`, print({ access_token: 't' }))
    expect(await signIn({ 'cmd-path': command })).toEqual({ token: 't' })
    process.kill(pidIn(folder))
  })
})

describe('an entry that cannot be', () => {
  it.each<[Record<string, unknown>, string]>([
    [{ 'cmd-path': '' }, '"cmd-path" is empty'],
    [{ 'cmd-path': ' ' }, '"cmd-path" is empty'],
    [{ 'cmd-path': '', 'cmd-args': 'x' }, '"cmd-path" is empty'],
    [{ 'cmd-path': 7 }, '"cmd-path" is no text'],
    [{ 'cmd-path': 'a\0b' }, '"cmd-path" or "cmd-args" holds a NUL'],
    [{ 'cmd-path': 'a', scopes: 'x' }, '"scopes" and "cmd-path" are both set, and a command knows no scopes'],
    ...['{.a[0]}', '{.a', '{..a}', '{.a.}', `{.a['b']}`, '{.a}{.b}', '{range .a}', '$.a'].map(
      (key): [Record<string, unknown>, string] => [
        { 'cmd-path': 'a', 'token-key': key },
        '"token-key" is no path of names with dots, such as "{.credential.access_token}"',
      ],
    ),
  ])('%j', (config, message) => {
    const entry = { 'auth-provider': { name: 'gcp', config: config as Record<string, string> } } // what is tested
    expect(() => gcpAuth({ allow: 'any' }).fromAuthInfo(entry, authInfoContext())).toThrow(
      expect.objectContaining({ code: 'KUBE_CONFIG', message }),
    )
  })

  it('is none of another provider', () => {
    expect(gcpAuth().fromAuthInfo({ 'auth-provider': { name: 'azure' } }, authInfoContext())).toBeUndefined()
    expect(gcpAuth().fromAuthInfo({ token: 't' }, authInfoContext())).toBeUndefined()
  })
})

function pidIn(place: string): number {
  return Number(readFileSync(`${place}/pid`, 'utf8'))
}

/** What nobody has taken notice of yet has ended all the same. */
function isAlive(place: string): boolean {
  try {
    const pid = pidIn(place)
    const isThere = process.kill(pid, 0)
    return process.platform === 'linux' ? !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8')) : isThere
  } catch {
    return false
  }
}
