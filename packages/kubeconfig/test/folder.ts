import { mkdtempSync, rmSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { onTestFinished } from 'vitest'

/** A temporary folder that goes with the test. */
export interface Folder {
  path(...names: readonly string[]): string
  /** Creates the folders on the way; returns the path. */
  write(name: string, content: string | Uint8Array): Promise<string>
}

export function temporaryFolder(): Folder {
  const root = mkdtempSync(path.join(tmpdir(), 'kubeconfig-'))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  const inside = (...names: readonly string[]): string => path.join(root, ...names)
  return {
    path: inside,
    async write(name, content) {
      await mkdir(path.dirname(inside(name)), { recursive: true })
      await writeFile(inside(name), content)
      return inside(name)
    },
  }
}
