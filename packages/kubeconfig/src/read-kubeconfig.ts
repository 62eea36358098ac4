import path from 'node:path'
import { ConfigError, isKubeError } from '@kubeclient/core/spec'
import { createKubeconfig } from './create-kubeconfig.ts'
import type { KubeconfigDocument } from './document.ts'
import { type FileList, findFiles, noKubeconfig } from './find-files.ts'
import type { Kubeconfig } from './kubeconfig.ts'
import { mergeDocuments } from './merge.ts'
import { nodeHost } from './node-host.ts'
import { parseText } from './parse-text.ts'
import { type Source, quoteAll } from './place.ts'
import { readKubeconfigFile } from './read-files.ts'
import { validate } from './validate.ts'

/**
 * The merged file or files: those given, else those of $KUBECONFIG, else ~/.kube/config. Paths inside are relative to the
 * file that holds them.
 *
 * @throws {@link ConfigError}
 */
export async function readKubeconfig(paths?: string | readonly string[]): Promise<Kubeconfig> {
  const files = findFiles(paths, process.env)
  const kubeconfig = await readFiles(files)
  if (kubeconfig !== undefined) return kubeconfig
  throw noKubeconfig(files)
}

/**
 * `undefined`: there is none. One broken file fails all, as with kubectl: what it would have said is unknown.
 *
 * @throws {@link ConfigError}
 */
export async function readFiles({ paths, required }: FileList): Promise<Kubeconfig | undefined> {
  const results = await Promise.allSettled(paths.map((file) => readDocument(path.resolve(file), required)))
  refuseBroken(results.filter((result) => result.status === 'rejected').map(({ reason }): unknown => reason))
  const found = results.flatMap((result) =>
    result.status === 'fulfilled' && result.value !== undefined ? [result.value] : [],
  )
  const [first] = found
  if (first === undefined) return undefined
  const source: Source = found.length === 1 ? first.source : { lineOf: () => undefined }
  const subject = found.length === 1 ? 'the kubeconfig' : `the kubeconfig of ${quoteAll(found.map(({ file }) => file))}`
  return createKubeconfig(
    mergeDocuments(found.map(({ document }) => document)),
    { source, path: [], subject },
    nodeHost(),
  )
}

interface ReadDocument {
  readonly file: string
  readonly source: Source
  readonly document: KubeconfigDocument
}

async function readDocument(file: string, required: boolean): Promise<ReadDocument | undefined> {
  const text = await readKubeconfigFile(file, required)
  if (text === undefined) return undefined
  const { data, source } = parseText(text, { file, directory: path.dirname(file) })
  return { file, source, document: validate(data, source) }
}

function refuseBroken(errors: readonly unknown[]): void {
  const [first] = errors
  if (first === undefined) return
  if (errors.length === 1 || !isKubeError(first, 'KUBE_CONFIG')) throw first
  const messages = errors.map((error) => (error instanceof Error ? error.message : 'unknown error'))
  throw new ConfigError(messages.join('\n'), { file: first.file, line: first.line })
}
