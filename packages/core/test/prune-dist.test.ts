import { execFileSync } from 'node:child_process'
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import { packagesFolder } from './module-graph.ts'

const tool = fileURLToPath(new URL('../../../tools/prune-dist.ts', import.meta.url))

/** A package with these files. */
function packageOf(files: readonly string[]): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'prune-dist-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  for (const file of files) {
    mkdirSync(path.join(folder, path.dirname(file)), { recursive: true })
    writeFileSync(path.join(folder, file), '')
  }
  return folder
}

describe('what is packed', () => {
  it('has only what a source has become', () => {
    const kept = ['src/a.ts', 'src/b/c.ts', 'dist/a.js', 'dist/a.d.ts', 'dist/b/c.js', 'dist/b/c.d.ts']
    const folder = packageOf([...kept, 'dist/old.js', 'dist/old.d.ts', 'dist/b/old.js', 'dist/old.js.map', 'dist/c.js'])

    execFileSync(process.execPath, [tool], { cwd: folder })

    const files = globSync('**/*.*', { cwd: folder }).map((file) => file.replaceAll('\\', '/'))
    expect(files.toSorted()).toEqual(kept.toSorted())
  })

  it('is looked at before each package is packed', () => {
    const manifests = globSync('*/package.json', { cwd: packagesFolder })
      .map((file) => JSON.parse(readFileSync(path.join(packagesFolder, file), 'utf8')))
      .filter(({ private: isPrivate }) => isPrivate !== true)

    expect(manifests.length).toBeGreaterThan(5)
    expect(manifests.filter(({ scripts }) => scripts?.prepack !== 'node ../../tools/prune-dist.ts')).toEqual([])
  })
})
