import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, lstat, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { AuthInfo, AuthInfoContext } from '@kubeclient/core/spec'
import { loadKubeconfig, parseKubeconfig, readKubeconfig } from '@kubeclient/kubeconfig'
import { describe, expect, it } from 'vitest'
import { withLocks } from '../src/lock-files.ts'
import { temporaryFolder } from './folder.ts'
import { everythingShown, kubeconfig, rejection } from './kubeconfig.ts'

const text = `# mine
apiVersion: v1
kind: Config
current-context: c
clusters: [{name: k, cluster: {server: 'https://127.0.0.1:6443', colour: blue}}]
contexts:
- name: c # the only one
  context: {cluster: k, user: u}
users:
- name: other
  user:
    token: untouched-token
- name: u
  user:
    note: unknown to us
    auth-provider:
      name: oidc
      config:
        # from the sign-in
        id-token: old
        refresh-token: "0123"
        yes-no: 'yes'
`

type Persist = NonNullable<AuthInfoContext['persist']>

/** What a plugin gets. */
async function persistOf(path: string | readonly string[]): Promise<Persist> {
  let context: AuthInfoContext | undefined
  const fromAuthInfo = (_: AuthInfo, given: AuthInfoContext) => {
    context = given
    return { name: 'test', getCredentials: async () => ({ token: 't' }) }
  }
  await loadKubeconfig({ path, plugins: [{ specVersion: 'v1', name: 'test', fromAuthInfo }] })
  if (context?.persist === undefined) throw new Error('expected a way to write back')
  return context.persist
}

function withTokens(current: AuthInfo, tokens: Readonly<Record<string, string>>): AuthInfo {
  const provider = current['auth-provider']
  return { ...current, 'auth-provider': { name: 'oidc', config: { ...provider?.config, ...tokens } } }
}

describe('what a plugin writes back', () => {
  it('changes its own fields and nothing else, comments and unknown fields included', async () => {
    const file = await temporaryFolder().write('config', text)

    await (
      await persistOf(file)
    )(async (current) => withTokens(current, { 'id-token': 'yes', 'new-key': '1e3' }))

    const after = text
      .replace('id-token: old', 'id-token: "yes"')
      .replace("yes-no: 'yes'", `yes-no: 'yes'\n        new-key: "1e3"`)
    expect(await readFile(file, 'utf8')).toBe(after)
  })

  it('may remove a field, and add what was not there', async () => {
    const file = await temporaryFolder().write('config', text)
    const persist = await persistOf(file)

    await persist(async () => ({ token: 'now-static' }))

    expect((await loadKubeconfig({ path: file })).credentials).toEqual({ token: 'now-static' })
    expect(await readFile(file, 'utf8')).not.toContain('auth-provider')
  })

  it('stays JSON in a JSON file', async () => {
    const data = kubeconfig({ user: { 'auth-provider': { name: 'oidc' }, note: 1 } })
    const file = await temporaryFolder().write('config', JSON.stringify(data))

    await (
      await persistOf(file)
    )(async (current) => withTokens(current, { 'id-token': 'new' }))

    const written: { users: { user: object }[] } = JSON.parse(await readFile(file, 'utf8'))
    expect(written).toMatchObject({ users: [{ user: { 'auth-provider': { config: { 'id-token': 'new' } } } }] })
  })

  it('is handed the entry as it is now, not as it was when it was loaded', async () => {
    const file = await temporaryFolder().write('config', text)
    const persist = await persistOf(file)
    await writeFile(file, text.replace('id-token: old', 'id-token: newer'))
    const seen: unknown[] = []

    await persist(async (current) => {
      seen.push(current['auth-provider']?.config?.['id-token'])
      return undefined
    })

    expect(seen).toEqual(['newer'])
    expect(await readFile(file, 'utf8')).toBe(text.replace('id-token: old', 'id-token: newer'))
  })

  it.runIf(process.platform !== 'win32')('keeps the mode of the file, and a symbolic link one', async () => {
    const folder = temporaryFolder()
    const target = await folder.write('real/config', text)
    await chmod(target, 0o640)
    await symlink(target, folder.path('link'))

    await (
      await persistOf(folder.path('link'))
    )(async (current) => withTokens(current, { 'id-token': 'new' }))

    expect((await lstat(folder.path('link'))).isSymbolicLink()).toBe(true)
    expect((await stat(target)).mode & 0o777).toBe(0o640)
    expect(await readFile(target, 'utf8')).toContain('id-token: "new"')
    expect([await readdir(folder.path()), await readdir(folder.path('real'))]).toEqual([['link', 'real'], ['config']])
  })

  it('goes to the file that the entry is in', async () => {
    const folder = temporaryFolder()
    const first = await folder.write('a', 'current-context: c\n')
    const second = await folder.write('b', text)

    await (
      await persistOf([first, second])
    )(async (current) => withTokens(current, { 'id-token': 'new' }))

    expect(await readFile(first, 'utf8')).toBe('current-context: c\n')
    expect(await readFile(second, 'utf8')).toContain('id-token: "new"')
  })

  it('holds the lock of kubectl meanwhile, and lets it go, whatever the update does', async () => {
    const folder = temporaryFolder()
    const file = await folder.write('config', text)
    const persist = await persistOf(file)
    const locks: unknown[] = []

    const error = await rejection(
      persist(async () => {
        locks.push(await readdir(folder.path()))
        throw new Error('no new tokens')
      }),
    )

    expect(error).toMatchObject({ message: 'no new tokens' })
    expect(locks).toEqual([['config', 'config.lock']])
    expect(await readdir(folder.path())).toEqual(['config'])
    expect(await readFile(file, 'utf8')).toBe(text)
  })

  it.each<[string, string, string]>([
    ['several documents', `${text}---\n{}\n`, 'several YAML documents'],
    ['a user that is gone', text.replace('name: u\n', 'name: v\n'), 'has no user "u" any more'],
    [
      'an anchor that others use',
      text
        .replace('    token: untouched-token', '    auth-provider: &shared {name: oidc, config: {id-token: hunter2}}')
        .replace(/auth-provider:\n[^]*$/, 'auth-provider: *shared\n'),
      'cannot be written back',
    ],
  ])('is refused with %s, and the file stays as it is', async (_, content, message) => {
    const file = await temporaryFolder().write('config', text)
    const persist = await persistOf(file)
    await writeFile(file, content)

    const error = await rejection(persist(async (current) => withTokens(current, { 'id-token': 'hunter3' })))

    expect(error).toMatchObject({ code: 'KUBE_CONFIG', message: expect.stringContaining(message) })
    expect(everythingShown(error)).not.toMatch(/hunter/)
    expect(await readFile(file, 'utf8')).toBe(content)
  })

  it('of several processes at once is lost by none', async () => {
    const folder = temporaryFolder()
    const file = await folder.write('config', text)
    const worker = fileURLToPath(new URL('persist-worker.ts', import.meta.url))
    const workers = ['a', 'b', 'c'].map((name) => spawn(process.execPath, [worker, file, name, '10']))

    const ends = await Promise.all(workers.map(async (child) => once(child, 'exit')))

    expect(ends.map(([code]: unknown[]) => code)).toEqual([0, 0, 0])
    const written = await readFile(file, 'utf8')
    expect(written.match(/: "written"/g)).toHaveLength(30)
    expect(written).toContain('total: "30"')
    expect(await readdir(folder.path())).toEqual(['config'])
  })

  it('waits for a lock that is there, and then names it', async () => {
    const lock = await temporaryFolder().write('config.lock', '')
    let ran = false
    const action = async (): Promise<void> => {
      ran = true
    }

    const error = await rejection(withLocks([lock.replace('.lock', '')], action, 0))

    expect(error).toMatchObject({
      code: 'KUBE_CONFIG',
      file: lock,
      message: expect.stringContaining('delete that file'),
    })
    expect([ran, await readFile(lock, 'utf8')]).toEqual([false, ''])
  })

  it('has nowhere to go when the kubeconfig was given as text', async () => {
    const seen: unknown[] = []
    const fromAuthInfo = (_: AuthInfo, { persist }: AuthInfoContext) => {
      seen.push(persist)
      return { name: 'test', getCredentials: async () => ({ token: 't' }) }
    }

    await parseKubeconfig(text).clientConfig({ plugins: [{ specVersion: 'v1', name: 'test', fromAuthInfo }] })

    expect(seen).toEqual([undefined])
    await expect(readKubeconfig('/nonexistent')).rejects.toThrow('there is no such file')
  })
})
