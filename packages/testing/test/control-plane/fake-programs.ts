import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

/** A folder of shell scripts in the place of programs; it goes when the test ends. */
export async function fakePrograms(scripts: Record<string, string>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'fake-programs-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  await Promise.all(
    Object.entries(scripts).map(async ([name, script]) => {
      const path = join(folder, name)
      await writeFile(path, `#!/bin/sh\n${script}\n`)
      await chmod(path, 0o755)
    }),
  )
  return folder
}

/** The lines that scripts have added to `calls` beside them. */
export async function recordedCalls(folder: string): Promise<readonly string[]> {
  return (await readFile(join(folder, 'calls'), 'utf8')).trimEnd().split('\n')
}

/** To be put into a script: adds a line to `calls`. */
export function record(what: string): string {
  return `echo "${what}" >> "$(dirname "$0")/calls"`
}
