import { chmod, mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { candidates, findCommand, hasSeparator } from '../src/find-command.ts'
import { failure } from './support/failure.ts'
import { printsToken, script, signIn, temporaryFolder, v1 } from './support/sign-in.ts'

const linux = (PATH: string): { platform: 'linux'; env: Record<string, string> } => ({
  platform: 'linux',
  env: { PATH },
})

const windows = (env: Record<string, string>): { platform: 'win32'; env: Record<string, string> } => ({
  platform: 'win32',
  env,
})

describe('a path', () => {
  it.each(['bin/plugin', './bin/plugin', './x/../bin/plugin', './bin/plugin/'])(
    '%s is relative to the folder of the kubeconfig',
    async (command) => {
      const directory = temporaryFolder()
      await script(path.join(directory, 'bin/plugin'), printsToken)

      expect(await signIn({ exec: { command }, context: { directory } })).toEqual({ token: 'the-token' })
    },
  )

  it.each<[string, (file: string) => Promise<unknown>, string]>([
    ['nothing', async () => undefined, 'is not there: '],
    ['a folder', (file) => mkdir(file), 'is a folder'],
    ['a file that may not be executed', (file) => writeFile(file, ''), 'may not be executed; chmod +x'],
    [
      'a program for another machine',
      async (file) => {
        await writeFile(file, '\u007FELF\0\0\0\0')
        await chmod(file, 0o755)
      },
      'the command',
    ],
  ])('to %s is an error that says so', async (_, make, message) => {
    const directory = temporaryFolder()
    await make(path.join(directory, 'plugin'))

    const error = await failure(signIn({ exec: { command: './plugin' }, context: { directory } }))

    expect(error.message).toContain('user "u": the command "./plugin"')
    expect(error.message).toContain(message)
  })

  it('is one file name, whatever blanks it holds', async () => {
    const directory = temporaryFolder()
    await script(path.join(directory, 'my plugin --flag'), printsToken)

    expect(await signIn({ exec: { command: './my plugin --flag' }, context: { directory } })).toEqual({
      token: 'the-token',
    })
  })
})

describe('a name', () => {
  it('is looked up in the PATH of the process, not in that of the entry, which the command gets', async () => {
    const [mine, theirs] = [temporaryFolder(), temporaryFolder()]
    const output = JSON.stringify({ apiVersion: v1, status: { token: '%s' } })
    await script(path.join(mine, 'plugin'), `printf '${output}' "$PATH"`)
    await script(path.join(theirs, 'plugin'), `printf '${output}' wrong`)
    vi.stubEnv('PATH', `${mine}:${process.env['PATH']}`)

    const signedIn = signIn({ exec: { command: 'plugin', env: [{ name: 'PATH', value: theirs }] } })

    expect(await signedIn.finally(() => vi.unstubAllEnvs())).toEqual({ token: theirs })
  })

  it('is the first file that may be executed', async () => {
    const [a, b, c] = [temporaryFolder(), temporaryFolder(), temporaryFolder()]
    await mkdir(path.join(a, 'plugin'))
    await writeFile(path.join(b, 'plugin'), '')
    const file = await script(path.join(c, 'plugin'))

    expect(await findCommand('plugin', '/', linux(`/nosuch:${a}:${b}:${c}`))).toEqual({ path: file })
  })

  it.each(['', '.', 'relative', ':/nosuch', '/nosuch:'])(
    'is not looked up in the current folder for PATH=%j',
    async (PATH) => {
      expect(await findCommand('package.json', process.cwd(), linux(PATH))).toEqual({
        isMissing: true,
        reason: 'is in no folder of PATH (relative folders of it do not count); install it, or correct PATH',
      })
    },
  )

  it('that is not installed is an error with the hint of the entry, which cannot steer a terminal', async () => {
    const exec = { command: 'nosuch-plugin', installHint: 'Run:\n\n  apt install x\u001B[2J\u200B' }

    const { message } = await failure(signIn({ exec }))

    expect(message).toContain('the command "nosuch-plugin" is in no folder of PATH')
    expect(message).toMatch(/\n\nRun:\n\n {2}apt install xU\+001B\[2JU\+200B$/)
  })

  it('that is installed and fails is an error without the hint', async () => {
    const command = await script(path.join(temporaryFolder(), 'plugin'), 'exit 1')

    expect((await failure(signIn({ exec: { command, installHint: 'install me' } }))).message).not.toContain(
      'install me',
    )
  })
})

describe('on Windows', () => {
  it('a name is looked up with each extension, in absolute folders only', () => {
    const host = windows({ Path: String.raw`C:\one;.;;bin;"C:\t;wo"`, PathExt: '.EXE;.CMD' })

    expect(candidates('aws', String.raw`C:\kube`, host)).toEqual([
      String.raw`C:\one\aws.exe`,
      String.raw`C:\one\aws.cmd`,
      String.raw`C:\t;wo\aws.exe`,
      String.raw`C:\t;wo\aws.cmd`,
    ])
  })

  it('a name with an extension is tried as it is first', () => {
    expect(candidates('aws.exe', String.raw`C:\kube`, windows({ PATH: String.raw`C:\one`, PATHEXT: '.exe' }))).toEqual([
      String.raw`C:\one\aws.exe`,
      String.raw`C:\one\aws.exe.exe`,
    ])
  })

  it.each([
    [String.raw`bin\aws.exe`, String.raw`C:\kube\bin\aws.exe`],
    ['./aws.exe', String.raw`C:\kube\aws.exe`],
    [String.raw`D:\x\aws.exe`, String.raw`D:\x\aws.exe`],
    [String.raw`\\host\share\aws.exe`, String.raw`\\host\share\aws.exe`],
  ])('the path %s is relative to the folder of the kubeconfig', (command, file) => {
    expect(candidates(command, String.raw`C:\kube`, windows({}))[0]).toBe(file)
  })

  it('a drive makes a path, and elsewhere a backslash makes none', () => {
    expect(hasSeparator('C:aws.exe', 'win32')).toBe(true)
    expect(hasSeparator('aws.exe', 'win32')).toBe(false)
    expect(hasSeparator(String.raw`a\b:c`, 'linux')).toBe(false)
  })
})
