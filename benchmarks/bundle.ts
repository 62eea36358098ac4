// node bundle.ts INPUT FOLDER: bundles a program with all that it imports, as a serverless function is deployed, and prints what
// came of it. A process of its own: a child's peak of memory is counted from its parent's, which must stay small.
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { rolldown } from 'rolldown'

export interface Bundled {
  readonly file: string
  /** Bytes, minified: the entry, and beside it what is loaded later, if at all. */
  readonly entry: number
  readonly later: number
  /** Of both. */
  readonly gzip: number
}

const [, , input = '', folder = ''] = process.argv
const build = await rolldown({ input, platform: 'node', logLevel: 'silent' })
await build.write({ dir: folder, minify: true, entryFileNames: 'entry.js' })
await build.close()
const file = join(folder, 'entry.js')
const names = (await readdir(folder)).filter((name) => name.endsWith('.js') && name !== 'entry.js')
const [entry = Buffer.alloc(0), ...later] = await Promise.all(
  [file, ...names.map((name) => join(folder, name))].map(read),
)
const bundled: Bundled = {
  file,
  entry: entry.length,
  later: Buffer.concat(later).length,
  gzip: [entry, ...later].reduce((sum, code) => sum + gzipSync(code).length, 0),
}
console.log(JSON.stringify(bundled))

function read(path: string): Promise<Buffer> {
  return readFile(path)
}
