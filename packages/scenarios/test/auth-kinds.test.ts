import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { env } from 'node:process'
import { createClient } from '@kubeclient/core'
import { type ControlPlane, startControlPlane } from '@kubeclient/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { authKinds } from '../src/auth-kinds.ts'
import { runScenario } from '../src/run-scenario.ts'
import { scenarios } from '../src/scenarios.ts'
import { hasControlPlane, type RunningServer } from '../src/servers.ts'
import { whoAmI } from '../src/who-am-i.ts'
import { withClient } from '../src/with-client.ts'

describe.runIf(hasControlPlane(env))('whoever signs in, everything else is the same:', () => {
  let controlPlane: ControlPlane

  beforeAll(async () => {
    controlPlane = await startControlPlane()
  }, 90_000)
  afterAll(() => controlPlane.stop())

  describe.each(authKinds)('$title', ({ user, load }) => {
    let server: RunningServer
    let folder: string

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'auth-kind-'))
      server = { config: await load(controlPlane, folder), controlPlane, createClient, stop: () => controlPlane.stop() }
    })
    afterAll(() => rm(folder, { recursive: true }))

    it('is its own user', async () => {
      expect((await withClient(server.config, whoAmI)).username).toBe(user)
    })

    for (const scenario of scenarios) {
      // oxlint-disable-next-line vitest/expect-expect, vitest/valid-title -- a scenario has both
      it(scenario.title, { timeout: 20_000 }, () => runScenario(scenario, server))
    }
  })
})
