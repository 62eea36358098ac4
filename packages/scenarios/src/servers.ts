import { type ClientConfig, createClient } from '@kubeclient/core'
import { createClient as createFetchClient } from '@kubeclient/core/fetch'
import { createClient as createLiteClient } from '@kubeclient/core/lite'
import { type ControlPlane, startApiServer, startControlPlane } from '@kubeclient/testing'
import type { CreateClient } from './scenario.ts'

/** A server that scenarios can run on, and an entry of core for the clients. */
export interface ServerUnderTest {
  readonly title: string
  readonly isControlPlane: boolean
  /** Whether the connections are the client's, and can be counted. */
  readonly ownConnections: boolean
  readonly start: () => Promise<RunningServer>
}

export interface RunningServer {
  /** An administrator's. */
  readonly config: ClientConfig
  readonly createClient: CreateClient
  readonly controlPlane?: ControlPlane
  readonly stop: () => Promise<void>
}

/** A fetch takes no CA: it meets the server without TLS only. */
const inMemory: readonly ServerUnderTest[] = [
  inMemoryServer('HTTP, by core', createClient),
  inMemoryServer('HTTPS, by core', createClient, { tls: true }),
  inMemoryServer('HTTPS, by core/lite', createLiteClient, { tls: true }),
  { ...inMemoryServer('HTTP, by core/fetch', createFetchClient), ownConnections: false },
]

const real: readonly ServerUnderTest[] = [realServer('core', createClient), realServer('core/lite', createLiteClient)]

function inMemoryServer(how: string, create: CreateClient, options: { tls?: boolean } = {}): ServerUnderTest {
  return {
    title: `in memory, over ${how}`,
    isControlPlane: false,
    ownConnections: true,
    async start() {
      const server = await startApiServer(options)
      return { config: server.config, createClient: create, stop: () => server.stop() }
    },
  }
}

function realServer(entry: string, create: CreateClient): ServerUnderTest {
  return {
    title: `a real control plane, by ${entry}`,
    isControlPlane: true,
    ownConnections: true,
    async start() {
      const controlPlane = await startControlPlane()
      return { controlPlane, createClient: create, config: controlPlane.config, stop: () => controlPlane.stop() }
    },
  }
}

/** The in-memory server always, a real one where its programs are at hand. */
export function servers(env: Readonly<Record<string, string | undefined>>): readonly ServerUnderTest[] {
  return hasControlPlane(env) ? [...inMemory, ...real] : inMemory
}

export function hasControlPlane(env: Readonly<Record<string, string | undefined>>): boolean {
  return Boolean(env['KUBEBUILDER_ASSETS'])
}
