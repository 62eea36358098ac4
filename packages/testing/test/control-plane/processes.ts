import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

/** Command lines of living processes that contain a text. */
export async function processesWith(text: string): Promise<readonly string[]> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-ww', '-o', 'args='], { maxBuffer: 64 * 1024 * 1024 })
  return stdout.split('\n').filter((line) => line.includes(text) && !line.startsWith('ps '))
}
