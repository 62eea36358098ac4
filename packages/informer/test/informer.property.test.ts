import { createClient } from '@kubeclient/core'
import { startApiServer } from '@kubeclient/testing'
import { assert, asyncProperty } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { configMaps, liveHistory, type LiveServer } from './support/live-history.ts'
import { randomHistory } from './support/random-history.ts'
import { seeded, timeoutFor } from './support/seeded.ts'

const limitMs = 120_000

async function inMemory(): Promise<LiveServer & AsyncDisposable> {
  const server = await startApiServer()
  const client = createClient(server.config)
  const { credentials } = server.config
  const token = typeof credentials === 'object' && 'token' in credentials ? (credentials.token ?? '') : ''
  return {
    server: server.url,
    token,
    direct: client.resource(configMaps),
    namespace: 'default',
    compact: () => server.compact(),
    restart: () => server.dropWatches(),
    async [Symbol.asyncDispose]() {
      await client.close()
      await server.stop()
    },
  }
}

describe('an informer behind a proxy that makes trouble', () => {
  it(
    'ends with what the server has, told in legal order, never went back and holds one watch',
    { timeout: timeoutFor(limitMs) },
    async () => {
      let troubled = 0
      await assert(
        asyncProperty(randomHistory, async (history) => {
          await using server = await inMemory()

          const outcome = await liveHistory(server, history)

          expect(outcome.store).toEqual(outcome.wanted)
          expect(outcome.replica).toEqual(outcome.wanted)
          expect(outcome).toMatchObject({ complaints: [], wentBack: [], openWatches: 1, openConnections: 0 })
          troubled += outcome.troubled
        }),
        seeded(100, limitMs),
      )
      expect(troubled).toBeGreaterThan(0)
    },
  )
})
