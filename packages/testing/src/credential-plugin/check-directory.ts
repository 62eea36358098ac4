import { basename, join } from 'node:path'
import { mkdtemp, stat, utimes, writeFile } from 'node:fs/promises'
import type { AuthInfo } from '@kubeclient/core/spec'
import type { Bench } from './bench.ts'
import type { Served } from './served.ts'

/** A configuration that is no file may be anybody's: nothing that it names is read or run. */
export async function checkDirectory(bench: Bench, { place, entry }: Served): Promise<void> {
  const where = `${place}, without a directory`
  const folder = await mkdtemp(join(bench.folder, 'bait-'))
  const baits: string[] = []
  const baited = withFiles(entry.authInfo, (path) => {
    const bait = join(folder, basename(path))
    baits.push(bait)
    return bait
  })
  await Promise.all(baits.map(layOut))
  for (const authInfo of [entry.authInfo, baited]) {
    const taken = bench.take(where, authInfo, { ...entry.context, directory: undefined, persist: undefined })
    if (!('provider' in taken)) continue
    const { processes } = await bench.ask(where, taken.provider, entry)
    if (processes > 0) bench.find('directory', where, 'it started a process; refuse with a ConfigError instead')
  }
  const touched = await Promise.all(baits.map(wasRead))
  if (touched.includes(true))
    bench.find('directory', where, 'it read or ran a file that the entry names; refuse with a ConfigError instead')
}

/** The entry with other paths wherever it names a file. */
function withFiles({ exec, 'auth-provider': provider, ...user }: AuthInfo, path: (old: string) => string): AuthInfo {
  const files = (['tokenFile', 'client-certificate', 'client-key'] as const).filter((name) => user[name] !== undefined)
  const config = Object.entries(provider?.config ?? {}).map(([name, value]) => [
    name,
    isPath(value) ? path(value) : value,
  ])
  return {
    ...user,
    ...Object.fromEntries(files.map((name) => [name, path(name)])),
    ...(exec !== undefined && { exec: { ...exec, command: path(exec.command) } }),
    ...(provider !== undefined && { 'auth-provider': { ...provider, config: Object.fromEntries(config) } }),
  }
}

function isPath(value: string): boolean {
  return value.includes('/') && !value.includes('://')
}

const long = new Date(0)

/** A program that was last read long ago. A shell that runs it reads it. */
async function layOut(path: string): Promise<void> {
  await writeFile(path, '#!/bin/sh\n', { mode: 0o755 })
  await utimes(path, long, new Date())
}

/** Never, on file systems that do not keep the time. */
async function wasRead(path: string): Promise<boolean> {
  return (await stat(path)).atimeMs !== long.getTime()
}
