import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { onTestFinished } from 'vitest'

export interface RunningScript {
  readonly child: ChildProcessByStdio<Writable, Readable, null>
  /** What it printed first. */
  readonly line: string
}

/** Runs an ES module in a process of its own, until it has printed a line. */
export async function runScript(source: string): Promise<RunningScript> {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', source], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const lines = createInterface(child.stdout)
  const line = await new Promise<string>((resolve, reject) => {
    lines.once('line', resolve)
    lines.once('close', () => {
      reject(new Error('the script ended without a word'))
    })
  })
  return { child, line }
}
