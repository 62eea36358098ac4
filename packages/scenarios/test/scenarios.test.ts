import { env } from 'node:process'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runScenario } from '../src/run-scenario.ts'
import { scenarios } from '../src/scenarios.ts'
import { hasControlPlane, type RunningServer, servers } from '../src/servers.ts'

const needy = scenarios.filter(({ needs }) => needs === 'control-plane').length
const left = hasControlPlane(env) ? 'all of them run' : `${needy} do not run, as KUBEBUILDER_ASSETS is not set`
console.log(`${scenarios.length} scenarios, ${needy} of them for a real control plane only: ${left}`)

describe.each(servers(env))('$title', ({ start, isControlPlane, ownConnections }) => {
  let server: RunningServer | undefined

  beforeAll(async () => {
    server = await start()
  }, 90_000)
  afterAll(() => server?.stop())

  for (const scenario of scenarios) {
    if (scenario.needs === 'control-plane' && !isControlPlane) continue
    if (scenario.needs === 'own-connections' && !ownConnections) continue
    // oxlint-disable-next-line vitest/expect-expect, vitest/valid-title -- a scenario has both
    it(scenario.title, { timeout: 20_000 }, async () => {
      if (server === undefined) throw new Error('the server did not start')
      await runScenario(scenario, server)
    })
  }
})

it('no two scenarios have the same title', () => {
  const titles = scenarios.map(({ title }) => title)
  expect(new Set(titles).size).toBe(titles.length)
})
