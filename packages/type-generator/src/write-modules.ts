import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** Writes sources below a folder, and answers the paths written. What else is there stays. */
export async function writeModules(modules: ReadonlyMap<string, string>, folder: string): Promise<string[]> {
  const paths: string[] = []
  for (const [path, source] of modules) {
    const target = join(folder, path)
    await mkdir(dirname(target), { recursive: true })
    await writeFile(target, source)
    paths.push(target)
  }
  return paths
}
