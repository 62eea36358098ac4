import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** The path of a Unix socket has 104 bytes on macOS, 108 on Linux, its final zero included. */
const longestSocketPath = 103
const prefix = 'kubeclient-'

/** A new folder that only its owner may enter, with a path short enough for a Unix socket in it. */
export async function createPrivateFolder(parent: string = tmpdir()): Promise<string> {
  const socketPath = join(parent, `${prefix}XXXXXX`, 'etcd.sock')
  const fits = Buffer.byteLength(socketPath) <= longestSocketPath
  // mkdtemp makes folders of mode 0700.
  return await mkdtemp(join(fits ? parent : '/tmp', prefix))
}
