import { ConfigError } from '@kubeclient/core/spec'
import type { Pki } from './create-pki.ts'
import type { Assets } from './find-assets.ts'
import { findFreePort } from './find-free-port.ts'
import { apiServerFlags, etcdFlags } from './program-flags.ts'
import { type Program, startProgram } from './start-program.ts'
import { waitUntilReady } from './wait-until-ready.ts'

export interface StartProgramsOptions {
  readonly assets: Assets
  readonly folder: string
  readonly pkiFolder: string
  readonly pki: Pki
  readonly apiServerArgs: readonly string[]
  readonly etcdArgs: readonly string[]
  readonly timeoutMs: number
}

export interface RunningPrograms {
  /** Of the API server, on 127.0.0.1. */
  readonly port: number
  /** Ends kube-apiserver and starts it again on the same port; resolves when it is ready. */
  restartApiServer(): Promise<void>
  stop(): Promise<void>
}

interface ApiServerProgram {
  readonly apiServer: Program
  readonly port: number
}

const mostAttempts = 5

/** Starts etcd and kube-apiserver; resolves when they are ready. @throws {@link ConfigError} with lines of the log */
export async function startPrograms(options: StartProgramsOptions): Promise<RunningPrograms> {
  const { assets, folder, etcdArgs } = options
  const etcd = startProgram({ name: 'etcd', path: assets.etcd, args: [...etcdFlags(folder), ...etcdArgs], folder })
  try {
    let { apiServer, port } = await startApiServer(etcd, options)
    return {
      port,
      async restartApiServer() {
        await apiServer.stop()
        ;({ apiServer } = await startApiServer(etcd, options, port))
      },
      async stop() {
        await apiServer.stop()
        await etcd.stop()
      },
    }
  } catch (error) {
    await etcd.stop()
    throw error
  }
}

async function startApiServer(
  etcd: Program,
  options: StartProgramsOptions,
  samePort?: number,
): Promise<ApiServerProgram> {
  const { assets, folder, pkiFolder, apiServerArgs, timeoutMs } = options
  const deadline = AbortSignal.timeout(timeoutMs)
  for (let attempt = 1; ; attempt += 1) {
    const port = samePort ?? (await findFreePort())
    const args = [...apiServerFlags({ folder, pki: pkiFolder, port }), ...apiServerArgs]
    const apiServer = startProgram({ name: 'kube-apiserver', path: assets.apiServer, args, folder })
    const failure = await firstFailure({ apiServer, port }, etcd, deadline, options)
    if (failure === undefined) return { apiServer, port }
    await apiServer.stop()
    // Between the choice of a port and its use another program may have taken it.
    if (attempt === mostAttempts || !failure.includes('address already in use')) {
      throw new ConfigError(`cannot start a control plane: ${failure}`)
    }
  }
}

/** What went wrong, or undefined as soon as the API server is ready. */
async function firstFailure(
  { apiServer, port }: ApiServerProgram,
  etcd: Program,
  deadline: AbortSignal,
  { pki, timeoutMs }: StartProgramsOptions,
): Promise<string | undefined> {
  const settled = new AbortController()
  const signal = AbortSignal.any([deadline, settled.signal])
  const programs = [etcd, apiServer]
  try {
    return await Promise.race([
      waitUntilReady({ port, ca: pki.authority.cert, admin: pki.admin, signal }).then(
        () => undefined,
        async () => `not ready after ${timeoutMs} ms${await excerpts(programs)}`,
      ),
      ...programs.map(async (program) => `${program.name} ${await program.ended}${await excerpts([program])}`),
    ])
  } finally {
    settled.abort()
  }
}

async function excerpts(programs: readonly Program[]): Promise<string> {
  const parts = await Promise.all(
    programs.map(async (program) => `from the log of ${program.name}:\n  ${(await program.excerpt()).join('\n  ')}`),
  )
  return ['', ...parts].join('; ')
}
