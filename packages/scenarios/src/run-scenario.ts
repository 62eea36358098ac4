import { enterNamespace } from './enter-namespace.ts'
import type { Scenario } from './scenario.ts'
import type { RunningServer } from './servers.ts'

/** Runs a scenario in a namespace of its own, with a client that is closed afterwards. */
export async function runScenario(
  scenario: Scenario,
  { config, controlPlane, createClient }: RunningServer,
): Promise<void> {
  const { context, leave } = await enterNamespace(config, createClient)
  try {
    if (scenario.needs !== 'control-plane') await scenario.run(context)
    else if (controlPlane !== undefined) await scenario.run({ ...context, controlPlane })
    else throw new Error(`${JSON.stringify(scenario.title)} runs on a control plane only`)
  } finally {
    await leave()
  }
}
