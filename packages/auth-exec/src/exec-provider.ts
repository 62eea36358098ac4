import {
  type AuthInfoContext,
  type CredentialContext,
  type CredentialProvider,
  CredentialError,
  type Credentials,
  type ExecConfig,
} from '@kubeclient/core/spec'
import { type AllowList, isAllowed } from './allow-list.ts'
import { childEnv } from './child-env.ts'
import { maskLastWords } from './collect-stderr.ts'
import { parseExecCredential } from './exec-credential.ts'
import { execInfo } from './exec-info.ts'
import { type Found, findCommand, nameOrPath } from './find-command.ts'
import type { Host } from './host.ts'
import { maskSecrets, secretValues } from './mask-secrets.ts'
import { printable } from './printable.ts'
import { quote } from './quote.ts'
import { type CommandResult, runCommand } from './run-command.ts'

export interface ExecProviderOptions {
  readonly allow: AllowList
  readonly timeoutMs: number
  readonly onStderr: (text: string) => void
  readonly host: Host
}

/** An entry that came from a file. */
export type FileContext = AuthInfoContext & { readonly directory: string }

type Fail = (text: string) => CredentialError

/** Runs the command each time it is asked: when to ask is the client's business. */
export function execProvider(exec: ExecConfig, context: FileContext, options: ExecProviderOptions): CredentialProvider {
  return {
    name: 'exec',
    async getCredentials({ signal, previous }) {
      signal.throwIfAborted()
      const who = `user ${quote(context.userName)}: the command`
      const fail: Fail = (text) => new CredentialError(`${who} ${quote(exec.command)} ${text}`, { provider: 'exec' })
      const path = await permittedPath(exec, context, options, fail)
      const interactive = isInteractive(exec, options.host, fail)
      const info = await execInfo(exec, context.cluster, interactive)
      const env = childEnv(options.host, exec.env ?? [], info)
      signal.throwIfAborted()
      const result = await run(exec, path, env, { ...options, interactive, signal, fail })
      return credentialsOf(exec, result, fail, [...secretValues(exec, env), previous?.token])
    },
  }
}

async function permittedPath(
  exec: ExecConfig,
  { directory }: FileContext,
  { allow, host }: ExecProviderOptions,
  fail: Fail,
): Promise<string> {
  const found = await findCommand(exec.command, directory, host)
  const meant = nameOrPath(exec.command, directory, host)
  if (!(await isAllowed(meant, found.path, allow, host)))
    throw fail(`is not allowed to run; if you trust it, pass execAuth({ allow: [${quote(meant)}] })`)
  if (found.path !== undefined) return found.path
  throw fail(`${found.reason}${installHint(exec, found)}`)
}

function installHint({ installHint: hint }: ExecConfig, { isMissing }: Found): string {
  return hint === undefined || isMissing !== true ? '' : `\n\n${printable(hint, 4096)}`
}

function isInteractive({ interactiveMode }: ExecConfig, host: Host, fail: Fail): boolean {
  if (interactiveMode === 'Never') return false
  const isTerminal = host.isTerminal()
  if (interactiveMode === 'Always' && !isTerminal)
    throw fail('must be able to ask questions (interactiveMode "Always"), and standard input is not a terminal')
  return isTerminal
}

interface RunContext extends Pick<CredentialContext, 'signal'>, ExecProviderOptions {
  readonly interactive: boolean
  readonly fail: Fail
}

async function run(
  { args = [], provideClusterInfo }: ExecConfig,
  path: string,
  env: NodeJS.ProcessEnv,
  { fail, ...options }: RunContext,
): Promise<CommandResult> {
  const result = await runCommand(path, args, { ...options, env, platform: options.host.platform })
  if (result.notStarted === undefined) return result
  if (result.notStarted === 'E2BIG' && provideClusterInfo === true)
    throw fail('cannot be started: the certificate authority of the cluster is too large for "provideClusterInfo"')
  // Not as the cause: Node's error holds the whole command line.
  throw fail(`cannot be started: the system answers ${result.notStarted}`)
}

function credentialsOf(
  exec: ExecConfig,
  result: CommandResult,
  fail: Fail,
  secrets: readonly (string | undefined)[],
): Credentials {
  const failed: Fail = (text) => {
    const all = [...secrets, ...printedTokens(result.stdout)]
    const words = maskLastWords(result.stderr, (said) => maskSecrets(said, all)).trim()
    return fail(words === '' ? text : `${text}; its stderr: ${quote(lastPart(words), 2048)}`)
  }
  if (result.ended !== undefined) throw failed(result.ended)
  if (result.code !== 0) {
    const how =
      result.code === null ? `was ended by ${result.signal ?? 'a signal'}` : `failed with exit code ${result.code}`
    throw failed(how)
  }
  return parseExecCredential(result.stdout, exec.apiVersion, failed)
}

/** The end of it, where the reason is. */
function lastPart(words: string): string {
  return words.length > 2000 ? `…${words.slice(-2000)}` : words
}

function printedTokens(stdout: Uint8Array): readonly (string | undefined)[] {
  const text = new TextDecoder().decode(stdout)
  return [...text.matchAll(/\btoken["']?\s*:\s*["']?([^\s"',}]{4,})/g)].map(([, token]) => token)
}
