import type { ClientConfig } from '@kubeclient/core'
import { type ControlPlane, startApiServer, startControlPlane } from '@kubeclient/testing'

/** A server that scenarios can run on. */
export interface ServerUnderTest {
  readonly title: string
  readonly isControlPlane: boolean
  readonly start: () => Promise<RunningServer>
}

export interface RunningServer {
  /** An administrator's. */
  readonly config: ClientConfig
  readonly controlPlane?: ControlPlane
  readonly stop: () => Promise<void>
}

const inMemory: readonly ServerUnderTest[] = [
  { title: 'in memory, over HTTP', isControlPlane: false, start: () => startApiServer() },
  { title: 'in memory, over HTTPS', isControlPlane: false, start: () => startApiServer({ tls: true }) },
]

const real: ServerUnderTest = {
  title: 'a real control plane',
  isControlPlane: true,
  async start() {
    const controlPlane = await startControlPlane()
    return { controlPlane, config: controlPlane.config, stop: () => controlPlane.stop() }
  },
}

/** The in-memory server always, a real one where its programs are at hand. */
export function servers(env: Readonly<Record<string, string | undefined>>): readonly ServerUnderTest[] {
  return hasControlPlane(env) ? [...inMemory, real] : inMemory
}

export function hasControlPlane(env: Readonly<Record<string, string | undefined>>): boolean {
  return Boolean(env['KUBEBUILDER_ASSETS'])
}
