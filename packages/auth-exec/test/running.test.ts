import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { getEventListeners } from 'node:events'
import { isKubeError } from '@kubeclient/core/spec'
import { describe, expect, it, vi } from 'vitest'
import { execAuth } from '../src/index.ts'
import { everythingShown, failure } from './support/failure.ts'
import { print, printsToken, script, signIn, temporaryFolder } from './support/sign-in.ts'

const secret = 's3cret-hunter2'

/** A command of these lines. */
const command = (...lines: readonly string[]): Promise<string> =>
  script(path.join(temporaryFolder(), 'plugin'), ...lines)

/** Resolves when no process has this id any more, or only its remains. */
async function gone(pid: number): Promise<void> {
  await vi.waitFor(
    async () => {
      const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
      if (status !== '' && !/\) [ZX] /.test(status)) throw new Error(`process ${pid} is alive`)
      if (status === '' && isAlive(pid)) throw new Error(`process ${pid} is alive`)
    },
    { timeout: 10_000, interval: 20 },
  )
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/** The numbers that a command writes into a file, once it has written as many. */
async function numbersIn(file: string, count: number): Promise<readonly number[]> {
  return vi.waitFor(
    async () => {
      const numbers = (await readFile(file, 'utf8')).trim().split('\n').map(Number)
      if (numbers.length < count) throw new Error('not yet')
      return numbers
    },
    { timeout: 10_000, interval: 10 },
  )
}

describe('a command', () => {
  it('gives the token that it prints', async () => {
    expect(await signIn({ exec: { command: await command(printsToken) } })).toEqual({ token: 'the-token' })
  })

  it('gets its arguments as they are written, without a shell', async () => {
    const file = path.join(temporaryFolder(), 'args')
    const args = ['', '$HOME', '*', ';', 'a b', '`id`', '--x="y"']

    await signIn({
      exec: { command: await command(`for a in "$@"; do printf '[%s]' "$a" >> '${file}'; done`, printsToken), args },
    })

    expect(await readFile(file, 'utf8')).toBe(args.map((arg) => `[${arg}]`).join(''))
  })

  it('runs in the folder of the process, not in that of the kubeconfig', async () => {
    const folder = temporaryFolder()
    await signIn({
      exec: { command: await command(`pwd > '${folder}/pwd'`, printsToken) },
      context: { directory: folder },
    })

    expect((await readFile(path.join(folder, 'pwd'), 'utf8')).trim()).toBe(process.cwd())
  })

  it.each<[string, readonly string[], string]>([
    ['fails', ['exit 3'], 'failed with exit code 3'],
    ['is ended by a signal', ['kill -9 $$'], 'was ended by SIGKILL'],
    ['fails after it has printed a credential', [printsToken, 'exit 1'], 'failed with exit code 1'],
    ['prints nothing', ['exit 0'], 'printed nothing to its stdout'],
    [
      'prints to stderr only',
      ['echo who are you >&2'],
      'printed nothing to its stdout, where an ExecCredential belongs; its stderr: "who are you"',
    ],
    ['prints binary data', [String.raw`printf '\377\376\000'`], 'printed what is not text in UTF-8'],
    ['prints too much', ['head -c 1048577 /dev/zero'], 'printed more than 1 MiB'],
    ['prints without end', ['yes'], 'printed more than 1 MiB'],
  ])('that %s is named in the error', async (_, lines, message) => {
    const error = await failure(signIn({ exec: { command: await command(...lines) } }))

    expect(error).toMatchObject({ provider: 'exec', message: expect.stringContaining(message) })
    expect(error.cause).toBeUndefined()
    expect(error.message).toMatch(/^user "u": the command "\/.*\/plugin" /)
  })

  it('may end while something that it has started keeps its output open', async () => {
    const folder = temporaryFolder()
    const started = await command(`sleep 300 & echo $! > '${folder}/pid'`, printsToken)

    expect(await signIn({ exec: { command: started } })).toEqual({ token: 'the-token' })

    const [pid = 0] = await numbersIn(path.join(folder, 'pid'), 1)
    expect(isAlive(pid)).toBe(true) // a helper that is meant to stay
    process.kill(pid)
  })

  it('leaves no listener behind', async () => {
    const { signal } = new AbortController()
    const before = process.eventNames().map((name) => process.listenerCount(name))

    await signIn({ exec: { command: await command(printsToken) }, signal })
    await failure(signIn({ exec: { command: await command('exit 1') }, signal }))

    expect(getEventListeners(signal, 'abort')).toEqual([])
    expect(process.eventNames().map((name) => process.listenerCount(name))).toEqual(before)
  })
})

describe('a command that does not end', () => {
  it.each<[string, readonly string[]]>([
    ['prints nothing', ['sleep 300']],
    ['has closed its output', ['exec >&- 2>&-', 'sleep 300']],
    ['has printed a credential', [printsToken, 'sleep 300']],
    ['does not heed SIGTERM', ["trap '' TERM", 'while :; do sleep 300; done']],
  ])('and %s is ended after its time, with all that it has started', async (_, lines) => {
    const folder = temporaryFolder()
    const child = `sh -c 'echo $$ >> "${folder}/pids"; exec sleep 300' &`
    const hanging = await command(`echo $$ >> '${folder}/pids'`, child, ...lines)

    const error = await failure(signIn({ exec: { command: hanging }, options: { timeoutMs: 1500 } }))

    expect(error.message).toContain('did not end within 1.5 s')
    for (const pid of await numbersIn(path.join(folder, 'pids'), 2)) await gone(pid)
  })

  it('is ended when nobody waits any more, with all that it has started', async () => {
    const folder = temporaryFolder()
    const child = `sh -c 'echo $$ >> "${folder}/pids"; exec sleep 300' &`
    const hanging = await command(`echo $$ >> '${folder}/pids'`, child, 'sleep 300')
    const controller = new AbortController()
    const reason = new Error('enough')

    const outcome = signIn({ exec: { command: hanging }, signal: controller.signal })
    const pids = await numbersIn(path.join(folder, 'pids'), 2)
    controller.abort(reason)

    await expect(outcome).rejects.toBe(reason)
    for (const pid of pids) await gone(pid)
    expect(getEventListeners(controller.signal, 'abort')).toEqual([])
  })

  it('is not started when nobody waits from the beginning', async () => {
    const folder = temporaryFolder()
    const reason = new Error('enough')

    const outcome = signIn({
      exec: { command: await command(`touch '${folder}/ran'`, printsToken) },
      signal: AbortSignal.abort(reason),
    })

    await expect(outcome).rejects.toBe(reason)
    await expect(readFile(path.join(folder, 'ran'))).rejects.toThrow('ENOENT')
  })
})

describe('stderr', () => {
  it('is passed on as it comes, also of a command that succeeds', async () => {
    const folder = temporaryFolder()
    const heard: string[] = []
    const waiting = await command(
      'echo open https://example.com in a browser >&2',
      `until test -e '${folder}/done'; do sleep 0.05; done`,
      printsToken,
    )

    const signedIn = signIn({
      exec: { command: waiting },
      options: {
        onStderr: (text) => {
          heard.push(text)
          void writeFile(path.join(folder, 'done'), '')
        },
      },
    })

    expect(await signedIn).toEqual({ token: 'the-token' })
    expect(heard.join('')).toBe('open https://example.com in a browser\n')
  })

  it('is passed on up to 64 KiB, and the end of it is in the error', async () => {
    let heard = ''
    const noisy = await command('yes noise | head -c 5000000 >&2', 'echo the reason >&2', 'exit 1')

    const error = await failure(
      signIn({
        exec: { command: noisy },
        options: {
          onStderr: (text) => {
            heard += text
          },
        },
      }),
    )

    expect(heard).toHaveLength(64 * 1024)
    expect(error.message).toMatch(/noise\\nno?the reason"$/)
    expect(error.message.length).toBeLessThan(4000)
  })

  it('is in the error without half of a secret, wherever its beginning is cut off', async () => {
    vi.stubEnv('MY_API_TOKEN', 'x'.repeat(500))
    const messages: string[] = []
    for (const lines of [20, 200, 2000]) {
      const noisy = await command(`yes "$MY_API_TOKEN because" | head -n ${lines} >&2`, 'printf end >&2', 'exit 1')
      messages.push((await failure(signIn({ exec: { command: noisy } }))).message)
    }
    vi.unstubAllEnvs()

    expect(messages.join('')).not.toContain('xx')
    expect(messages[0]).toMatch(/"(?:\*\*\* because\\n){20}end"$/)
    expect(messages[1]).toMatch(/because\\n\*\*\* because\\nend"$/)
    expect(messages[2]).toMatch(/failed with exit code 1$/)
  })

  it('cannot steer a terminal through the error', async () => {
    const error = await failure(
      signIn({ exec: { command: await command(String.raw`printf 'a\033[2Jb\ninfo: all is well' >&2`, 'exit 1') } }),
    )

    expect(error.message).toContain(String.raw`its stderr: "a\u001b[2Jb\ninfo: all is well"`)
  })

  it('is in the error without secrets', async () => {
    const jwt = `eyJ${'a'.repeat(20)}.eyJ${'b'.repeat(20)}.${'c'.repeat(40)}`
    const talkative = await command(
      'echo "$OWN; $MY_API_TOKEN; $2; $3" >&2',
      `echo 'Authorization: Bearer abcdefgh12345' >&2`,
      `echo '${jwt} old-token printed-token' >&2`,
      String.raw`printf -- '-----BEGIN EC PRIVATE KEY-----\nMHcCAQEE\n-----END EC PRIVATE KEY-----\n' >&2`,
      print({ status: { token: 'printed-token' } }),
      'exit 1',
    )
    vi.stubEnv('MY_API_TOKEN', `${secret}-of-process`)

    const error = await failure(
      signIn({
        exec: {
          command: talkative,
          args: ['--client-secret', `${secret}-of-arg`, `--password=${secret}-x`],
          env: [{ name: 'OWN', value: `${secret}-own` }],
        },
        previous: { token: 'old-token' },
      }),
    ).finally(() => vi.unstubAllEnvs())

    expect(error.message).toContain('its stderr: "***; ***; ***; --password=***')
    expect(everythingShown(error)).not.toMatch(/hunter2|abcdefgh|eyJ|old-token|printed-token|MHcCAQEE/)
  })

  it('goes to the stderr of the process unless somebody asks for it', async () => {
    const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
    try {
      await signIn({
        exec: { command: await command('echo hello >&2', printsToken) },
        options: { onStderr: undefined },
      })

      expect(write.mock.calls.map(([text]) => text)).toEqual(['hello\n'])
    } finally {
      write.mockRestore()
    }
  })

  it('ends the run with what its listener throws', async () => {
    const reason = new Error('no room')
    const outcome = signIn({
      exec: { command: await command('echo hello >&2', 'sleep 300') },
      options: {
        onStderr: () => {
          throw reason
        },
      },
    })

    await expect(outcome).rejects.toBe(reason)
  })
})

describe('the environment', () => {
  it('is that of the process, then that of the entry, of which the last counts', async () => {
    const folder = temporaryFolder()
    vi.stubEnv('FROM_PROCESS', 'p')
    vi.stubEnv('REPLACED', 'p')

    await signIn({
      exec: {
        command: await command(
          `printf '%s|%s|%s|%s' "$FROM_PROCESS" "$REPLACED" "$TWICE" "$EMPTY" > '${folder}/env'`,
          `env | grep -a '^__proto__=' >> '${folder}/env'`,
          printsToken,
        ),
        env: [
          { name: 'REPLACED', value: 'e' },
          { name: 'TWICE', value: '1' },
          { name: 'TWICE', value: '2' },
          { name: 'EMPTY', value: '' },
          { name: '__proto__', value: 'v' },
        ],
      },
    }).finally(() => vi.unstubAllEnvs())

    expect(await readFile(path.join(folder, 'env'), 'utf8')).toBe('p|e|2|__proto__=v\n')
  })

  it('too large for the system is said to be so, without a word of it', async () => {
    const big = secret.repeat(20_000)
    const working = await command(printsToken)

    const own = await failure(signIn({ exec: { command: working, env: [{ name: 'BIG', value: big }] } }))
    const ca = await failure(
      signIn({
        exec: { command: working, provideClusterInfo: true },
        context: { cluster: { server: 'https://a', tls: { ca: big }, extensions: [] } },
      }),
    )

    expect(own.message).toContain('cannot be started: the system answers E2BIG')
    expect(ca.message).toContain('the certificate authority of the cluster is too large for "provideClusterInfo"')
    expect(everythingShown(own) + everythingShown(ca)).not.toContain('hunter2')
  })
})

const attempt = (exec: object, context: object = {}): Promise<unknown> => signIn({ exec, context })

describe('an entry', () => {
  it('of a kubeconfig that is no file runs nothing', async () => {
    const folder = temporaryFolder()
    const plugin = await command(`touch '${folder}/ran'`, printsToken)

    await expect(attempt({ command: plugin }, { directory: undefined })).rejects.toMatchObject({
      code: 'KUBE_CONFIG',
      message: 'it runs commands for kubeconfigs that are files; use loadKubeconfig() or readKubeconfig()',
    })
    await expect(readFile(path.join(folder, 'ran'))).rejects.toThrow('ENOENT')
  })

  it.each([
    [{ command: '' }, '"command" is empty'],
    [{ command: 'a\0' }, '"command" is empty or holds a NUL'],
    [{ args: [`${secret}\0`] }, '"args" holds a NUL'],
    [{ env: [{ name: 'A=B', value: secret }] }, 'a name in "env" is empty, or holds "="'],
    [{ env: [{ name: '', value: secret }] }, 'a name in "env" is empty'],
    [{ env: [{ name: 'A', value: `${secret}\0` }] }, '"env" "A" holds a NUL'],
  ])('%j is refused before anything runs, and not quoted', async (exec, message) => {
    const error: unknown = await attempt({ command: 'cat', ...exec }).catch((reason: unknown) => reason)

    expect(isKubeError(error, 'KUBE_CONFIG') && error.message).toContain(message)
    expect(everythingShown(error as Error)).not.toContain('hunter2') // isKubeError said so
  })

  it('without "exec" is left to other plugins', () => {
    const context = { userName: 'u', cluster: { server: 'https://a', tls: {}, extensions: [] } }
    expect(execAuth({ allow: 'any' }).fromAuthInfo({ token: 't' }, context)).toBeUndefined()
  })
})

describe('execAuth', () => {
  it('refuses an onStderr that is no function', () => {
    // @ts-expect-error -- a program without types
    expect(() => execAuth({ allow: 'any', onStderr: 5 })).toThrow('"onStderr" must be a function')
  })

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31])('refuses a timeoutMs of %s', (timeoutMs) => {
    expect(() => execAuth({ allow: 'any', timeoutMs })).toThrow(
      '"timeoutMs" must be a number of milliseconds from 1 on',
    )
  })
})
