import { spawn } from 'node:child_process'
import { exited, finish, onChannel, received, type Session } from './kubelet-server.ts'

/** Runs the command of a session on this machine, as a kubelet does in a container. */
export async function runLocally(session: Session): Promise<void> {
  const [program = '', ...args] = session.url.searchParams.getAll('command')
  const child = spawn(program, args)
  child.on('error', () => {
    const message = `exec: "${program}": executable file not found in $PATH`
    finish(session, JSON.stringify({ status: 'Failure', message, reason: 'InternalError', code: 500 }))
  })
  child.stdin.on('error', () => undefined) // it need not read
  child.stdout.on('data', (chunk: Buffer) => session.ws.send(onChannel(1, chunk)))
  child.stderr.on('data', (chunk: Buffer) => session.ws.send(onChannel(2, chunk)))
  child.on('close', (code) => {
    if (code !== null && code >= 0) finish(session, code === 0 ? undefined : exited(code))
  })
  session.ws.on('close', () => child.kill())
  for await (const { channel, payload } of received(session)) {
    if (channel === 0) child.stdin.write(payload)
    if (channel === 255) child.stdin.end()
  }
}
