import { execFile } from 'node:child_process'
import { access, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { ClientConfig } from '@kubeclient/core/spec'
import { isKubeError } from '@kubeclient/core/spec'
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import type { ControlPlane, ControlPlaneOptions } from '../../src/index.ts'
import { startControlPlane } from '../../src/index.ts'
import { ask, open } from './ask.ts'
import { fakePrograms, record, recordedCalls } from './fake-programs.ts'
import { processesWith } from './processes.ts'
import { runScript } from './run-script.ts'

const assets = process.env['KUBEBUILDER_ASSETS']
const run = promisify(execFile)
/** Milliseconds; a start takes three seconds, and more on a busy machine. */
const timeout = 60_000

describe('starting a control plane without its programs', () => {
  it('says how to get them when the environment names none', async () => {
    vi.stubEnv('KUBEBUILDER_ASSETS', undefined)
    onTestFinished(() => void vi.unstubAllEnvs())

    const message = await failure()

    expect(message).toMatch(/KUBEBUILDER_ASSETS is not set\..*setup-envtest/)
  })

  it('names the program that the folder of the environment lacks', async () => {
    const folder = await fakePrograms({ etcd: '' })
    vi.stubEnv('KUBEBUILDER_ASSETS', folder)
    onTestFinished(() => void vi.unstubAllEnvs())

    const message = await failure()

    expect(message).toContain(`${join(folder, 'kube-apiserver')} is no program (KUBEBUILDER_ASSETS names its folder)`)
    expect(message).toContain('setup-envtest')
  })

  it('prefers the folder that is given to that of the environment', async () => {
    vi.stubEnv('KUBEBUILDER_ASSETS', await fakePrograms({}))
    onTestFinished(() => void vi.unstubAllEnvs())

    const message = await failure({ assets: '/absent' })

    expect(message).toMatch(/\/absent\/.* is no program \(the option `assets` names its folder\)/)
  })
})

describe('starting a control plane whose programs fail', { timeout }, () => {
  it('names the one that ended and shows the ends of its log', async () => {
    const folder = await fakePrograms({
      etcd: 'exec sleep 600',
      'kube-apiserver': `${record('$(pwd)')}; echo "unknown flag: --nonsense" >&2; exit 1`,
    })

    const message = await failure({ assets: folder })

    expect(message).toContain('kube-apiserver ended with status 1')
    expect(message).toContain('from the log of kube-apiserver:\n  unknown flag: --nonsense')
    await expectNoFolder(folder)
  })

  it('notices that etcd has ended while the API server still waits for it', async () => {
    const folder = await fakePrograms({
      etcd: `${record('$(pwd)')}; echo "cannot listen"; exit 2`,
      'kube-apiserver': 'exec sleep 600',
    })

    const message = await failure({ assets: folder })

    expect(message).toContain('etcd ended with status 2; from the log of etcd:\n  cannot listen')
    await expectNoFolder(folder)
  })

  it('gives up in time, with the ends of both logs', async () => {
    const folder = await fakePrograms({
      etcd: `${record('$(pwd)')}; echo etcd waits; exec sleep 600`,
      'kube-apiserver': 'echo server waits; exec sleep 600',
    })

    const message = await failure({ assets: folder, timeoutMs: 2000 })

    expect(message).toContain('not ready after 2000 ms')
    expect(message).toContain('etcd waits')
    expect(message).toContain('server waits')
    await expectNoFolder(folder)
  })

  it('tries five ports when others take them first', async () => {
    const folder = await fakePrograms({
      etcd: 'exec sleep 600',
      'kube-apiserver': `${record('$3')}; echo "bind: address already in use"; exit 1`,
    })

    const message = await failure({ assets: folder })

    expect(message).toContain('address already in use')
    expect(await recordedCalls(folder)).toEqual(
      Array.from({ length: 5 }, () => expect.stringMatching(/^--secure-port=\d+$/)),
    )
  })
})

describe.runIf(assets)('starting a control plane with a flag that is refused', { timeout }, () => {
  it.each([
    ['etcd', { etcdArgs: ['--nonsense'] }, 'flag provided but not defined: -nonsense'],
    ['kube-apiserver', { apiServerArgs: ['--nonsense'] }, 'unknown flag: --nonsense'],
  ])('by %s names it', async (_, options, words) => {
    expect(await failure(options)).toContain(words)
  })
})

describe.runIf(assets)('a control plane', { timeout }, () => {
  let controlPlane: ControlPlane
  let second: ControlPlane

  beforeAll(async () => {
    ;[controlPlane, second] = await Promise.all([
      startControlPlane(),
      startControlPlane({ apiServerArgs: ['--anonymous-auth=false', '--profiling=true'] }),
    ])
  }, 2 * timeout)
  afterAll(async () => {
    await Promise.all([controlPlane.stop(), second.stop()])
  }, timeout)

  it('serves each of the built-in groups at once', async () => {
    const { body } = await ask(controlPlane.config, '/apis')
    // A legacy discovery answer.
    const groups = (body['groups'] as { name: string }[]).map(({ name }) => name)

    expect(groups).toEqual(expect.arrayContaining(['apps', 'apiextensions.k8s.io', 'rbac.authorization.k8s.io']))
    for (const group of ['apps/v1', 'batch/v1', 'apiextensions.k8s.io/v1', 'rbac.authorization.k8s.io/v1']) {
      expect((await ask(controlPlane.config, `/apis/${group}`)).status).toBe(200)
    }
  })

  it('has an administrator with a certificate and one with a token', async () => {
    expect(await whoAmI(controlPlane.config)).toEqual({ username: 'admin', groups: ['system:masters', authenticated] })
    expect(await whoAmI(controlPlane.tokenConfig)).toMatchObject({
      username: 'token-admin',
      groups: ['system:masters', authenticated],
    })
  })

  it('gives a new user its name and groups, and no right', async () => {
    const alice = await controlPlane.createUser({ name: 'alice', groups: ['devs', 'ops'] })

    expect(await whoAmI(alice)).toEqual({ username: 'alice', groups: ['devs', 'ops', authenticated] })
    expect((await ask(alice, pods)).status).toBe(403)
  })

  it('gives a user the rights that RBAC grants', async () => {
    const bob = await controlPlane.createUser({ name: 'bob' })
    const rbac = { apiGroup: 'rbac.authorization.k8s.io' }
    const granted = await ask(controlPlane.config, `/apis/${rbac.apiGroup}/v1/clusterrolebindings`, {
      metadata: { name: 'bob-rules' },
      roleRef: { ...rbac, kind: 'ClusterRole', name: 'cluster-admin' },
      subjects: [{ ...rbac, kind: 'User', name: 'bob' }],
    })

    expect(granted.status).toBe(201)
    await vi.waitFor(async () => expect((await ask(bob, pods)).status).toBe(200), timeout)
  })

  it('refuses a user whose certificate has expired', async () => {
    const late = await controlPlane.createUser({ name: 'late', groups: ['system:masters'], validSeconds: -60 })

    expect((await ask(late, pods)).status).toBe(401)
  })

  it('refuses the certificates of another control plane, and is not trusted by its clients', async () => {
    const stranger = { ...controlPlane.config, server: second.config.server }

    await expect(ask(stranger, pods)).rejects.toThrow(/certificate/)
    expect((await ask({ ...stranger, tls: second.config.tls }, pods)).status).toBe(401)
  })

  it('takes further flags, and of two that disagree the later', async () => {
    expect((await ask(anonymous(controlPlane.config), '/version')).status).toBe(200)
    expect((await ask(anonymous(second.config), '/version')).status).toBe(401)
    expect((await ask(controlPlane.config, '/debug/pprof/')).status).toBe(404)
    expect((await ask(second.config, '/debug/pprof/')).status).toBe(200)
  })

  it('has a kubeconfig that kubectl takes', async () => {
    const file = join(await fakePrograms({}), 'kubeconfig')
    await writeFile(file, controlPlane.kubeconfig, { mode: 0o600 })
    const kubectl = async (...args: string[]): Promise<string> => {
      const { stdout } = await run(join(assets ?? '', 'kubectl'), ['--kubeconfig', file, ...args])
      return stdout.trim()
    }
    const nameIn = (context: string): Promise<string> =>
      kubectl('--context', context, 'auth', 'whoami', '-o', 'jsonpath={.status.userInfo.username}')

    expect(await kubectl('config', 'current-context')).toBe('admin')
    expect(await Promise.all(['admin', 'token', 'nobody'].map(nameIn))).toEqual(['admin', 'token-admin', 'nobody'])
  })

  it('stops although a watch is open, once and for all', async () => {
    const { port } = new URL(second.config.server)
    const folder = await folderOf(port)
    const watch = await open(second.config, `${pods}?watch=true`)
    const ended = new Promise((resolve) => watch.once('close', resolve))
    // The server is killed while it writes, which is an error to a reader.
    watch.on('error', () => {}).resume()

    await second.stop()
    await second.stop()

    await ended
    expect(await processesWith(folder)).toEqual([])
    await expect(access(folder)).rejects.toThrow('ENOENT')
    await expect(ask(second.config, '/version')).rejects.toThrow('ECONNREFUSED')
  })

  it('starts on another port when its first was taken, and dies with its process', async () => {
    const taken = `if ! [ -e "$(dirname "$0")/calls" ]; then ${record('taken')}; echo address already in use; exit 1; fi`
    const folder = await fakePrograms({
      etcd: real('etcd'),
      'kube-apiserver': `${taken}\n${record('$3')}\n${real('kube-apiserver')}`,
    })
    const { child, line } = await runScript(`
      import { startControlPlane } from ${JSON.stringify(new URL('../../src/index.ts', import.meta.url))}
      const { config } = await startControlPlane({ assets: ${JSON.stringify(folder)} })
      console.log(config.server)`)
    const { port } = new URL(line)
    const own = await folderOf(port)
    expect(await recordedCalls(folder)).toEqual(['taken', `--secure-port=${port}`])

    child.kill('SIGKILL')

    await vi.waitFor(async () => expect(await processesWith(own)).toEqual([]), timeout)
    await expect(access(own)).rejects.toThrow('ENOENT')
  })
})

const anonymous = (config: ClientConfig): ClientConfig => ({ ...config, credentials: {} })
/** To be put into a script: becomes the real program. */
const real = (name: string): string => `exec "${assets}/${name}" "$@"`
const pods = '/api/v1/namespaces/default/pods'
const authenticated = 'system:authenticated'

async function failure(options?: ControlPlaneOptions): Promise<string> {
  const error: unknown = await startControlPlane(options).catch((reason: unknown) => reason)
  expect(isKubeError(error, 'KUBE_CONFIG')).toBe(true)
  return error instanceof Error ? error.message : ''
}

/** The fakes have recorded the folder that they ran in. */
async function expectNoFolder(fakes: string): Promise<void> {
  const [folder] = await recordedCalls(fakes)
  await expect(access(folder ?? '')).rejects.toThrow('ENOENT')
}

async function whoAmI(config: ClientConfig): Promise<unknown> {
  const { body } = await ask(config, '/apis/authentication.k8s.io/v1/selfsubjectreviews', {})
  // As the API describes a SelfSubjectReview.
  const { username, groups } = (body['status'] as { userInfo: { username: string; groups: string[] } }).userInfo
  return { username, groups }
}

/** The folder of the API server that listens on a port. */
async function folderOf(port: string): Promise<string> {
  const [line = ''] = await processesWith(`--secure-port=${port}`)
  return /--etcd-servers=unix:\/\/(\S+)\/etcd\.sock/.exec(line)?.[1] ?? 'no such process'
}
