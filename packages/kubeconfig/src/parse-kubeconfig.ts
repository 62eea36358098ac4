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
  const parsed = typeof source === 'string' ? parseText(source) : { data: source, source: { lineOf: () => undefined } }
  const document = validate(parsed.data, parsed.source)
  return createKubeconfig(document, { source: parsed.source, path: [], subject: 'the kubeconfig' })
}
