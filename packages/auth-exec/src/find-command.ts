import { constants } from 'node:fs'
import { access, stat } from 'node:fs/promises'
import { posix, win32 } from 'node:path'
import type { Host } from './host.ts'
import { quote } from './quote.ts'

/** An absolute path, or why there is none. */
export interface Found {
  readonly path?: string
  /** Goes on where `the command "x"` ended. */
  readonly reason?: string
  /** It has to be installed. */
  readonly isMissing?: boolean
}

type Place = Pick<Host, 'platform' | 'env'>

/**
 * The file that a command means: a path is relative to `directory`, a name is looked up in the PATH of this process. As Go
 * does it: never in the current folder, and never in a folder of the PATH that is relative to it.
 */
export async function findCommand(command: string, directory: string, host: Place): Promise<Found> {
  const isPath = hasSeparator(command, host.platform)
  let obstacle: string | undefined
  for (const candidate of candidates(command, directory, host)) {
    const state = await stateOf(candidate)
    if (state === 'runs') return runnable(candidate, host)
    if (state !== 'absent') obstacle ??= state
  }
  if (isPath && obstacle !== undefined) return { reason: obstacle }
  if (isPath) return { reason: `is not there: ${quote(nameOrPath(command, directory, host))}`, isMissing: true }
  const ignored = pathFolders(host).some((folder) => !pathApi(host).isAbsolute(folder))
  return {
    reason: `is in no folder of PATH${ignored ? ' (relative folders of it do not count)' : ''}; install it, or correct PATH`,
    isMissing: true,
  }
}

/** Every file that the command may mean, the first that can be run counts. */
export function candidates(command: string, directory: string, host: Place): readonly string[] {
  const path = pathApi(host)
  const extensions = host.platform === 'win32' ? windowsExtensions(command, host) : ['']
  const bases = hasSeparator(command, host.platform)
    ? [nameOrPath(command, directory, host)]
    : pathFolders(host)
        .filter((folder) => path.isAbsolute(folder))
        .map((folder) => path.join(folder, command))
  return bases.flatMap((base) => extensions.map((extension) => base + extension))
}

/** As an allow-list has it: a name, or an absolute path. */
export function nameOrPath(command: string, directory: string, { platform }: Pick<Host, 'platform'>): string {
  return hasSeparator(command, platform) ? pathApi({ platform }).resolve(directory, command) : command
}

export function hasSeparator(command: string, platform: NodeJS.Platform): boolean {
  return platform === 'win32' ? /[\\/:]/.test(command) : command.includes('/')
}

export function pathApi({ platform }: Pick<Host, 'platform'>): typeof posix {
  return platform === 'win32' ? win32 : posix
}

function pathFolders({ env, platform }: Place): readonly string[] {
  if (platform !== 'win32') return (env['PATH'] ?? '').split(':')
  // There a folder may be quoted, to hold a semicolon.
  return (variable(env, 'PATH') ?? '').match(/(?:[^;"]|"[^"]*"?)+/g)?.map((folder) => folder.replaceAll('"', '')) ?? []
}

/** A name with an extension may be the whole name. */
function windowsExtensions(command: string, { env }: Place): readonly string[] {
  const known = (variable(env, 'PATHEXT') ?? '.com;.exe;.bat;.cmd').toLowerCase().split(';').filter(Boolean)
  const dotted = known.map((extension) => (extension.startsWith('.') ? extension : `.${extension}`))
  return win32.extname(command) === '' ? dotted : ['', ...dotted]
}

/** Windows finds variables in any case; a copy of its environment does not. */
function variable(env: Host['env'], name: string): string | undefined {
  return env[name] ?? Object.entries(env).find(([key]) => key.toUpperCase() === name)?.[1]
}

function runnable(path: string, { platform }: Place): Found {
  if (platform !== 'win32' || !/\.(?:bat|cmd)$/i.test(path)) return { path }
  return { reason: `is the batch file ${quote(path)}, which only a shell could run; name an .exe` }
}

async function stateOf(path: string): Promise<string> {
  try {
    const stats = await stat(path)
    if (!stats.isFile()) return stats.isDirectory() ? 'is a folder' : 'is no ordinary file'
    await access(path, constants.X_OK)
    return 'runs'
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'ENOENT' || code === 'ENOTDIR') return 'absent'
    return code === 'EACCES'
      ? 'may not be executed; chmod +x would change that'
      : `cannot be looked at: the system answers ${String(code)}`
  }
}
