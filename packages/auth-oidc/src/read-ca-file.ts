import { ConfigError } from '@kubeclient/core/spec'
import { checkCa } from './check-ca.ts'
import { quote } from './quote.ts'

/** Bytes; all public authorities together have a quarter of it. */
const maxBytes = 1 << 20

/** Read for each renewal, as such files are replaced. @throws {@link ConfigError} */
export async function readCaFile(path: string): Promise<string> {
  const name = `the file ${quote(path)} of "idp-certificate-authority"`
  const { open, stat } = await import('node:fs/promises') // only by who names a file
  try {
    // First, as to open a pipe is to wait for who writes into it.
    const { size } = await stat(path).then((stats) => (stats.isFile() ? stats : { size: Number.NaN }))
    if (!(size <= maxBytes)) throw new ConfigError(`${name} is no ordinary file, or larger than 1 MiB`)
    const file = await open(path)
    try {
      const { buffer, bytesRead } = await file.read({ buffer: new Uint8Array(size) })
      return checkCa(new TextDecoder().decode(buffer.subarray(0, bytesRead)), name)
    } finally {
      await file.close()
    }
  } catch (error) {
    if (error instanceof ConfigError) throw error
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error'
    throw new ConfigError(`${name} cannot be read: ${code}`)
  }
}
