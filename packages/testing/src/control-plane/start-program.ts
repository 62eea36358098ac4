import { spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** A running child process that does not outlive this one. */
export interface Program {
  readonly name: string
  /** Resolves, with words for a message, when the program has ended. */
  readonly ended: Promise<string>
  /** The beginning and the end of what it has printed: why it ended is in either. */
  excerpt(): Promise<readonly string[]>
  /** SIGTERM, after `graceMs` SIGKILL; resolves when the program is gone. */
  stop(graceMs?: number): Promise<void>
}

export interface StartProgramOptions {
  readonly name: string
  readonly path: string
  readonly args: readonly string[]
  /** Holds the log; removed if this process dies without having stopped the program. */
  readonly folder: string
}

/**
 * Runs a program (`$2 …`) and a guard beside it, which passes on the names of signals that come through a pipe. The other
 * end of the pipe is in the parent alone, so it closes however the parent dies, SIGKILL included; then the guard ends
 * the program and removes the folder (`$1`). Twice: the other program of the folder may end a moment later.
 */
const guardScript = `
folder=$1
shift
exec 3<&0 </dev/null
"$@" 3<&- &
program=$!
{
  while read -r signal; do kill -s "$signal" "$program"; done
  kill -s KILL $$ "$program"
  rm -rf -- "$folder"
  sleep 1
  rm -rf -- "$folder"
} <&3 3<&- >/dev/null 2>&1 &
guard=$!
exec 3<&-
wait "$program"
status=$?
kill -s KILL "$guard"
exit "$status"
`

/** Starts a program that logs to `NAME.log` in its folder and inherits nothing from the environment: no proxies, no ETCD_* settings. */
export function startProgram({ name, path, args, folder }: StartProgramOptions): Program {
  const logFile = join(folder, `${name}.log`)
  const log = openSync(logFile, 'w', 0o600)
  const child = spawn('/bin/sh', ['-c', guardScript, 'sh', folder, path, ...args], {
    cwd: folder,
    env: { PATH: '/usr/local/bin:/usr/bin:/bin', HOME: folder, TMPDIR: folder },
    // A group of its own: Ctrl-C in a terminal reaches this process first, and then the pipe closes.
    detached: true,
    stdio: ['pipe', log, log],
  })
  closeSync(log)
  // A signal for a program that has just ended finds the pipe closed; `ended` tells.
  child.stdin?.on('error', () => {})

  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => {
      resolve(`could not be started: ${error.message}`)
    })
    child.once('exit', (status, signal) => {
      child.stdin?.destroy()
      resolve(describeEnd(status, signal))
    })
  })

  return {
    name,
    ended,
    async excerpt() {
      // Gone with its folder when somebody has killed the guard: then nothing is left to show.
      const text = await readFile(logFile, 'utf8').catch(() => '')
      return endsOf(text.trimEnd().split('\n'))
    },
    async stop(graceMs = 2000) {
      child.stdin?.write('TERM\n')
      const timer = setTimeout(() => child.stdin?.write('KILL\n'), graceMs)
      await ended
      clearTimeout(timer)
    },
  }
}

/** A flag that is refused is named in front of all that there are; other reasons come last. */
const [firstLines, lastLines] = [3, 12]

function endsOf(lines: readonly string[]): readonly string[] {
  if (lines.length <= firstLines + lastLines) return lines
  return [...lines.slice(0, firstLines), '…', ...lines.slice(-lastLines)]
}

/** A shell reports a program that a signal ended as 128 and the signal's number. */
function describeEnd(status: number | null, signal: string | null): string {
  if (status === null) return `ended by ${signal ?? 'a signal'}`
  return status > 128 ? `ended by signal ${status - 128}` : `ended with status ${status}`
}
