// Runs a command in a container, and ends with its exit code: node main.ts POD COMMAND [ARGUMENT…]. With a terminal, the command has it.
import { once } from 'node:events'
import { createClient } from '@kubeclient/core'
import { loadKubeconfig } from '@kubeclient/kubeconfig'
import { exec, type TerminalSize } from '@kubeclient/streams'

const { stdin, stdout, stderr } = process
const [pod, ...command] = process.argv.slice(2)
if (pod === undefined || command.length === 0) throw new Error('node main.ts POD COMMAND [ARGUMENT…]')

async function* sizes(): AsyncGenerator<TerminalSize> {
  for (;;) {
    yield { width: stdout.columns, height: stdout.rows }
    await once(stdout, 'resize')
  }
}

const tty = stdin.isTTY && stdout.isTTY
const client = createClient(await loadKubeconfig())
try {
  if (tty) stdin.setRawMode(true)
  const streams = tty ? { tty, stdin, stdout, resize: sizes() } : { stdin, stdout, stderr }
  const { exitCode = 1 } = await exec(client, pod, { command, ...streams })
  process.exitCode = exitCode
} finally {
  if (tty) stdin.setRawMode(false)
  await client.close()
}
