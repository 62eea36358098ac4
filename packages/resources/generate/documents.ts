import { readFile, writeFile } from 'node:fs/promises'
import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib'
import type { Schema } from '@kubeclient/type-generator'

/** What the API server says of one group version, as far as it is used. */
export interface OpenApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  readonly components?: { readonly schemas?: Readonly<Record<string, Schema & GroupVersionKinds>> }
}

export interface GroupVersionKinds {
  readonly 'x-kubernetes-group-version-kind'?: readonly GroupVersionKind[]
}

export interface GroupVersionKind {
  readonly group: string
  readonly version: string
  readonly kind: string
}

/** Of one Kubernetes version: documents by `api/v1`, `apis/apps/v1` … */
export interface Documents {
  readonly kubernetes: string
  readonly documents: Readonly<Record<string, OpenApiDocument>>
}

const file = new URL('openapi.json.br', import.meta.url)

export async function readDocuments(): Promise<Documents> {
  // Written by writeDocuments.
  return JSON.parse(brotliDecompressSync(await readFile(file)).toString()) as Documents
}

export async function writeDocuments(documents: Documents): Promise<void> {
  const { BROTLI_PARAM_LGWIN, BROTLI_PARAM_QUALITY, BROTLI_MAX_QUALITY, BROTLI_MAX_WINDOW_BITS } = constants
  const params = { [BROTLI_PARAM_LGWIN]: BROTLI_MAX_WINDOW_BITS, [BROTLI_PARAM_QUALITY]: BROTLI_MAX_QUALITY }
  await writeFile(file, brotliCompressSync(JSON.stringify(documents), { params }))
}
