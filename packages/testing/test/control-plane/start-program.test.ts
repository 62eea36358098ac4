import { once } from 'node:events'
import { access, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { type Program, startProgram } from '../../src/control-plane/start-program.ts'
import { fakePrograms, record, recordedCalls } from './fake-programs.ts'
import { processesWith } from './processes.ts'
import { runScript } from './run-script.ts'

/** Milliseconds; processes take their time on a busy machine. */
const timeout = 20_000

describe('a started program', { timeout }, () => {
  it('gets its arguments as they are', async () => {
    const program = await start('for each in "$@"; do echo "<$each>"; done', ['a b', '$HOME', '*', "it's", ''])

    await program.ended

    expect(await program.excerpt()).toEqual(['<a b>', '<$HOME>', '<*>', "<it's>", '<>'])
  })

  it('inherits no proxy and no setting', async () => {
    vi.stubEnv('HTTPS_PROXY', 'http://proxy.example')
    vi.stubEnv('ETCD_NAME', 'other')
    onTestFinished(() => void vi.unstubAllEnvs())
    const program = await start('env')

    await program.ended

    expect((await program.excerpt()).join('\n')).not.toMatch(/PROXY|ETCD/)
  })

  it('tells with which status it ended, and the first and last lines of what it printed', async () => {
    const program = await start('seq 100; exit 3')

    expect(await program.ended).toBe('ended with status 3')
    const lines = await program.excerpt()
    expect(lines.slice(0, 4)).toEqual(['1', '2', '3', '…'])
    expect(lines.slice(-2)).toEqual(['99', '100'])
  })

  it('tells which signal ended it', async () => {
    const program = await start('kill -KILL $$')

    expect(await program.ended).toBe('ended by signal 9')
  })

  it('may end by itself on SIGTERM', async () => {
    const program = await start('trap "echo bye; exit 0" TERM; echo ready; while :; do sleep 0.05; done')
    await firstLine(program)

    await program.stop()

    expect(await program.ended).toBe('ended with status 0')
    expect(await program.excerpt()).toContain('bye')
  })

  it('is killed when it ignores SIGTERM', async () => {
    const program = await start('trap "" TERM; echo ready; while :; do sleep 0.05; done')
    await firstLine(program)

    await program.stop(10)

    expect(await program.ended).toBe('ended by signal 9')
  })

  it('can be stopped after it has ended', async () => {
    const program = await start('exit 0')
    await program.ended

    await expect(program.stop()).resolves.toBeUndefined()
  })

  it('that does not exist ends with a line that says so', async () => {
    const folder = await privateFolder()
    const program = startProgram({ name: 'absent', path: join(folder, 'absent'), args: [], folder })

    expect(await program.ended).toBe('ended with status 127')
    expect((await program.excerpt()).join()).toContain('not found')
  })
})

describe('the process that started a program', { timeout }, () => {
  it('takes it along when it is killed, and its folder', async () => {
    const assets = await endlessProgram()
    const folder = await privateFolder()
    const { child } = await runScript(`${starting(assets, folder)}; console.log('started')`)
    await vi.waitFor(() => recordedCalls(assets), timeout)
    expect(await processesWith(folder)).not.toEqual([])

    child.kill('SIGKILL')

    await expectNothingLeft(assets, folder)
    await expect(access(folder)).rejects.toThrow('ENOENT')
  })

  it('takes it along when it exits without having stopped it', async () => {
    const assets = await endlessProgram()
    const folder = await privateFolder()
    const script = `${starting(assets, folder)}; process.stdin.once('data', () => process.exit()); console.log('started')`
    const { child } = await runScript(script)
    await vi.waitFor(() => recordedCalls(assets), timeout)

    child.stdin.write('exit')

    await expectNothingLeft(assets, folder)
    expect(child.exitCode).toBe(0)
  })

  it('is free to end once it has stopped it', async () => {
    const assets = await endlessProgram()
    const folder = await privateFolder()
    const { child } = await runScript(`${starting(assets, folder)}; await program.stop(); console.log('stopped')`)

    if (child.exitCode === null) await once(child, 'exit')

    expect(child.exitCode).toBe(0)
  })
})

async function start(script: string, args: readonly string[] = []): Promise<Program> {
  const assets = await fakePrograms({ fake: script })
  const program = startProgram({ name: 'fake', path: join(assets, 'fake'), args, folder: await privateFolder() })
  onTestFinished(() => program.stop(0))
  return program
}

async function endlessProgram(): Promise<string> {
  return await fakePrograms({ endless: `${record('$$')}; exec sleep 600` })
}

/** Neither the program, which has recorded its id, nor the guard beside it. */
async function expectNothingLeft(assets: string, folder: string): Promise<void> {
  const [id] = await recordedCalls(assets)
  await vi.waitFor(() => expect(() => process.kill(Number(id), 0)).toThrow('ESRCH'), timeout)
  await vi.waitFor(async () => expect(await processesWith(folder)).toEqual([]), timeout)
}

async function privateFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'start-program-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

/** Its traps are set when it has printed something. */
async function firstLine(program: Program): Promise<void> {
  await vi.waitFor(async () => expect(await program.excerpt()).toContain('ready'), timeout)
}

function starting(assets: string, folder: string): string {
  const module = new URL('../../src/control-plane/start-program.ts', import.meta.url)
  const options = { name: 'endless', path: join(assets, 'endless'), args: [], folder }
  return `import { startProgram } from ${JSON.stringify(module)}
const program = startProgram(${JSON.stringify(options)})`
}
