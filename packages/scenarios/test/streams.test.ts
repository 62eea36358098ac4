import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { type AddressInfo, connect, createServer } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { type Client, createClient } from '@kubeclient/core'
import { createClient as createLiteClient } from '@kubeclient/core/lite'
import { attach, copyFrom, copyTo, exec, followLogs, podLogs, portForward } from '@kubeclient/streams'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { hasControlPlane } from '../src/servers.ts'
import { type Kubelets, startKubelets } from '../src/start-kubelets.ts'

let kubelets: Kubelets

describe.runIf(hasControlPlane(process.env)).each([
  ['core', createClient],
  ['core/lite', createLiteClient],
] as const)('streams through a real API server, by %s', (entry, create) => {
  let client: Client
  const pod = `web-${entry.length}`

  beforeAll(async () => {
    kubelets ??= await startKubelets(process.env['KUBEBUILDER_ASSETS']!) // `runIf` has looked
    await kubelets.createPod({ name: pod, containers: ['main', 'side'] })
  }, 60_000)
  beforeEach(() => {
    client = createClientOf(create)
  })
  afterEach(async () => {
    await client.close()
  })

  it('exec: stdin, stdout, stderr, exit code', async () => {
    const command = ['sh', '-c', 'cat; echo "to $CONTAINER_NAME" >&2; exit 3']

    const result = await exec(client, pod, { command, stdin: 'häl\nlo', container: 'side' })

    expect(result).toMatchObject({ stdout: 'häl\nlo', stderr: 'to side\n', exitCode: 3 })
  })

  it('exec: five megabytes there and back', async () => {
    const content = randomBytes(5_000_000)
    const chunks: Uint8Array[] = []

    await exec(client, pod, {
      command: ['cat'],
      stdin: content,
      stdout: (chunk) => void chunks.push(chunk),
      container: 'main',
    })

    expect(Buffer.concat(chunks).equals(content)).toBe(true)
  })

  it('exec: a terminal, its size, and how the size changes', async () => {
    const { promise: resized, resolve: resize } = Promise.withResolvers<void>()
    const { promise: printed, resolve: print } = Promise.withResolvers<void>()
    const sizes = (async function* () {
      yield { width: 91, height: 21 }
      await printed
      yield { width: 100, height: 30 }
      resize()
    })()
    let out = ''
    const stdin = (async function* () {
      await resized
      yield 'x\n'
    })()
    const command = [
      'sh',
      '-c',
      'until [ "$(stty size)" = "21 91" ]; do :; done; echo first; read _; until [ "$(stty size)" = "30 100" ]; do :; done; echo second; exit 4',
    ]

    const { exitCode } = await exec(client, pod, {
      command,
      container: 'main',
      tty: true,
      resize: sizes,
      stdin,
      stdout: (chunk) => {
        out += Buffer.from(chunk).toString()
        if (out.includes('first')) print()
      },
    })

    expect(out).toContain('second')
    expect(exitCode).toBe(4)
  })

  it('exec: what cannot run, and who may not', async () => {
    await expect(exec(client, pod, { command: ['no-such-program'], container: 'main' })).rejects.toMatchObject({
      code: 'KUBE_API',
    })
    await expect(exec(client, pod, { command: ['true'], container: 'nope' })).rejects.toMatchObject({
      code: 'KUBE_API',
      status: 400,
    })
    await expect(exec(client, 'gone', { command: ['true'] })).rejects.toMatchObject({ code: 'KUBE_API', status: 404 })
    const nobody = create(await kubelets.controlPlane.createUser({ name: `nobody-${entry}` }))
    await expect(exec(nobody, pod, { command: ['true'] })).rejects.toMatchObject({ code: 'KUBE_API', status: 403 })
    await expect(podLogs(nobody, pod).text()).rejects.toMatchObject({ code: 'KUBE_API', status: 403 })
    await nobody.close()
  })

  it('exec: an abort ends it with its reason', async () => {
    const abort = new AbortController()
    const reason = new Error('enough')
    const running = exec(client, pod, {
      command: ['sh', '-c', 'echo up; sleep 60'],
      container: 'main',
      stdout: () => abort.abort(reason),
      signal: abort.signal,
    })

    await expect(running).rejects.toBe(reason)
  })

  it('attach: what the container prints, and what it reads', async () => {
    let out = ''
    const stdin = (async function* () {
      // The kubelet of these tests shows what is written to the log once it looks there, perhaps not the first line.
      while (!out.includes('typed')) {
        yield 'typed\n'
        await sleep(100)
      }
      // The end of stdin ends the session here.
    })()

    const result = await attach(client, pod, {
      container: 'side',
      stdin,
      stdout: (chunk) => {
        out += Buffer.from(chunk).toString()
      },
    })

    expect(out).toContain('typed')
    expect(result.exitCode).toBe(0)
  })

  it('logs: as they are, from where they are wanted, and as they come', async () => {
    const early = new Date('2026-01-02T03:04:05Z')
    for (const line of ['one', '', 'three']) await kubelets.log(pod, 'main', line, early)

    expect(await podLogs(client, pod, { container: 'main' }).text()).toBe('one\n\nthree\n')
    expect(await Array.fromAsync(podLogs(client, pod, { container: 'main', tailLines: 2 }))).toEqual(['', 'three'])
    const seen: string[] = []
    for await (const line of podLogs(client, pod, { container: 'main', follow: true, resume: true, tailLines: 1 })) {
      seen.push(line)
      if (seen.length === 1) await kubelets.log(pod, 'main', 'four')
      if (line === 'four') break
    }
    expect(seen).toEqual(['three', 'four'])
    await expect(podLogs(client, pod, { container: 'nope' }).text()).rejects.toMatchObject({ status: 400 })
  })

  it('logs: a restart of the API server costs no line, and an exec that it interrupts is an error', async () => {
    const name = `restart-${entry.length}`
    await kubelets.createPod({ name })
    await kubelets.log(name, 'main', 'before')
    const command = ['sh', '-c', 'echo up; sleep 60']
    const { promise: isUp, resolve: up } = Promise.withResolvers<void>()
    const interrupted = exec(client, pod, { command, container: 'main', stdout: () => up() }).catch(
      (error: unknown) => error,
    )
    await isUp
    const seen: string[] = []

    for await (const line of podLogs(client, name, { follow: true, resume: true })) {
      seen.push(line)
      if (line === 'before') {
        await kubelets.log(name, 'main', 'meanwhile')
        await kubelets.controlPlane.restartApiServer()
        await kubelets.log(name, 'main', 'after')
      }
      if (line === 'after') break
    }

    expect(seen).toEqual(['before', 'meanwhile', 'after'])
    expect(await interrupted).toMatchObject({ code: 'KUBE_TRANSPORT', maybeApplied: true })
  }, 30_000)

  it('followLogs: all containers of all pods that match, those that come later too', async () => {
    const app = `app-${entry.length}`
    await kubelets.createPod({ name: `${app}-0`, labels: { app }, containers: ['a', 'b'] })
    await kubelets.log(`${app}-0`, 'a', 'from a')
    await kubelets.log(`${app}-0`, 'b', 'from b')
    const seen: string[] = []

    for await (const { prefix, text: line } of followLogs(client, { matchLabels: { app } })) {
      seen.push(`${prefix}${line}`)
      if (seen.length === 2) {
        await kubelets.createPod({ name: `${app}-1`, labels: { app } })
        await kubelets.createPod({ name: `other-${app}`, labels: { app: 'other' } })
        await kubelets.log(`other-${app}`, 'main', 'unwanted')
        await kubelets.log(`${app}-1`, 'main', 'later')
      }
      if (seen.length === 3) break
    }

    expect(seen.slice(0, 2).toSorted()).toEqual([`[${app}-0/a] from a`, `[${app}-0/b] from b`])
    expect(seen[2]).toBe(`[${app}-1/main] later`)
  })

  it('port-forward: many connections, an answer after the end of the question, a port where nobody listens', async () => {
    const server = createServer({ allowHalfOpen: true }, (socket) => {
      void text(socket).catch(() => '') // until the node ends it
      socket.once('data', (asked) => socket.end(`answer to ${asked.toString()}`))
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo // listening on TCP
    const errors: Error[] = []
    const forwarder = await portForward(client, pod, {
      ports: [{ remote: port }, ':1'],
      onError: (error) => errors.push(error),
    })
    const [first] = forwarder.ports
    const last = forwarder.ports.at(-1)

    const answers = await Promise.all(
      Array.from({ length: 10 }, async (_item, index) => {
        const socket = connect({ port: first!.local, host: '127.0.0.1', allowHalfOpen: true })
        socket.end(`question ${index}`)
        return text(socket)
      }),
    )
    await text(connect({ port: last!.local, host: last!.address })).catch(() => undefined)

    expect(answers).toEqual(answers.map((_answer, index) => `answer to question ${index}`))
    expect(errors).toMatchObject([{ code: 'KUBE_TRANSPORT' }])
    await forwarder.stop()
    server.close()
  })

  it('copy: a folder there and back', async () => {
    const [here, there, back] = ['here', 'there', 'back'].map((name) =>
      join(kubelets.folder, `${name}-${entry.length}`),
    )
    const content = randomBytes(2_000_000)
    await mkdir(join(here!, 'sub'), { recursive: true })
    await writeFile(join(here!, 'sub', 'file'), content)

    const sent = await copyTo(client, pod, { from: here!, to: there!, container: 'main' })
    const received = await copyFrom(client, pod, { from: there!, to: back!, container: 'main' })

    expect((await readFile(join(back!, 'sub', 'file'))).equals(content)).toBe(true)
    expect(sent).toEqual({ files: 1, bytes: 2_000_000, skipped: [] })
    expect(received).toEqual(sent)
  })

  it('copy: what went one way with kubectl comes back with us, and the other way round, 60 MB of it', async () => {
    const [ours, theirs, back] = [`ours-${entry.length}`, `theirs-${entry.length}`, `back-${entry.length}`]
    const content = randomBytes(60_000_000)
    await mkdir(beside(ours))
    await writeFile(beside(ours, 'file'), content)

    await copyTo(client, pod, { from: beside(ours), to: ours, container: 'main' })
    await kubectl('cp', '-c', 'main', `${pod}:${ours}`, beside(theirs))
    await kubectl('cp', '-c', 'main', beside(theirs), `${pod}:${theirs}`)
    const { bytes } = await copyFrom(client, pod, { from: theirs, to: beside(back), container: 'main' })

    expect(bytes).toBe(content.length)
    for (const copy of [theirs, back]) expect((await readFile(beside(copy, 'file'))).equals(content)).toBe(true)
  }, 60_000)

  it.each([
    ['a failure', ['sh', '-c', 'echo out; echo err >&2; exit 7']],
    ['a signal', ['sh', '-c', 'kill -9 $$']],
  ])('exec: %s is what kubectl makes of it', async (_case, command) => {
    const { exitCode, stdout } = await exec(client, pod, { command, container: 'main' })
    const theirs = await kubectl('exec', '-c', 'main', pod, '--', ...command).catch((error: unknown) => error)

    expect(theirs).toMatchObject({ code: exitCode, stdout })
  })
})

afterAll(async () => {
  await kubelets?.stop()
})

/** A path outside the folder where commands run. */
function beside(...parts: string[]): string {
  return join(kubelets.folder, '..', ...parts)
}

/** Rejects with its exit code and what it printed when it fails. */
function kubectl(...args: string[]): Promise<{ stdout: string }> {
  const program = join(process.env['KUBEBUILDER_ASSETS']!, 'kubectl') // `runIf` has looked
  return promisify(execFile)(program, ['--kubeconfig', beside('kubeconfig'), ...args])
}

function createClientOf(create: typeof createClient): Client {
  return create(kubelets.controlPlane.config)
}
