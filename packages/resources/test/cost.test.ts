import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'

const cwd = fileURLToPath(new URL('..', import.meta.url))

interface Cost {
  files: number
  types: number
  instantiations: number
}

/** What the compiler counts: the same on every machine, unlike its time. */
async function costOf(program: string): Promise<Cost> {
  const args = ['-p', `test/cost/${program}`, '--extendedDiagnostics']
  const { stdout } = await promisify(execFile)('node_modules/.bin/tsc', args, { cwd })
  const count = (what: string): number => Number(new RegExp(`^${what}:\\s+(\\d+)`, 'm').exec(stdout)?.[1])
  return { files: count('Files'), types: count('Types'), instantiations: count('Instantiations') }
}

describe('the type check of a program with ten kinds', { timeout: 120_000 }, () => {
  it('reads the modules that it names and those of their parts, and makes few types', async () => {
    const [empty, tenKinds] = await Promise.all([costOf('empty'), costOf('ten-kinds')])

    expect(tenKinds.files - empty.files).toBe(7)
    expect(tenKinds.types - empty.types).toBeGreaterThan(0)
    expect(tenKinds.types - empty.types).toBeLessThan(4000)
    expect(tenKinds.instantiations - empty.instantiations).toBeLessThan(4000)
  })
})
