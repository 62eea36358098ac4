import { ConfigError } from '@kubeclient/core/spec'
import { createKubeconfig } from './create-kubeconfig.ts'
import type { Kubeconfig } from './kubeconfig.ts'
import { parseText } from './parse-text.ts'
import { validate } from './validate.ts'

/**
 * A kubeconfig from YAML or JSON text, or from what it parses to. Reads no file and runs nothing, ever: an entry that names
 * a file is a {@link ConfigError} when it is chosen, and plugins are told that there is no folder.
 *
 * @throws {@link ConfigError}
 */
export function parseKubeconfig(source: string | object): Kubeconfig {
  refuseOtherThings(source)
  const parsed = typeof source === 'string' ? parseText(source) : { data: source, source: { lineOf: () => undefined } }
  const document = validate(parsed.data, parsed.source)
  return createKubeconfig(document, { source: parsed.source, path: [], subject: 'the kubeconfig' })
}

/** Else it would be a kubeconfig without contexts, and the error another. */
function refuseOtherThings(source: unknown): void {
  if (typeof source === 'string' && isPath(source))
    throw new ConfigError('the kubeconfig must be text, not a path; of a file, use readKubeconfig(path)')
  const what = ArrayBuffer.isView(source) || source instanceof ArrayBuffer ? 'bytes' : promiseOrNothing(source)
  if (what === undefined) return
  throw new ConfigError(`the kubeconfig must be text or an object, not ${what}; pass \`await readFile(path, 'utf8')\``)
}

function promiseOrNothing(source: unknown): string | undefined {
  if (source instanceof Promise) return 'a promise'
  return source === undefined || source === null ? String(source) : undefined
}

/** One word with a slash, which no kubeconfig is. */
function isPath(text: string): boolean {
  return /[/\\]/.test(text) && !/[\s{[]/.test(text)
}
