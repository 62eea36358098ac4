import { ConfigError, type ExecConfig } from '@kubeclient/core/spec'
import { clusterNameFault, regionFault, roleFault } from './names.ts'

/** What an entry says about the token that its command would print. What is absent comes from the environment. */
export interface EksEntry {
  readonly program: 'aws' | 'aws-iam-authenticator'
  readonly clusterName?: string | undefined
  readonly region?: string | undefined
  readonly profile?: string | undefined
  readonly role?: string | undefined
  readonly sessionName?: string | undefined
  readonly externalId?: string | undefined
}

type Field = Exclude<keyof EksEntry, 'program'> | 'clusterId' | 'output'

interface Program {
  readonly name: EksEntry['program']
  /** The words that are no options. */
  readonly words: string
  readonly options: Readonly<Record<string, Field>>
}

const aws: Program = {
  name: 'aws',
  words: 'eks get-token',
  options: {
    '--region': 'region',
    '--profile': 'profile',
    '--cluster-name': 'clusterName',
    '--cluster-id': 'clusterId',
    '--role-arn': 'role',
    // What `aws eks update-kubeconfig` writes: the CLI takes beginnings of options.
    '--role': 'role',
    '--output': 'output',
  },
}

const authenticator: Program = {
  name: 'aws-iam-authenticator',
  words: 'token',
  options: {
    '-i': 'clusterName',
    '--cluster-id': 'clusterName',
    '-r': 'role',
    '--role': 'role',
    '-e': 'externalId',
    '--external-id': 'externalId',
    '-s': 'sessionName',
    '--session-name': 'sessionName',
    '--region': 'region',
  },
}

/** By the last part of a command. The authenticator once belonged to a company. */
const programs: ReadonlyMap<string, Program> = new Map([
  ['aws', aws],
  ['aws-iam-authenticator', authenticator],
  ['heptio-authenticator-aws', authenticator],
])

/** Variables of AWS that an entry may set, since what they do is done here too, or does nothing to a token. */
const knownVariables: ReadonlySet<string> = new Set([
  'AWS_ACCESS_KEY_ID',
  'AWS_CREDENTIAL_EXPIRATION',
  'AWS_DEFAULT_PROFILE',
  'AWS_DEFAULT_REGION',
  'AWS_PROFILE',
  'AWS_REGION',
  'AWS_SDK_LOAD_CONFIG',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_STS_REGIONAL_ENDPOINTS',
  'AWS_USE_DUALSTACK_ENDPOINT',
  'AWS_USE_FIPS_ENDPOINT',
])

/**
 * What an entry asks for, if its command prints a token of EKS and nothing in it is unknown here: an option that is left
 * out of account could mean another identity or another server. `undefined`: it is for a plugin that runs commands.
 *
 * @throws {@link ConfigError} for one that is understood and cannot be
 */
export function parseEntry(exec: ExecConfig): EksEntry | undefined {
  const program = programs.get(baseName(exec?.command))
  if (program === undefined) return undefined
  if (!hasFields(exec)) throw new ConfigError('"args" or "env" is of another type than it should be')
  const { args = [], env = [] } = exec
  if (env.some(({ name }) => isForeign(name))) return undefined
  const fields = parseArguments(program, args)
  if (fields === undefined) return undefined
  const { clusterId, output = 'json', ...rest } = fields
  if (output !== 'json') return undefined
  checkCluster(program, rest.clusterName, clusterId)
  const entry = { program: program.name, ...rest, clusterName: rest.clusterName ?? clusterId }
  checkValues(entry)
  return entry
}

/** Not every caller has read the entry from a kubeconfig. */
function hasFields({ args = [], env = [] }: Partial<Record<keyof ExecConfig, unknown>>): boolean {
  if (!Array.isArray(args) || !args.every(isText) || !Array.isArray(env)) return false
  return env.every((entry: unknown) => isText(Object(entry).name) && isText(Object(entry).value))
}

function isText(value: unknown): value is string {
  return typeof value === 'string'
}

function baseName(command: unknown): string {
  if (!isText(command)) return ''
  return (command.split(/[/\\]/).at(-1) ?? '').replace(/\.exe$/i, '')
}

/** The home folder decides where profiles are read. On Windows, `aws_profile` is `AWS_PROFILE` to the command. */
function isForeign(variable: string): boolean {
  return /^(?:AWS_.*|HOME|HOMEDRIVE|HOMEPATH|USERPROFILE)$/is.test(variable) && !knownVariables.has(variable)
}

/** Options in any order, as `--option value` or `--option=value`; the last of several counts. */
function parseArguments(
  { words, options }: Program,
  args: readonly string[],
): Partial<Record<Field, string>> | undefined {
  const fields: Partial<Record<Field, string>> = {}
  const found: string[] = []
  const rest = args.values()
  for (const arg of rest) {
    if (arg.startsWith('-')) {
      const [, name = arg, inline] = /^(-[^=]*)=(.*)$/s.exec(arg) ?? []
      const value = inline ?? rest.next().value
      const field = Object.hasOwn(options, name) ? options[name] : undefined
      if (field === undefined || value === undefined || value === '' || value.startsWith('-')) return undefined
      fields[field] = value
    } else found.push(arg)
  }
  return found.join(' ') === words ? fields : undefined
}

function checkCluster({ name }: Program, clusterName: string | undefined, clusterId: string | undefined): void {
  if (name !== 'aws') return
  if (clusterName === undefined && clusterId === undefined) throw new ConfigError('"args" has no --cluster-name')
  if (clusterName !== undefined && clusterId !== undefined)
    throw new ConfigError('"args" has both --cluster-name and --cluster-id, and they exclude each other')
}

function checkValues({ clusterName, region, role }: EksEntry): void {
  const fault =
    (clusterName === undefined ? undefined : clusterNameFault(clusterName)) ??
    (region === undefined ? undefined : regionFault(region)) ??
    (role === undefined ? undefined : roleFault(role))
  if (fault !== undefined) throw new ConfigError(`"args": ${fault}`)
}
