import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const root = resolve(import.meta.dirname, '..')

export interface Installed {
  readonly folder: string
  readonly packages: number
  readonly bytes: number
}

/** What `npm install` brings into an empty folder, which is made in another. */
export async function install(parent: string, ...what: string[]): Promise<Installed> {
  const folder = await mkdtemp(join(parent, 'install-'))
  await writeFile(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module' }))
  await run('npm', ['install', '--no-audit', '--no-fund', ...what], { cwd: folder })
  const lock = await readFile(join(folder, 'node_modules/.package-lock.json'), 'utf8')
  const { packages } = JSON.parse(lock) as { packages: object } // npm wrote it
  const entries = await readdir(join(folder, 'node_modules'), { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile() && entry.name !== '.package-lock.json')
  const sizes = await Promise.all(files.map(async (file) => (await stat(join(file.parentPath, file.name))).size))
  return { folder, packages: Object.keys(packages).length, bytes: sizes.reduce((sum, size) => sum + size, 0) }
}

/** Tarballs of packages as they would be published, built just now. */
export async function pack(parent: string, ...names: string[]): Promise<string[]> {
  await run(join(root, 'node_modules/.bin/tsc'), ['-b', ...names.map((name) => join(root, 'packages', name))])
  const { packageManager } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as {
    packageManager: string
  }
  const tarballs: string[] = []
  for (const name of names) {
    const out = join(parent, `${name}.tgz`)
    await run('npx', ['--yes', packageManager, 'pack', '--out', out], { cwd: join(root, 'packages', name) })
    tarballs.push(out)
  }
  return tarballs
}
