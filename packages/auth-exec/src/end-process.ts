import { type ChildProcess, spawn } from 'node:child_process'

/** Between the request to end and the end, in milliseconds. */
const graceMs = 2000

export interface EndOptions {
  readonly platform: NodeJS.Platform
  /** The process leads a group of its own, which ends with it. */
  readonly isGroup: boolean
}

/** Ends a process and all that it has started; `done` is called once it has, or cannot be made to. */
export function endProcess(child: ChildProcess, options: EndOptions, done: () => void): void {
  if (child.exitCode !== null || child.signalCode !== null) {
    send(child, 'SIGKILL', options)
    done()
    return
  }
  const late = setTimeout(() => {
    child.removeListener('exit', onExit)
    send(child, 'SIGKILL', options)
    done()
  }, graceMs)
  const onExit = (): void => {
    clearTimeout(late)
    if (options.isGroup) send(child, 'SIGKILL', options) // the rest of the group has been asked, too
    done()
  }
  child.once('exit', onExit)
  send(child, 'SIGTERM', options)
}

function send(child: ChildProcess, signal: NodeJS.Signals, { platform, isGroup }: EndOptions): void {
  if (child.pid === undefined) return
  if (platform === 'win32') endTree(child.pid)
  else if (!isGroup) child.kill(signal)
  else {
    try {
      process.kill(-child.pid, signal)
    } catch {
      // Nobody of the group is left, or none that may be signalled: it has done more than a signal could.
    }
  }
}

/** Windows has no groups. By its full path, so that nothing else of that name runs. */
function endTree(pid: number): void {
  const system = process.env['SystemRoot'] ?? String.raw`C:\Windows`
  const taskkill = String.raw`${system}\System32\taskkill.exe`
  spawn(taskkill, ['/T', '/F', '/PID', String(pid)], { stdio: 'ignore', windowsHide: true }).on('error', () => {
    // Without it the process runs on; the caller has stopped listening to it.
  })
}
