// The main job, from a kubeconfig to a Deployment and back. `npm run quickstart -- --help` says what else it does.
import { type Client, createClient } from '@kubeclient/core'
import { loadKubeconfig } from '@kubeclient/kubeconfig'
import { type Job, parseChoice, usage } from './choice.ts'
import { deploy } from './deploy.ts'
import { lookAround } from './look-around.ts'
import { createNarrator, type Narrator } from './narrator.ts'
import { withServer } from './with-server.ts'

const titles = {
  'in-memory': 'an API server in memory',
  'control-plane': 'a real API server',
  kubeconfig: 'your cluster; nothing is written',
}

const next = `
Next
    examples/quickstart/deploy.ts                 the code of what you saw
    npm run quickstart -- --kubeconfig PATH       a look at your own cluster; nothing is written
    npm run quickstart -- --control-plane         the same on a real API server
    docs/README.md                                everything else, by question`

// A reader such as `head` may leave early: the rest is done in silence, the cleaning up included.
process.stdout.on('error', () => undefined)
process.exitCode = await main(process.argv.slice(2))

async function main(args: readonly string[]): Promise<number> {
  const choice = parseChoice(args)
  if (choice.kind === 'help') {
    console.log(usage)
    return 0
  }
  if (choice.kind === 'mistake') {
    console.error(`quickstart: ${choice.message}\n\n${usage}`)
    return 2
  }
  try {
    await run(choice, createNarrator(console.log))
    return 0
  } catch (error) {
    console.error(`quickstart: ${error instanceof Error ? error.message : String(error)}`)
    return 1
  }
}

async function run(job: Job, narrator: Narrator): Promise<void> {
  narrator.say(`kubeclient on ${titles[job.kind]}\n`)
  if (job.kind === 'kubeconfig') {
    await connect(job.path, narrator, (client) => lookAround(client, narrator))
  } else {
    await withServer(job.kind, (path) =>
      connect(path, narrator, async (client) => {
        await lookAround(client, narrator)
        await deploy(client, narrator)
      }),
    )
  }
  narrator.say(next)
}

async function connect(path: string, narrator: Narrator, use: (client: Client) => Promise<void>): Promise<void> {
  const config = await loadKubeconfig({ path })
  narrator.step('connect', `${String(config.server)}, as ${path} says`)
  const client = createClient(config)
  try {
    await use(client)
  } finally {
    await client.close()
  }
}
