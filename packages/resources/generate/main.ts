// Writes src/ from the committed OpenAPI documents.
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readDocuments } from './documents.ts'
import { moduleSources } from './module-sources.ts'

const folder = fileURLToPath(new URL('../src/', import.meta.url))

const sources = moduleSources(await readDocuments())
for (const group of await readdir(folder, { withFileTypes: true }))
  if (group.isDirectory()) await rm(folder + group.name, { recursive: true })
for (const [path, source] of sources) {
  await mkdir(dirname(folder + path), { recursive: true })
  await writeFile(folder + path, source)
}
console.log(`${sources.size} modules`)
