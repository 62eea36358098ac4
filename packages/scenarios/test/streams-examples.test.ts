import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { type AddressInfo, connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasControlPlane } from '../src/servers.ts'
import { type Kubelets, startKubelets } from '../src/start-kubelets.ts'

describe.runIf(hasControlPlane(process.env))('the examples about streams end by themselves', () => {
  let kubelets: Kubelets
  let folder: string

  beforeAll(async () => {
    kubelets = await startKubelets(process.env['KUBEBUILDER_ASSETS']!) // `runIf` has looked
    folder = await mkdtemp(join(tmpdir(), 'examples-'))
    await writeFile(join(folder, 'kubeconfig'), kubelets.controlPlane.kubeconfig)
    await kubelets.createPod({ name: 'web-0', labels: { app: 'web' } })
  }, 60_000)
  afterAll(async () => {
    await kubelets?.stop()
    await rm(folder, { recursive: true })
  })

  function start(example: string, ...args: string[]): ChildProcessByStdio<Writable, Readable, null> {
    const program = new URL(`../../../examples/${example}/main.ts`, import.meta.url).pathname
    const env = { ...process.env, KUBECONFIG: join(folder, 'kubeconfig') }
    return spawn(process.execPath, [program, ...args], { env, stdio: ['pipe', 'pipe', 'inherit'] })
  }

  it('exec-in-pod: with the exit code, also where nobody ends its stdin', async () => {
    const program = start('exec-in-pod', 'web-0', 'sh', '-c', 'read line; echo "got $line"; exit 7')
    const exit = once(program, 'exit')
    program.stdin.write('hello\n')

    expect(await text(program.stdout)).toBe('got hello\n')
    expect(await exit).toEqual([7, null])
  })

  it('port-forward: until a signal', async () => {
    const server = createServer((socket) => socket.end('hi'))
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo // listening on TCP
    const program = start('port-forward', 'pod/web-0', `:${port}`)
    const [line] = (await once(createInterface(program.stdout), 'line')) as [string] // what the event has
    const local = Number(/^127\.0\.0\.1 (\d+) -> /.exec(line)?.[1])

    expect(await text(connect({ port: local, host: '127.0.0.1' }))).toBe('hi')
    program.kill('SIGTERM')
    expect(await once(program, 'exit')).toEqual([0, null])
    server.close()
  })

  it('tail-logs: until a signal', async () => {
    await kubelets.log('web-0', 'main', 'hello')
    const program = start('tail-logs', 'app=web')
    const [line] = (await once(createInterface(program.stdout), 'line')) as [string] // what the event has

    expect(line).toBe('[web-0/main] hello')
    program.kill('SIGINT')
    expect(await once(program, 'exit')).toEqual([0, null])
  })
})
