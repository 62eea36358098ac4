import { glob, readFile } from 'node:fs/promises'
import { beforeAll, describe, expect, it } from 'vitest'
import { type Documents, readDocuments } from '../generate/documents.ts'
import { moduleSources } from '../generate/module-sources.ts'

const folder = new URL('../src/', import.meta.url)

describe('the generated modules', () => {
  let documents: Documents
  let sources: ReadonlyMap<string, string>
  beforeAll(async () => {
    documents = await readDocuments()
    sources = moduleSources(documents)
  })

  it('are those of the committed documents: `pnpm --filter @kubeclient/resources generate` writes them', async () => {
    const files = await Array.fromAsync(glob('*/*.ts', { cwd: folder }))

    expect(files.map((file) => file.replaceAll('\\', '/')).toSorted()).toEqual([...sources.keys()].toSorted())
    for (const [path, source] of sources) {
      // Compared as a boolean: the difference of two modules fills no screen.
      expect([path, (await readFile(new URL(path, folder), 'utf8')) === source]).toEqual([path, true])
    }
  })

  it('are of the Kubernetes that the README names', async () => {
    const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8')
    const [minor = ''] = /\d+\.\d+/.exec(documents.kubernetes) ?? []

    expect(minor).not.toBe('')
    expect(readme).toContain(`Kubernetes ${minor}`)
  })

  it('have a type for whatever they refer to', () => {
    const unknown = [...sources].filter(([, source]) => /^ {2}\S+: unknown$/m.test(source)).map(([path]) => path)

    // A default and an example may be anything.
    expect(unknown).toEqual(['apiextensions/v1.ts'])
  })
})
