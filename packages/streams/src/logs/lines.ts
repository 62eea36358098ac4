import { ProtocolError } from '@kubeclient/core/spec'

/** Characters. Container runtimes cut lines at 16 KiB and put them together again: this is a guard, not a limit. */
const maxLine = 64 * 1024 * 1024

/** Lines of UTF-8, without `\n` or `\r\n`; blank ones are kept, and so is a last one without an end. */
export async function* lines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  let rest = ''
  for await (const chunk of chunks) {
    // Only what is new is looked through: a long line comes in many chunks.
    const [first = '', ...more] = decoder.decode(chunk, { stream: true }).split('\n')
    rest += first
    if (rest.length > maxLine) throw new ProtocolError('a line of the log is longer than 64 Mi characters')
    for (const next of more) {
      yield withoutReturn(rest)
      rest = next
    }
  }
  rest += decoder.decode()
  if (rest !== '') yield rest
}

function withoutReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line
}
