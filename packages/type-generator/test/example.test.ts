import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { definitionModules, parseManifests } from '../src/index.ts'

const example = new URL('../../../examples/custom-resource/', import.meta.url)

describe('examples/custom-resource', () => {
  it('has the types that its definition gives', async () => {
    const definition = await readFile(new URL('backups.json', example), 'utf8')
    const [[path, source] = []] = definitionModules(parseManifests(definition, 'backups.json'))

    expect(source).toBe(await readFile(new URL(`kinds/${path}`, example), 'utf8'))
  })

  it('runs by itself', { timeout: 60_000 }, async () => {
    const main = fileURLToPath(new URL('main.ts', example))

    const { stdout } = await promisify(execFile)(process.execPath, [main])

    expect(stdout.trim().split('\n')).toEqual([
      'defined backups.example.com',
      'monday: data Done, kept for 7 days',
      'tuesday: data Done, kept for 30 days',
    ])
  })
})
