import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createClient } from '@kubeclient/core'
import { Node, Pod } from '@kubeclient/resources/core/v1'
import { type ControlPlane, startControlPlane } from '@kubeclient/testing'
import { createCertificateAuthority } from '../../testing/src/certificates.ts'
import { findFreePort } from '../../testing/src/control-plane/find-free-port.ts'

/** A real API server with a kwok behind it: pods run, logs are files, commands run on this machine. */
export interface Kubelets {
  readonly controlPlane: ControlPlane
  /** Where commands run. */
  readonly folder: string
  /** Resolves when the pod runs. */
  createPod(pod: PodOptions): Promise<void>
  /** Adds a line to the log of a container. */
  log(pod: string, container: string, text: string, time?: Date): Promise<void>
  /** Ends all of it. */
  stop(): Promise<void>
}

export interface PodOptions {
  readonly name: string
  readonly labels?: Record<string, string>
  /** @defaultValue one, `main` */
  readonly containers?: readonly string[]
  /** Those of the first container, by name. */
  readonly ports?: Record<string, number>
}

const node = 'node-0'

/** Needs KUBEBUILDER_ASSETS with a kwok, whose configuration is `test/fixtures/kwok.yaml`. */
export async function startKubelets(assets: string): Promise<Kubelets> {
  const folder = await mkdtemp(join(tmpdir(), 'kubelets-'))
  const files = await writeCertificates(folder)
  const controlPlane = await startControlPlane({
    apiServerArgs: [
      `--kubelet-certificate-authority=${files.ca}`,
      `--kubelet-client-certificate=${files.clientCert}`,
      `--kubelet-client-key=${files.clientKey}`,
      '--kubelet-preferred-address-types=InternalIP',
    ],
  })
  const stopKwok = await startKwok(assets, { folder, files, kubeconfig: controlPlane.kubeconfig })
  const admin = createClient(controlPlane.config)
  await admin.resource(Node).create({ metadata: { name: node } })
  for await (const { object } of admin.resource(Node).watch({ name: node }))
    if (object.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') === true) break
  return {
    controlPlane,
    folder: join(folder, 'work'),
    async createPod({ name, labels = {}, containers = ['main'], ports = {} }) {
      const named = Object.entries(ports).map(([portName, containerPort]) => ({ name: portName, containerPort }))
      const pods = admin.resource(Pod, { namespace: 'default' })
      await pods.create({
        metadata: { name, labels },
        spec: {
          nodeName: node,
          containers: containers.map((container, index) => ({
            name: container,
            image: 'none',
            ports: index === 0 ? named : [],
          })),
        },
      })
      for await (const { object } of pods.watch({ name })) if (object.status?.phase === 'Running') break
    },
    async log(pod, container, text, time = new Date()) {
      const file = join(folder, 'logs', 'default', pod, `${container}.log`)
      await mkdir(dirname(file), { recursive: true })
      await appendFile(file, `${time.toISOString().replace('Z', '000000Z')} stdout F ${text}\n`)
    },
    async stop() {
      await admin.close()
      await stopKwok()
      await controlPlane.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

interface KubeletFiles {
  readonly ca: string
  readonly cert: string
  readonly key: string
  readonly clientCert: string
  readonly clientKey: string
}

/** The kubelet's certificate, and the one that the API server shows to it. */
async function writeCertificates(folder: string): Promise<KubeletFiles> {
  const authority = await createCertificateAuthority({ commonName: 'kubelets' })
  const server = await authority.issue({ commonName: 'kubelet', sans: ['127.0.0.1'] })
  const client = await authority.issue({ commonName: 'kube-apiserver', organizations: ['system:masters'] })
  const write = async (name: string, text: string): Promise<string> => {
    await writeFile(join(folder, name), text, { mode: 0o600 })
    return join(folder, name)
  }
  return {
    ca: await write('ca.crt', authority.cert),
    cert: await write('kubelet.crt', server.cert),
    key: await write('kubelet.key', server.key),
    clientCert: await write('client.crt', client.cert),
    clientKey: await write('client.key', client.key),
  }
}

/** The shell waits for the end of its stdin, which comes however this process ends, and takes kwok with it. */
const guard = '"$@" </dev/null & read -r _; kill "$!"; wait "$!"'

interface KwokOptions {
  readonly folder: string
  readonly files: KubeletFiles
  readonly kubeconfig: string
}

async function startKwok(assets: string, { folder, files, kubeconfig }: KwokOptions): Promise<() => Promise<void>> {
  const template = await readFile(new URL('../test/fixtures/kwok.yaml', import.meta.url), 'utf8')
  await writeFile(join(folder, 'kwok.yaml'), template.replaceAll('@DIR@', folder))
  await writeFile(join(folder, 'kubeconfig'), kubeconfig, { mode: 0o600 })
  await mkdir(join(folder, 'work'))
  const port = await findFreePort()
  const args = [
    `--kubeconfig=${join(folder, 'kubeconfig')}`,
    `--config=${join(folder, 'kwok.yaml')}`,
    '--manage-all-nodes',
    '--node-ip=127.0.0.1',
    `--node-port=${port}`,
    `--server-address=127.0.0.1:${port}`,
    `--tls-cert-file=${files.cert}`,
    `--tls-private-key-file=${files.key}`,
    '--cidr=198.18.0.0/16',
  ]
  const child = spawn('/bin/sh', ['-c', guard, 'sh', join(assets, 'kwok'), ...args], {
    cwd: folder,
    env: { PATH: process.env['PATH'], HOME: folder, KWOK_CLIENT_CA_FILE: files.ca },
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  const exit = once(child, 'exit')
  return async () => {
    child.stdin.end()
    await exit
  }
}
