import type { Entry } from './document.ts'
import type { Host } from './host.ts'
import { fault, quote } from './place.ts'

/** @throws {@link ConfigError} that names field and file; for every file when the kubeconfig came from text */
export async function readReferenced(
  entry: Entry<unknown>,
  field: string,
  path: string,
  host: Host | undefined,
): Promise<Uint8Array> {
  const file = locate(entry, field, path, host)
  try {
    return await file.host.readFile(file.path)
  } catch (error) {
    const why = error instanceof Error ? error.message : 'unknown error'
    throw fault(entry.place, `cannot read its ${quote(field)}, the file ${quote(file.path)}: ${why}`, field)
  }
}

/** Where a file field leads, and the right to go there. @throws {@link ConfigError} when the kubeconfig came from text */
export function locate(
  entry: Entry<unknown>,
  field: string,
  path: string,
  host: Host | undefined,
): { readonly host: Host; readonly path: string } {
  const { directory } = entry.place.source
  if (host !== undefined && directory !== undefined) return { host, path: host.resolve(directory, path) }
  const inline = field === 'tokenFile' ? '"token"' : quote(`${field}-data`)
  const reason = 'this kubeconfig was given as text, for which no file is read'
  throw fault(entry.place, `${quote(field)} names a file, and ${reason}; use ${inline}, or readKubeconfig(path)`, field)
}
