import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { type ClientConfig, createClient } from '@kubeclient/core'
import { startApiServer, startControlPlane } from '@kubeclient/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const program = fileURLToPath(new URL('../src/main.ts', import.meta.url))
const fixture = (name: string): string => fileURLToPath(new URL(`fixtures/definitions/${name}`, import.meta.url))
const generated = (path: string): Promise<string> =>
  readFile(new URL(`fixtures/generated/${path}`, import.meta.url), 'utf8')

const widget = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'widgets.example.com' },
  spec: {
    group: 'example.com',
    scope: 'Namespaced',
    names: { kind: 'Widget', plural: 'widgets', singular: 'widget', listKind: 'WidgetList' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: { spec: { type: 'object', properties: { size: { type: 'integer' } } } },
          },
        },
      },
    ],
  },
}

function kubeconfigOf(server: string, exec: object): string {
  const apiVersion = 'client.authentication.k8s.io/v1'
  return JSON.stringify({
    'current-context': 'c',
    clusters: [{ name: 'k', cluster: { server } }],
    users: [{ name: 'u', user: { exec: { apiVersion, interactiveMode: 'Never', ...exec } } }],
    contexts: [{ name: 'c', context: { cluster: 'k', user: 'u' } }],
  })
}

function tokenOf({ credentials }: ClientConfig): string {
  if (typeof credentials === 'object' && 'token' in credentials && credentials.token) return credentials.token
  throw new Error('the in-memory server has a token')
}

interface Outcome {
  code: unknown
  stdout: string
  stderr: string
}

async function run(args: readonly string[], input = ''): Promise<Outcome> {
  const child = spawn(process.execPath, [program, ...args], { stdio: 'pipe' })
  child.stdin.end(input)
  const [[code], stdout, stderr] = await Promise.all([once(child, 'close'), text(child.stdout), text(child.stderr)])
  return { code, stdout, stderr }
}

describe('kubeclient-types', { timeout: 60_000 }, () => {
  let folder = ''
  const inFolder = (path: string): string => join(folder, path)
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kubeclient-types-'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  it('writes the modules of files, and says where they are', async () => {
    const out = inFolder('files')

    const files = ['--from', fixture('http-routes.yaml'), '--from', fixture('gateway-classes.yaml')]

    const { code, stdout, stderr } = await run(['generate', ...files, '--out', out])

    expect([code, stderr]).toEqual([0, ''])
    const paths = ['v1.ts', 'v1beta1.ts'].map((file) => join(out, 'gateway.networking.k8s.io', file))
    expect(stdout.trim().split('\n').toSorted()).toEqual(paths)
    expect(await readFile(paths[0] ?? '', 'utf8')).toBe(await generated('gateway.networking.k8s.io/v1.ts'))
  })

  it('reads the standard input', async () => {
    const out = inFolder('input')

    const { code } = await run(
      ['generate', '--from', '-', '--out', out],
      await readFile(fixture('clusters.yaml'), 'utf8'),
    )

    expect(code).toBe(0)
    expect(await readFile(join(out, 'postgresql.cnpg.io/v1.ts'), 'utf8')).toBe(
      await generated('postgresql.cnpg.io/v1.ts'),
    )
  })

  it('writes nothing of a manifest whose names would lead elsewhere', async () => {
    const out = inFolder('inner/out')
    const manifest = { ...widget, spec: { ...widget.spec, group: '../../escaped' } }

    const { code, stdout, stderr } = await run(['generate', '--from', '-', '--out', out], JSON.stringify(manifest))

    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toMatch(
      /^kubeclient-types: CustomResourceDefinition "widgets.example.com": spec\.group is "\.\.\/\.\./,
    )
    expect(await readdir(folder)).not.toContain('inner')
  })

  it('says so when no version is served, and when it cannot write', async () => {
    const versions = widget.spec.versions.map((version) => ({ ...version, served: false }))
    const unserved = JSON.stringify({ ...widget, spec: { ...widget.spec, versions } })
    await writeFile(inFolder('file'), '')

    const refused = await run(['generate', '--from', '-', '--out', inFolder('unserved')], unserved)
    const onFile = await run(['generate', '--from', '-', '--out', inFolder('file')], JSON.stringify(widget))

    expect([refused.code, refused.stderr]).toEqual([
      1,
      expect.stringContaining('no version of what is defined is served'),
    ])
    expect([onFile.code, onFile.stderr]).toEqual([1, expect.stringContaining(inFolder('file'))])
  })

  it.skipIf(process.platform === 'win32')('reads no file without end', async () => {
    const { code, stderr } = await run(['generate', '--from', '/dev/zero', '--out', inFolder('zero')])

    expect([code, stderr]).toEqual([1, 'kubeclient-types: /dev/zero is larger than 64 MiB\n'])
  })

  it('lets no words of a manifest steer the terminal', async () => {
    const manifest = { ...widget, spec: { ...widget.spec, group: '\u009b31m\u202e' } }

    const { stderr } = await run(['generate', '--from', '-', '--out', inFolder('x')], JSON.stringify(manifest))

    expect(stderr).toContain('spec.group is "\uFFFD31m\uFFFD"')
  })

  it.each([
    [['--from', 'a.yaml', '--out', 'x']],
    [['generate', '--from', 'a.yaml']],
    [['generate', '--out', 'x']],
    [['generate', '--from', 'a.yaml', '--out', '']],
    [['generate', '--cluster', '--from', 'a.yaml', '--out', 'x']],
    [['generate', 'more', '--cluster', '--out', 'x']],
  ])('says how it is used when it is given %j', async (args) => {
    const { code, stderr } = await run(args)

    expect(code).toBe(1)
    expect(stderr).toContain('kubeclient-types generate --from <file>')
  })

  it('says how it is used when it is asked', async () => {
    const { code, stdout } = await run(['--help'])

    expect(code).toBe(0)
    expect(stdout).toContain('--allow-exec <command>')
  })

  it.each([
    ['an option that it does not have', ['generate', '--form', 'a.yaml'], '--form'],
    ['a file that is not there', ['generate', '--from', '/nowhere/crd.yaml', '--out', 'x'], '/nowhere/crd.yaml'],
    [
      'a kubeconfig that is not there',
      ['generate', '--cluster', '--kubeconfig', '/nowhere/c', '--out', 'x'],
      '/nowhere/c',
    ],
  ])('names %s', async (_, args, named) => {
    const { code, stderr } = await run(args)

    expect(code).toBe(1)
    expect(stderr).toMatch(/^kubeclient-types: [^\n]+/)
    expect(stderr).toContain(named)
    expect(stderr).not.toContain('    at ')
  })

  async function fromCluster(kubeconfig: string, name: string, args: readonly string[] = []): Promise<Outcome> {
    await writeFile(inFolder(`${name}.kubeconfig`), kubeconfig)
    return run([
      'generate',
      '--cluster',
      '--kubeconfig',
      inFolder(`${name}.kubeconfig`),
      '--out',
      inFolder(name),
      ...args,
    ])
  }

  it('asks a cluster', async () => {
    await using server = await startApiServer({ objects: [widget] })

    const { code, stdout } = await fromCluster(server.kubeconfig, 'in-memory')

    expect([code, stdout]).toEqual([0, `${inFolder('in-memory/example.com/v1.ts')}\n`])
    expect(await readFile(inFolder('in-memory/example.com/v1.ts'), 'utf8')).toContain('  size?: number\n')
  })

  it('runs a command of the kubeconfig if it may, and says how that is said', async () => {
    await using server = await startApiServer({ objects: [widget] })
    const token = tokenOf(server.config)
    const credential = { apiVersion: 'client.authentication.k8s.io/v1', kind: 'ExecCredential', status: { token } }
    await writeFile(inFolder('sign-in'), `#!/bin/sh\necho '${JSON.stringify(credential)}'\n`, { mode: 0o755 })
    const kubeconfig = kubeconfigOf(String(server.url), { command: './sign-in' })

    const refused = await fromCluster(kubeconfig, 'command')
    const { code } = await fromCluster(kubeconfig, 'command', ['--allow-exec', inFolder('sign-in')])

    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('give --allow-exec ./sign-in')])
    expect(code).toBe(0)
  })

  it('writes nothing of a cluster without definitions, and says so', async () => {
    await using server = await startApiServer()

    const { code, stderr } = await fromCluster(server.kubeconfig, 'empty')

    expect([code, stderr]).toEqual([1, 'kubeclient-types: the cluster has no CustomResourceDefinition\n'])
  })

  it.skipIf(!process.env['KUBEBUILDER_ASSETS'])('asks a real cluster, in the context that it is told', async () => {
    await using controlPlane = await startControlPlane()
    await using client = createClient(controlPlane.config)
    await client.create(widget)

    const { code } = await fromCluster(controlPlane.kubeconfig, 'real', ['--context', 'token'])
    const refused = await fromCluster(controlPlane.kubeconfig, 'refused', ['--context', 'nobody'])

    expect(code).toBe(0)
    expect(await readFile(inFolder('real/example.com/v1.ts'), 'utf8')).toContain('  size?: number\n')
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('cannot list')])
  })
})
