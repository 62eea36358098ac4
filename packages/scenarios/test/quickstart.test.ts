import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { env, execPath } from 'node:process'
import { text } from 'node:stream/consumers'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { startApiServer } from '@kubeclient/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasControlPlane } from '../src/servers.ts'
import { tokenOf } from '../src/token-of.ts'

const program = fileURLToPath(new URL('../../../examples/quickstart/main.ts', import.meta.url))

interface Outcome {
  code: number | string | null | undefined
  stdout: string
  stderr: string
}

function quickstart(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>> = env,
): Promise<Outcome> {
  return new Promise((resolve) => {
    execFile(execPath, [program, ...args], { env: environment }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : error.code, stdout, stderr })
    })
  })
}

const servers: readonly (readonly [server: string, args: readonly string[]])[] = [
  ['an API server in memory', []],
  ...(hasControlPlane(env) ? [['a real API server', ['--control-plane']] as const] : []),
]

const deploymentSteps = [
  / create +Deployment web: 1 × nginx:1\.29\n/,
  / watch +Deployments, from version \d+ on\n/,
  / apply +replicas: 3.*\n +→ MODIFIED web: 3 × nginx:1\.29\n/,
  / patch +image: nginx:1\.30\n +→ MODIFIED web: 3 × nginx:1\.30\n/,
  / delete +web\n +→ DELETED +web: 3 × nginx:1\.30\n/,
  /\nNext\n/,
]

describe('the quickstart', { timeout: 60_000 }, () => {
  let folder: string

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kubeclient-'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  async function write(kubeconfig: string): Promise<string> {
    const path = join(folder, 'kubeconfig')
    await writeFile(path, kubeconfig)
    return path
  }

  it.each(servers)('deploys to %s through a kubeconfig, and leaves nothing behind', async (server, args) => {
    const { code, stdout, stderr } = await quickstart(args)

    expect([code, stderr]).toEqual([0, ''])
    expect(stdout.startsWith(`kubeclient on ${server}\n`)).toBe(true)
    expect(stdout).toMatch(/ discover +\d+ kinds in \d+ groups\n/)
    for (const step of deploymentSteps) expect(stdout).toMatch(step)
    const [, kubeconfig = ''] = / connect +https:\/\/\S+, as (\S+) says\n/.exec(stdout) ?? []
    expect(kubeconfig).toContain(tmpdir())
    expect(existsSync(kubeconfig)).toBe(false)
  })

  it('says in one line how to get a real API server where there is none', async () => {
    const { code, stderr } = await quickstart(['--control-plane'], { ...env, KUBEBUILDER_ASSETS: undefined })

    expect(code).toBe(1)
    expect(stderr).toMatch(/^quickstart: .*KUBEBUILDER_ASSETS.*\n$/)
  })

  it('only reads from the cluster of a kubeconfig that it is given', async () => {
    await using server = await startApiServer({
      tls: true,
      objects: ['a', 'b'].map((name) => ({ apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'shop' } })),
    })

    const { code, stdout, stderr } = await quickstart(['--kubeconfig', await write(server.kubeconfig)])

    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(/ version +Kubernetes v1\.\d+\.\d+\n/)
    expect(stdout).toMatch(/ list +namespaces: default, .*shop\n/)
    expect(stdout).toMatch(/ count +pods, page by page: 2\n/)
    expect(stdout).not.toContain(tokenOf(server.config))
    expect(server.requests.length).toBeGreaterThan(3)
    expect(new Set(server.requests.map(({ method }) => method))).toEqual(new Set(['GET']))
  })

  it('shows what a user may see who may not see everything', async () => {
    const answers: Readonly<Record<string, object>> = {
      '/version': { gitVersion: 'v1.33.0' },
      '/api': { kind: 'APIVersions', versions: ['v1'] },
      '/apis': { kind: 'APIGroupList', groups: [] },
      '/api/v1': {
        kind: 'APIResourceList',
        resources: [
          { name: 'pods', kind: 'Pod', namespaced: true, verbs: ['list'] },
          { name: 'namespaces', kind: 'Namespace', namespaced: false, verbs: ['list'] },
        ],
      },
    }
    const forbidden = { kind: 'Status', apiVersion: 'v1', status: 'Failure', reason: 'Forbidden', code: 403 }
    const server = createServer(({ url = '' }, response) => {
      const answer = answers[url]
      response.writeHead(answer === undefined ? 403 : 200, { 'content-type': 'application/json' })
      response.end(JSON.stringify(answer ?? forbidden))
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo // it listens on TCP, so it has a port
    const kubeconfig = {
      clusters: [{ name: 'c', cluster: { server: `http://127.0.0.1:${port}` } }],
      contexts: [{ name: 'x', context: { cluster: 'c', user: '' } }],
      'current-context': 'x',
    }

    const { code, stdout } = await quickstart(['--kubeconfig', await write(JSON.stringify(kubeconfig))])
    server.close()

    expect(code).toBe(0)
    expect(stdout).toMatch(/ discover +2 kinds in 1 groups\n/)
    expect(stdout).toMatch(/ list +namespaces: you may not \(403 Forbidden\)\n/)
    expect(stdout).toMatch(/ count +pods, page by page: you may not \(403 Forbidden\)\n/)
  })

  it('says in one line what is wrong with a kubeconfig', async () => {
    const path = join(folder, 'absent')

    const { code, stderr } = await quickstart(['--kubeconfig', path])

    expect(code).toBe(1)
    expect(stderr).toMatch(/^quickstart: .*\n$/)
    expect(stderr).toContain(path)
  })

  it('ends as quietly as ever when its reader leaves early', async () => {
    const child = spawn(execPath, [program], { stdio: ['ignore', 'pipe', 'pipe'] })
    child.stdout.once('data', () => child.stdout.destroy())
    const stderr = text(child.stderr)

    const [code] = await once(child, 'close')

    expect([code, await stderr]).toEqual([0, ''])
  })

  it.each(['SIGINT', 'SIGTERM'] as const)('leaves no credentials behind when %s ends it', async (signal) => {
    const temporary = await mkdtemp(join(folder, 'tmp-'))
    const module = new URL('with-server.ts', pathToFileURL(program))
    const script = `import { withServer } from ${JSON.stringify(module)}
await withServer('in-memory', (path) => (console.log(path), new Promise(() => {})))`
    const child = spawn(execPath, ['--input-type=module', '--eval', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...env, TMPDIR: temporary },
    })
    const [path] = await once(child.stdout, 'data')
    expect(String(path)).toContain(temporary)

    child.kill(signal)

    expect(await once(child, 'exit')).toEqual([null, signal])
    expect(await readdir(temporary)).toEqual([])
  })

  it('explains itself on request', async () => {
    const { code, stdout, stderr } = await quickstart(['--help'])

    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(/^Usage: npm run quickstart/)
  })

  it.each([
    ['an unknown flag', ['--colour']],
    ['a stray word', ['production']],
    ['a flag without its value', ['--kubeconfig']],
    ['an empty path', ['--kubeconfig', '']],
    ['two servers at once', ['--control-plane', '--kubeconfig', 'a']],
  ])('answers %s with its usage, and does nothing', async (_, args) => {
    const { code, stdout, stderr } = await quickstart(args)

    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(/^quickstart: .+\n\nUsage: npm run quickstart/)
  })
})
