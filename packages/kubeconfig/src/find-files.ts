import path from 'node:path'
import { ConfigError } from '@kubeclient/core/spec'
import { quote } from './place.ts'

/** Which files to read. */
export interface FileList {
  readonly paths: readonly string[]
  /** Every one must be there; otherwise one is enough. */
  readonly required: boolean
  /** Why these, for the error when there is none. */
  readonly origin: string
}

/** `path`, else $KUBECONFIG, else ~/.kube/config, as kubectl looks for them. @throws {@link ConfigError} */
export function findFiles(
  given: string | readonly string[] | undefined,
  env: Readonly<Record<string, string | undefined>>,
): FileList {
  if (typeof given === 'string') {
    if (given === '')
      throw new ConfigError(
        'the path of the kubeconfig is empty; leave `path` out to use $KUBECONFIG or ~/.kube/config',
      )
    return { paths: [given], required: true, origin: '`path`' }
  }
  if (given !== undefined) return fileList(given, '`path`')
  const { KUBECONFIG: list } = env
  if (list !== undefined && list !== '') return fileList(list.split(path.delimiter), '$KUBECONFIG')
  const home = env['HOME'] || env['USERPROFILE']
  if (home) return fileList([path.join(home, '.kube', 'config')], 'the default, as $KUBECONFIG is not set')
  throw new ConfigError(
    'there is no kubeconfig to look for: neither $KUBECONFIG nor $HOME is set; set one, or pass `path`',
  )
}

/** A list as kubectl has it: empty elements do not count, and a file that is there twice counts once. */
function fileList(elements: readonly string[], origin: string): FileList {
  const paths = [...new Set(elements.filter((element) => element !== '').map((element) => path.resolve(element)))]
  if (paths.length > 0) return { paths, required: false, origin }
  throw new ConfigError(`no kubeconfig: ${origin} is ${quote(elements.join(path.delimiter))}, which names no file`)
}
