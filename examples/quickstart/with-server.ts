import { mkdtemp, rm, writeFile } from 'node:fs/promises'
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

async function withFile(text: string, use: (path: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'kubeclient-quickstart-'))
  try {
    const path = join(folder, 'kubeconfig')
    await writeFile(path, text, { mode: 0o600 }) // it holds credentials
    await use(path)
  } finally {
    await rm(folder, { recursive: true })
  }
}
