import path from 'node:path'
import { ConfigError } from '@kubeclient/core/spec'
import { quote, quoteAll } from './place.ts'

/** Which files to read. */
export interface FileList {
  /** May be empty. */
  readonly paths: readonly string[]
  /** Every one must be there; otherwise one is enough. */
  readonly required: boolean
  /** In words, for the error when there is none. */
  readonly tried: string
}

/** `path`, else $KUBECONFIG, else ~/.kube/config, as kubectl looks for them. @throws {@link ConfigError} for a `path` that names none */
export function findFiles(
  given: string | readonly string[] | undefined,
  env: Readonly<Record<string, string | undefined>>,
): FileList {
  if (typeof given === 'string') return oneFile(given)
  if (given !== undefined) return givenFiles(checkList(given))
  const { KUBECONFIG: list } = env
  if (list !== undefined && list !== '') return fileList(list.split(path.delimiter), '$KUBECONFIG')
  const home = env['HOME'] || env['USERPROFILE']
  if (home) return fileList([path.join(home, '.kube', 'config')], 'the default, as $KUBECONFIG is not set')
  return { paths: [], required: false, tried: 'neither $KUBECONFIG nor $HOME is set' }
}

/** What to say when no file of the list is there. */
export function noKubeconfig({ tried }: FileList): ConfigError {
  return new ConfigError(`found no kubeconfig: ${tried}; create one, or pass \`path\``)
}

function oneFile(given: string): FileList {
  if (given !== '') return { paths: [given], required: true, tried: `tried ${quote(given)}` }
  throw new ConfigError('the path of the kubeconfig is empty; leave `path` out to use $KUBECONFIG or ~/.kube/config')
}

/** Programs without types pass a URL, or the options of another function. */
function checkList(given: unknown): readonly string[] {
  if (Array.isArray(given) && given.every((element) => typeof element === 'string')) return given
  throw new ConfigError(
    'the path of the kubeconfig must be a string or a list of strings; of a URL, fileURLToPath(url)',
  )
}

function givenFiles(given: readonly string[]): FileList {
  const list = fileList(given, '`path`')
  if (list.paths.length > 0) return list
  throw noKubeconfig(list)
}

/** A list as kubectl has it: empty elements do not count, and a file that is there twice counts once. */
function fileList(elements: readonly string[], origin: string): FileList {
  const paths = [...new Set(elements.filter((element) => element !== '').map((element) => path.resolve(element)))]
  const tried =
    paths.length > 0
      ? `tried ${quoteAll(paths)} (${origin})`
      : `${origin} is ${quote(elements.join(path.delimiter))}, which names no file`
  return { paths, required: false, tried }
}
