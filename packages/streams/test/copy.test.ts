import { randomBytes } from 'node:crypto'
import { chmod, lstat, mkdir, mkdtemp, readdir, readFile, readlink, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Client } from '@kubeclient/core'
import { packTar, type TarHeader } from 'modern-tar'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { copyFrom, type CopyProgress, copyTo } from '../src/index.ts'
import { caught, kubeError } from './support/caught.ts'
import { entries } from './support/entries.ts'
import {
  exited,
  finish,
  type KubeletServer,
  onChannel,
  type Session,
  startKubeletServer,
} from './support/kubelet-server.ts'
import { runLocally } from './support/run-locally.ts'

describe.each(entries)('copying over %s', (_, createClient) => {
  let server: KubeletServer
  let client: Client
  let folder: string

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'copy-'))
    server = await startKubeletServer()
    server.onSession(runLocally)
    client = createClient({ server: server.url })
  })
  afterEach(async () => {
    await client.close()
    await server.left()
    await server.stop()
    await rm(folder, { recursive: true })
  })

  const at = (...parts: string[]): string => join(folder, ...parts)
  const commands = (): string[][] => server.sessions.map(({ url }) => url.searchParams.getAll('command'))

  /** Answers with an archive of these entries, as a container could that means harm. */
  async function serveArchive(...headers: (TarHeader & { data?: string })[]): Promise<void> {
    const archive = await packTar(headers.map(({ data, ...header }) => ({ header, body: data ?? '' })))
    server.onSession((session) => {
      session.ws.send(onChannel(1, archive))
      finish(session)
    })
  }

  describe('copyFrom', () => {
    it('a folder, with what is in it, byte for byte', async () => {
      const big = randomBytes(3_000_000)
      const long = 'n'.repeat(120)
      await mkdir(at('src', 'empty'), { recursive: true })
      await mkdir(at('src', long, long), { recursive: true })
      await writeFile(at('src', 'big'), big)
      await writeFile(at('src', 'none'), '')
      await writeFile(at('src', long, long, 'hällo wörld'), 'deep')
      await writeFile(at('src', 'run.sh'), '#!/bin/sh\n', { mode: 0o755 })
      const progress: CopyProgress[] = []

      const result = await copyFrom(client, 'p', {
        from: at('src'),
        to: at('made', 'copy'),
        onProgress: (step) => progress.push(step),
      })

      expect(await readFile(at('made', 'copy', 'big'))).toEqual(big)
      expect(await readFile(at('made', 'copy', 'none'), 'utf8')).toBe('')
      expect(await readFile(at('made', 'copy', long, long, 'hällo wörld'), 'utf8')).toBe('deep')
      expect((await lstat(at('made', 'copy', 'run.sh'))).mode & 0o111).not.toBe(0)
      expect((await lstat(at('made', 'copy', 'empty'))).isDirectory()).toBe(true)
      expect(result).toEqual({ files: 4, bytes: 3_000_014, skipped: [] })
      expect(progress.at(-1)?.bytes).toBe(3_000_014)
      expect(progress.filter(({ path }) => path === 'big').length).toBeGreaterThan(1)
    })

    it('a file, under another name', async () => {
      await writeFile(at('-c file'), 'x')

      const result = await copyFrom(client, 'p', { from: at('-c file'), to: at('other'), container: 'app' })

      expect(await readFile(at('other'), 'utf8')).toBe('x')
      expect(result.files).toBe(1)
      expect(server.sessions[0]?.url.searchParams.get('container')).toBe('app')
    })

    it('skips links, says so, and never follows one that lies where a file should be', async () => {
      await mkdir(at('src'))
      await writeFile(at('src', 'a'), 'a')
      await symlink('/etc/passwd', at('src', 'l'))

      const result = await copyFrom(client, 'p', { from: at('src'), to: at('copy') })
      expect(result).toEqual({ files: 1, bytes: 1, skipped: [{ path: 'l', kind: 'symlink' }] })
      expect(await readdir(at('copy'))).toEqual(['a'])

      await writeFile(at('victim'), 'mine')
      await rm(at('copy', 'a'))
      await symlink(at('victim'), at('copy', 'a'))
      expect(await caught(copyFrom(client, 'p', { from: at('src'), to: at('copy') }))).toMatchObject({ code: 'ELOOP' })
      expect(await readFile(at('victim'), 'utf8')).toBe('mine')
    })

    it('a link where a folder should be is not written through; `to` itself may be one', async () => {
      for (const name of ['outside', 'real', 'copy']) await mkdir(at(name))
      await symlink(at('outside'), at('copy', 'sub'))
      await symlink(at('real'), at('link'))
      await serveArchive({ name: 'src/sub/deep/file', size: 1, data: 'x' })

      expect(await caught(copyFrom(client, 'p', { from: '/src', to: at('copy') }))).toMatchObject({ code: 'EEXIST' })
      await copyFrom(client, 'p', { from: '/src', to: at('link') })

      expect(await readdir(at('outside'))).toEqual([])
      expect(await readFile(at('real', 'sub', 'deep', 'file'), 'utf8')).toBe('x')
    })

    it('devices are skipped, and names are names', async () => {
      await serveArchive(
        { name: 'src/tty', size: 0, type: 'character-device' },
        { name: 'src/pipe', size: 0, type: 'fifo' },
        { name: 'src/two\nlines', size: 1, data: '1' },
        { name: 'src/__proto__', size: 1, data: '2' },
      )

      const { files, skipped } = await copyFrom(client, 'p', { from: '/src', to: at('copy') })

      expect([files, skipped.map(({ kind }) => kind)]).toEqual([2, ['character-device', 'fifo']])
      expect(await readdir(at('copy'))).toEqual(['__proto__', 'two\nlines'])
    })

    it('a `from` that is a link is refused', async () => {
      await symlink('/etc/passwd', at('l'))

      await expect(copyFrom(client, 'p', { from: at('l'), to: at('copy') })).rejects.toMatchObject({
        code: 'KUBE_INVALID_REQUEST',
      })
    })

    it.each(['../evil', 'src/../../evil', '/etc/evil', 'other/evil', 'src/..', 'src\\..\\evil'])(
      'refuses an archive with %j, and writes nothing outside',
      async (name) => {
        await mkdir(at('in'))
        await serveArchive({ name, size: 4, data: 'evil' })

        const error = await kubeError('KUBE_PROTOCOL', copyFrom(client, 'p', { from: '/src', to: at('in', 'copy') }))

        expect(error.message).toContain(JSON.stringify(name))
        expect(await readdir(folder)).toEqual(['in'])
        expect(await readdir(at('in'))).toEqual([])
      },
    )

    it('a link, then a file through it: neither is written', async () => {
      await mkdir(at('outside'))
      await serveArchive(
        { name: 'src/l', size: 0, type: 'symlink', linkname: at('outside') },
        { name: 'src/l/evil', size: 4, data: 'evil' },
        { name: 'src/h', size: 0, type: 'link', linkname: '/etc/passwd' },
      )

      const { skipped } = await copyFrom(client, 'p', { from: '/src', to: at('copy') })

      expect(skipped.map(({ kind }) => kind)).toEqual(['symlink', 'link'])
      expect(await readdir(at('outside'))).toEqual([])
      expect(await readFile(at('copy', 'l', 'evil'), 'utf8')).toBe('evil')
    })

    it.each([
      ['in the middle of a file', 700],
      ['in the middle of a file of zeros', 2048, '\0'],
      ['in front of the end', 1024],
      ['in a header', 100],
    ])(
      'an archive that stops %s is an error, though the command says that all is well',
      async (_case, length, byte = 'x') => {
        const size = byte === 'x' ? 500 : 5000
        const archive = await packTar([{ header: { name: 'src', size }, body: byte.repeat(size) }])
        server.onSession((session) => {
          session.ws.send(onChannel(1, archive.subarray(0, length)))
          finish(session)
        })

        await expect(copyFrom(client, 'p', { from: '/src', to: at('copy') })).rejects.toMatchObject({
          code: 'KUBE_PROTOCOL',
        })
      },
    )

    it('what is no archive is an error', async () => {
      server.onSession((session) => {
        session.ws.send(onChannel(1, randomBytes(5000)))
        finish(session)
      })

      const error = await kubeError('KUBE_PROTOCOL', copyFrom(client, 'p', { from: '/src', to: at('copy') }))

      expect(error.message).toContain('no whole archive')
      expect(await readdir(folder)).toEqual([])
    })

    it('what is not there is an error with the words of tar', async () => {
      const error = await kubeError('KUBE_API', copyFrom(client, 'p', { from: at('gone'), to: at('copy') }))

      expect(error.message).toMatch(/gone: .*No such file/)
    })

    it.each([
      [
        'the runtime',
        JSON.stringify({
          status: 'Failure',
          reason: 'InternalError',
          code: 500,
          message: 'exec: "tar": executable file not found in $PATH',
        }),
      ],
      ['an exit code', exited(127)],
    ])('a container without tar is an error that says so, by %s', async (_case, status) => {
      server.onSession((session) => finish(session, status))

      const from = await kubeError('KUBE_API', copyFrom(client, 'p', { from: '/src', to: at('copy') }))
      const to = await kubeError('KUBE_API', copyTo(client, 'p', { from: folder, to: '/x' }))

      for (const error of [from, to]) expect(error.message).toContain('no tar')
    })

    it('resolves when all is there, and a lost connection rejects it and leaves no half of a file (p25)', async () => {
      await writeFile(at('src'), randomBytes(1_000_000))
      server.onSession((session) => cutAfter(session, 300_000))

      await expect(copyFrom(client, 'p', { from: at('src'), to: at('copy') })).rejects.toMatchObject({
        code: 'KUBE_TRANSPORT',
      })
      expect(await readdir(folder)).toEqual(['src'])
    })

    it('reads on after a lost connection where it was', async () => {
      const content = randomBytes(1_000_000)
      await writeFile(at('src'), content)
      server.onSession((session) => cutAfter(session, 300_000), runLocally)

      await copyFrom(client, 'p', { from: at('src'), to: at('copy'), retries: 1 })

      expect(await readFile(at('copy'))).toEqual(content)
      expect(commands().map(([program]) => program)).toEqual(['tar', 'sh'])
      expect(Number(commands()[1]?.at(-1))).toBeGreaterThan(100_000)
    })

    it('ends at once with the reason of the signal', async () => {
      await writeFile(at('src'), randomBytes(5_000_000))
      const reason = new Error('enough')
      const abort = new AbortController()

      const copying = copyFrom(client, 'p', {
        from: at('src'),
        to: at('copy'),
        signal: abort.signal,
        onProgress: () => abort.abort(reason),
      })

      expect(await caught(copying)).toBe(reason)
      expect(await readdir(folder)).toEqual(['src'])
    })
  })

  describe('copyTo', () => {
    it('a folder, byte for byte, links as they are', async () => {
      const big = randomBytes(3_000_000)
      const long = 'n'.repeat(120)
      await mkdir(at('src', long, long, long), { recursive: true })
      await writeFile(at('src', 'big'), big)
      await writeFile(at('src', long, long, long, 'ö'), 'deep')
      await symlink('big', at('src', 'link'))
      await chmod(at('src', 'big'), 0o600)
      await mkdir(at('there'))
      let bytes = 0

      const result = await copyTo(client, 'p', {
        from: at('src'),
        to: at('there', 'copy'),
        onProgress: (step) => (bytes = step.bytes),
      })

      expect(await readFile(at('there', 'copy', 'big'))).toEqual(big)
      expect((await lstat(at('there', 'copy', 'big'))).mode & 0o777).toBe(0o600)
      expect(await readFile(at('there', 'copy', long, long, long, 'ö'), 'utf8')).toBe('deep')
      expect(await readlink(at('there', 'copy', 'link'))).toBe('big')
      expect(result).toEqual({ files: 2, bytes: 3_000_004, skipped: [] })
      expect(bytes).toBe(3_000_004)
    })

    it('a file, also an empty one', async () => {
      await writeFile(at('src'), '')

      await copyTo(client, 'p', { from: at('src'), to: at('copy') })

      expect(await readFile(at('copy'), 'utf8')).toBe('')
    })

    it('a folder that is not there is an error with the words of tar', async () => {
      await writeFile(at('src'), 'x')

      const error = await kubeError('KUBE_API', copyTo(client, 'p', { from: at('src'), to: at('no', 'copy') }))

      expect(error.message).toMatch(/no: .*No such file/)
    })

    it('what cannot be read here is the error of the file system', async () => {
      expect(await caught(copyTo(client, 'p', { from: at('gone'), to: at('copy') }))).toMatchObject({ code: 'ENOENT' })
    })

    it('a tar that says that all is well before it has read all is not believed', async () => {
      await writeFile(at('src'), Buffer.alloc(20_000_000))
      server.onSession((session) => finish(session))

      const error = await kubeError('KUBE_PROTOCOL', copyTo(client, 'p', { from: at('src'), to: at('copy') }))

      expect(error.message).toContain('had not read the whole archive')
    })

    it('a progress callback that throws is how the call fails', async () => {
      await writeFile(at('src'), 'x')
      const reason = new Error('enough')
      const onProgress = (): never => {
        throw reason
      }

      const errors = [
        await caught(copyTo(client, 'p', { from: at('src'), to: at('copy'), onProgress })),
        await caught(copyFrom(client, 'p', { from: at('src'), to: at('copy'), onProgress })),
      ]

      expect(errors).toEqual([reason, reason])
    })

    it('a lost connection rejects it (p25)', async () => {
      await writeFile(at('src'), randomBytes(3_000_000))
      server.onSession(({ socket }) => void socket.destroy())

      await expect(copyTo(client, 'p', { from: at('src'), to: at('copy') })).rejects.toMatchObject({
        code: 'KUBE_TRANSPORT',
      })
    })
  })

  it.each([
    ['an empty path', { from: '', to: 'x' }],
    ['no name for the copy', { from: 'x', to: '' }],
    ['a path out of its folder', { from: '../x', to: '../x' }],
  ])('%s is refused before any I/O', async (_case, options) => {
    const isOutside = options.from === '../x'

    await expect(isOutside ? copyFrom(client, 'p', options) : copyTo(client, 'p', options)).rejects.toMatchObject({
      code: 'KUBE_INVALID_REQUEST',
    })
    await expect(isOutside ? copyTo(client, 'p', options) : copyFrom(client, 'p', options)).rejects.toMatchObject({
      code: 'KUBE_INVALID_REQUEST',
    })
    expect(server.connections.size).toBe(0)
  })
})

/** Runs the command, and loses the connection when so many bytes have come. */
function cutAfter(session: Session, length: number): Promise<void> {
  const send = session.ws.send.bind(session.ws)
  let sent = 0
  session.ws.send = ((data: Uint8Array) => {
    sent += data.length
    if (sent < length) send(data)
    else session.socket.destroy()
  }) as typeof session.ws.send // the overload that is used here
  return runLocally(session)
}
