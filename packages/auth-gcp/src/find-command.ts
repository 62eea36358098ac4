import { constants } from 'node:fs'
import { access, stat } from 'node:fs/promises'
import path from 'node:path'

/** As an allow-list has it: a name, or an absolute path. */
export function nameOrPath(command: string, directory: string): string {
  return isName(command) ? command : path.resolve(directory, command)
}

export function isName(command: string): boolean {
  return path.basename(command) === command && !command.includes('/')
}

/**
 * The file that a command means: a path is relative to `directory`, a name is looked up in PATH, and never in the current folder
 * or one that is relative to it. `undefined`: there is none that runs.
 */
export async function findCommand(command: string, directory: string): Promise<string | undefined> {
  const extensions = process.platform === 'win32' ? ['', '.exe'] : ['']
  const folders = (process.env['PATH'] ?? '').split(path.delimiter).filter((folder) => path.isAbsolute(folder))
  const bases = isName(command) ? folders.map((folder) => path.join(folder, command)) : [nameOrPath(command, directory)]
  for (const candidate of bases.flatMap((base) => extensions.map((extension) => base + extension))) {
    if (await isProgram(candidate)) return candidate
  }
  return undefined
}

async function isProgram(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK)
    return (await stat(file)).isFile()
  } catch {
    return false
  }
}
