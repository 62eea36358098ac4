import { rmSync } from 'node:fs'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startApiServer, startControlPlane } from '@kubeclient/testing'

const start = {
  'in-memory': () => startApiServer({ tls: true }),
  'control-plane': () => startControlPlane(),
}

/** Runs a server and writes a kubeconfig for it, for the length of one call; both are gone afterwards. */
export async function withServer(kind: keyof typeof start, use: (kubeconfig: string) => Promise<void>): Promise<void> {
  const server = await start[kind]()
  try {
    await withFile(server.kubeconfig, use)
  } finally {
    await server.stop()
  }
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

async function withFile(text: string, use: (path: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'kubeclient-quickstart-'))
  const remove = (): void => rmSync(folder, { recursive: true, force: true })
  // Ctrl-C ends the process as ever, only without the folder.
  const leave = (signal: NodeJS.Signals): void => {
    remove()
    process.kill(process.pid, signal)
  }
  for (const signal of signals) process.once(signal, leave)
  try {
    const path = join(folder, 'kubeconfig')
    await writeFile(path, text, { mode: 0o600 }) // it holds credentials
    await use(path)
  } finally {
    remove()
    for (const signal of signals) process.off(signal, leave)
  }
}
